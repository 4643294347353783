#include <algorithm>

#include "host/ops/region_types.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {
    {"condition", "a bool scalar"},
    {"captures", "what the branches use: their block arguments", OperandKind::Variadic}};

std::vector<Type> infer(const InferContext& c) {
  expect_scalar(c, 0, ScalarType::Bool);
  expect_regions(c);
  const auto captures = operand_types(c, 1, c.operands.size() - 1);
  expect_types(c, "arguments of the first branch", captures, c.regions[0].args);
  expect_types(c, "arguments of the second branch", captures, c.regions[1].args);
  expect_types(c, "results of the second branch like those of the first,", c.regions[0].results,
               c.regions[1].results);
  return c.regions[0].results;
}

void evaluate(EvalContext& c) {
  std::vector<Value> captures;
  for (std::size_t i = 1; i < c.operands.size(); ++i) captures.push_back(c.in(i));
  auto results = c.region(c.in<bool>(0)[0] ? 0 : 1, std::move(captures));
  std::ranges::move(results, c.results.begin());
}

}  // namespace

extern const OpDef if_else{
    .name = "control.if",
    .doc = "runs the first region where condition is true, else the second, and yields its results",
    .access = Access::Control,
    .operands = kOperands,
    .regions = 2,
    .argument_offset = 1,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
