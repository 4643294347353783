#include "host/ops/edge_ends.h"

namespace monograph::ops {
namespace {

void evaluate(EvalContext& c) { evaluate_edge_end(c, EdgeEnd::Dst); }

}  // namespace

extern const OpDef edge_dst{.name = "graph.edge_dst",
                            .doc = "the target of each edge, i32[E]",
                            .access = Access::Source,
                            .infer = infer_edge_end,
                            .evaluate = evaluate};

}  // namespace monograph::ops
