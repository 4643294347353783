#include <algorithm>
#include <iterator>

#include "host/ops/region_types.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {
    {"values", "what the group reads: its block arguments", OperandKind::Variadic}};

std::vector<Type> infer(const InferContext& c) {
  expect_regions(c);
  expect_types(c, "arguments of the group", operand_types(c, 0, c.operands.size()), c.regions[0].args);
  return c.regions[0].results;
}

void evaluate(EvalContext& c) {
  std::vector<Value> args;
  for (std::size_t i = 0; i < c.operands.size(); ++i) args.push_back(c.in(i));
  std::ranges::move(c.region(0, std::move(args)), c.results.begin());
}

}  // namespace

extern const OpDef fused{.name = "control.fused",
                         .doc =
                             "the operations of its region as one kernel: one traversal, with element-wise "
                             "code before and after it and reductions of what it yields",
                         .access = Access::Control,
                         .operands = kOperands,
                         .regions = 1,
                         .argument_offset = 0,
                         .infer = infer,
                         .evaluate = evaluate};

}  // namespace monograph::ops
