#include "host/ops/edge_ends.h"

namespace monograph::ops {
namespace {

void evaluate(EvalContext& c) { evaluate_edge_end(c, EdgeEnd::Src); }

}  // namespace

extern const OpDef edge_src{.name = "graph.edge_src",
                            .doc = "the source of each edge, i32[E]",
                            .access = Access::Source,
                            .infer = infer_edge_end,
                            .evaluate = evaluate};

}  // namespace monograph::ops
