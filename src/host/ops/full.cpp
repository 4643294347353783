#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr AttrSpec kAttrs[] = {
    {.name = "value", .kind = AttrKind::Constant, .doc = "every element, with its type"},
    {.name = "domain",
     .kind = AttrKind::Type,
     .doc = "over what: f64[V], f64[E], f64[k]; its element type does not count"}};

std::vector<Type> infer(const InferContext& c) {
  return {with_scalar(domain_attr(c, 1), std::get<Constant>(c.attrs[0]).type)};
}

Expansion::Handle expand(Expansion& e, std::span<const std::optional<Expansion::Handle>>,
                         std::span<const Attr> attrs) {
  return e.op(OpId::Broadcast, {e.constant(std::get<Constant>(attrs[0]))}, {attrs[1]});
}

}  // namespace

extern const OpDef full{.name = "core.full",
                        .doc = "a column of one constant",
                        .access = Access::Source,
                        .attrs = kAttrs,
                        .infer = infer,
                        .expand = expand};

}  // namespace monograph::ops
