#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  const Handle sizes = e.scalar(ScalarOp::Abs, {widen(e, *in[0])});
  const Handle largest = reduced(e, sizes, MonoidKind::Max);
  return narrow(e, e.scalar(ScalarOp::Max, {largest, number(e, 0)}), *in[0]);
}

}  // namespace

extern const OpDef norm_max{.name = "core.norm_max",
                            .doc = "largest |x|, a NaN wins; 0 when there is none. f64, or f32 of f32",
                            .access = Access::Global,
                            .operands = kOperands,
                            .infer = infer_real_scalar,
                            .expand = expand};

}  // namespace monograph::ops
