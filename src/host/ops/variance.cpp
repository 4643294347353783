#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  return narrow(e, sample_variance(e, widen(e, *in[0])), *in[0]);
}

}  // namespace

extern const OpDef variance{
    .name = "core.variance",
    .doc = "variance of a sample: sum of squared deviations / (n - 1); 0 when n < 2. f64, or f32 of f32",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer_real_scalar,
    .expand = expand};

}  // namespace monograph::ops
