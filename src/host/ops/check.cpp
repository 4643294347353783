#include <algorithm>

#include "host/ops/index_check.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"bad", "bool, over any domain: true where something is wrong"}};
constexpr AttrSpec kAttrs[] = {
    {.name = "what", .kind = AttrKind::String, .doc = "the message, e.g. \"division by zero\""}};

std::vector<Type> infer(const InferContext& c) {
  expect_elements(c, 0, Allowed::Bool);
  return {};
}

void evaluate(EvalContext& c) {
  const auto bad = c.in<bool>(0);
  const auto first = std::ranges::find(bad, true);
  if (first == bad.end()) return;
  fail_check(c, c.in(0).type.domain == Domain::Scalar ? -1 : first - bad.begin());
}

}  // namespace

extern const OpDef check{
    .name = "control.check",
    .doc = "stops the run when any element of bad is true, naming the first index; no result",
    .access = Access::Global,
    .effect = Effect::Check,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
