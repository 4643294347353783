#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column"}};

std::vector<Type> infer(const InferContext& c) { return {scalar_of(real_of(c.operand(0).scalar))}; }

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  return narrow(e, mean_of(e, widen(e, *in[0])), *in[0]);
}

}  // namespace

extern const OpDef mean{.name = "core.mean",
                        .doc =
                            "sum / number of elements; 0 when there is none. f64, or f32 of f32 (accumulated "
                            "in f64, rounded once)",
                        .access = Access::Global,
                        .operands = kOperands,
                        .infer = infer,
                        .expand = expand};

}  // namespace monograph::ops
