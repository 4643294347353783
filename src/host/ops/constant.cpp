#include "host/ops/op_def.h"

namespace monograph::ops {
namespace {

constexpr AttrSpec kAttrs[] = {
    {.name = "value", .kind = AttrKind::Constant, .doc = "the value, with its type"}};

std::vector<Type> infer(const InferContext& c) { return {scalar_of(std::get<Constant>(c.attrs[0]).type)}; }

void evaluate(EvalContext& c) { c.results[0].column.set(0, std::get<Constant>(c.attrs[0])); }

}  // namespace

extern const OpDef constant{.name = "core.constant",
                            .doc = "a scalar known when the program is written",
                            .access = Access::Source,
                            .attrs = kAttrs,
                            .infer = infer,
                            .evaluate = evaluate};

}  // namespace monograph::ops
