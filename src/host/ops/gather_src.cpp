#include "host/ops/edge_ends.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column over the nodes"}};

void evaluate(EvalContext& c) { evaluate_gather(c, EdgeEnd::Src); }

}  // namespace

extern const OpDef gather_src{.name = "graph.gather_src",
                              .doc = "x at the source of each edge: [V] -> [E]",
                              .access = Access::Gather,
                              .operands = kOperands,
                              .infer = infer_gather,
                              .evaluate = evaluate};

}  // namespace monograph::ops
