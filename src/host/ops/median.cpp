#include "host/ops/quantile.h"
#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  return quantile_of(e, *in[0], number(e, 0.5));
}

}  // namespace

extern const OpDef median{.name = "core.median",
                          .doc = "the middle element of the order, or the mean of the two; 0 when empty",
                          .access = Access::Global,
                          .operands = kOperands,
                          .infer = infer_quantile,
                          .expand = expand};

}  // namespace monograph::ops
