#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  const Handle sizes = e.scalar(ScalarOp::Abs, {widen(e, *in[0])});
  return narrow(e, reduced(e, sizes, MonoidKind::Sum), *in[0]);
}

}  // namespace

extern const OpDef norm_l1{.name = "core.norm_l1",
                           .doc = "sum of |x|; f64, or f32 of f32",
                           .access = Access::Global,
                           .operands = kOperands,
                           .infer = infer_real_scalar,
                           .expand = expand};

}  // namespace monograph::ops
