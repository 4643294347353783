#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a numeric column"}};

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  const Handle wide = widen(e, *in[0]);
  const Handle away = deviations(e, wide);
  const Handle squares = sum_of_squares(e, away);  // first: C++ leaves the order of arguments open
  const Handle variance = ratio(e, squares, size_of_domain(e, e.type(wide)));
  return narrow(e, ratio(e, away, e.scalar(ScalarOp::Sqrt, {variance})), *in[0]);
}

}  // namespace

extern const OpDef standardize{
    .name = "core.standardize",
    .doc = "(x - mean) / population standard deviation, a column; 0 everywhere when that is 0",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer_real_column,
    .expand = expand};

}  // namespace monograph::ops
