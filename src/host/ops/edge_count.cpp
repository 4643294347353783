#include "host/ops/op_def.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext&) { return {scalar_of(ScalarType::I64)}; }
void evaluate(EvalContext& c) { c.out<std::int64_t>()[0] = c.run.graph().edge_count(); }

}  // namespace

extern const OpDef edge_count{
    .name = "core.edge_count",
    .doc =
        "E, the number of stored edges, as an i64 scalar; an undirected edge counts twice, a self-loop once",
    .access = Access::Source,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
