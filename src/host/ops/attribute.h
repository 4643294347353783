// What the attribute operations share: loading with exact widening, and the type rules of writes.
#pragma once

#include "host/ops/signature.h"

namespace monograph::ops {

/// The attributes of attr.load_node and attr.load_edge, in this order.
enum : std::size_t { kLoadName, kLoadType, kLoadDefault };
constexpr AttrSpec kLoadAttrs[] = {name_attr("of the attribute"),
                                   {.name = "type",
                                    .kind = AttrKind::Type,
                                    .doc = "element type to load as: the stored one, or a wider one "
                                           "(bool to any, i32 to i64 or f64, f32 to f64, "
                                           "i64 to f64 rounding above 2^53)",
                                    .fallback = scalar_of(ScalarType::F64),
                                    .required = false},
                                   {.name = "default",
                                    .kind = AttrKind::Constant,
                                    .doc = "every element, where the graph has no such attribute",
                                    .required = false}};

std::vector<Type> infer_load(const InferContext& c, Domain domain);
/// InputError when the attribute is missing or would have to be narrowed.
template <Domain From>
void bind_load(const Graph& graph, std::span<const Attr> attrs, const Location& where);
/// Loads from the nodes or edges what bind_load has found to be there.
void evaluate_load(EvalContext& c, Domain domain);

}  // namespace monograph::ops
