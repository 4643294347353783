#include "host/ops/op_def.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext&) { return {scalar_of(ScalarType::I64)}; }
void evaluate(EvalContext& c) { c.out<std::int64_t>()[0] = c.run.graph().node_count(); }

}  // namespace

extern const OpDef node_count{.name = "core.node_count",
                              .doc = "V, the number of nodes, as an i64 scalar",
                              .access = Access::Source,
                              .infer = infer,
                              .evaluate = evaluate};

}  // namespace monograph::ops
