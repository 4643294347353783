#include <limits>

#include "host/ops/sorted.h"
#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  expect_elements(c, 0, Allowed::Num);
  return {scalar_of(c.operand(0).scalar)};
}

Handle constant_of(Expansion& e, double value, ScalarType t) { return e.cast(number(e, value), t); }

/// The least of the candidates; of floats the least number, or NaN when there is none.
Handle least(Expansion& e, Handle x, Handle candidate) {
  const ScalarType t = e.type(x).scalar;
  if (is_float(t)) {
    const Handle numbers = e.scalar(ScalarOp::Not, {e.scalar(ScalarOp::IsNan, {x})});
    candidate = e.scalar(ScalarOp::And, {candidate, numbers});
  }
  const Handle none = e.constant(identity(MonoidKind::Min, t));
  const Handle value = reduced(e, e.scalar(ScalarOp::Where, {candidate, x, none}), MonoidKind::Min);
  if (!is_float(t)) return value;
  const Handle nan = constant_of(e, std::numeric_limits<double>::quiet_NaN(), t);
  const Handle some = reduced(e, candidate, MonoidKind::Any);
  return e.scalar(ScalarOp::Where, {some, value, nan});
}

Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  const Handle x = *in[0], count = e.op(OpId::Frequency, {x});
  const Handle most = reduced(e, count, MonoidKind::Max);
  const Handle value = least(e, x, e.scalar(ScalarOp::Eq, {count, most}));
  const Handle some = e.scalar(ScalarOp::Gt, {most, e.constant(Constant::of(std::int64_t{0}))});
  return e.scalar(ScalarOp::Where, {some, value, constant_of(e, 0, e.type(x).scalar)});
}

}  // namespace

extern const OpDef mode{
    .name = "core.mode",
    .doc = "the most frequent number, the lowest of several; NaN only where nothing else is; 0 when empty",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer,
    .expand = expand};

}  // namespace monograph::ops
