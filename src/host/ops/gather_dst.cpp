#include "host/ops/edge_ends.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column over the nodes"}};

void evaluate(EvalContext& c) { evaluate_gather(c, EdgeEnd::Dst); }

}  // namespace

extern const OpDef gather_dst{.name = "graph.gather_dst",
                              .doc = "x at the target of each edge: [V] -> [E]",
                              .access = Access::Gather,
                              .operands = kOperands,
                              .infer = infer_gather,
                              .evaluate = evaluate};

}  // namespace monograph::ops
