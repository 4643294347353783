#include "host/ops/arg_extreme.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

void evaluate(EvalContext& c) { evaluate_arg_extreme(c, false); }

}  // namespace

extern const OpDef argmax{
    .name = "core.argmax",
    .doc = "index of the largest element, i64; ties to the lowest index, NaN skipped, -1 if there is none",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer_arg_extreme,
    .evaluate = evaluate};

}  // namespace monograph::ops
