#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  return narrow(e, e.scalar(ScalarOp::Sqrt, {sample_variance(e, widen(e, *in[0]))}), *in[0]);
}

}  // namespace

extern const OpDef std_dev{
    .name = "core.std",
    .doc = "standard deviation of a sample: square root of core.variance; 0 when n < 2",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer_real_scalar,
    .expand = expand};

}  // namespace monograph::ops
