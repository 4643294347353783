#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  return narrow(e, e.scalar(ScalarOp::Sqrt, {sum_of_squares(e, widen(e, *in[0]))}), *in[0]);
}

}  // namespace

extern const OpDef norm_l2{.name = "core.norm_l2",
                           .doc = "square root of the sum of squares; f64, or f32 of f32",
                           .access = Access::Global,
                           .operands = kOperands,
                           .infer = infer_real_scalar,
                           .expand = expand};

}  // namespace monograph::ops
