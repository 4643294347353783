#include "host/ops/quantile.h"

#include <limits>

#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr OperandSpec kOperands[] = {kSortedOperand, {"q", "f64: 0 is the least, 1 the greatest"}};

std::vector<Type> infer(const InferContext& c) {
  expect_scalar(c, 1, ScalarType::F64);
  return infer_quantile(c);
}

Handle expand(Expansion& e, Handles in, std::span<const Attr>) { return quantile_of(e, *in[0], *in[1]); }

/// The one element whose rank is `place`.
Handle at_place(Expansion& e, Handle wide, Handle rank, Handle place) {
  const Handle here = e.scalar(ScalarOp::Eq, {rank, place}), low = number(e, -kInf);
  return reduced(e, e.scalar(ScalarOp::Where, {here, wide, low}), MonoidKind::Max);
}

/// a * (1 - f) + b * f; a where that is exact, so that infinities stay what they are.
Handle interpolated(Expansion& e, Handle a, Handle b, Handle f) {
  const Handle whole = e.scalar(ScalarOp::Eq, {f, number(e, 0)}), same = e.scalar(ScalarOp::Eq, {a, b});
  const Handle rest = e.scalar(ScalarOp::Sub, {number(e, 1), f});
  const Handle left = e.scalar(ScalarOp::Mul, {a, rest}), right = e.scalar(ScalarOp::Mul, {b, f});
  const Handle between = e.scalar(ScalarOp::Add, {left, right});
  return e.scalar(ScalarOp::Where, {e.scalar(ScalarOp::Or, {whole, same}), a, between});
}

}  // namespace

std::vector<Type> infer_quantile(const InferContext& c) {
  column_operand(c, 0);
  return infer_real_scalar(c);
}

Handle quantile_of(Expansion& e, Handle x, Handle q) {
  const Handle wide = widen(e, x), n = size_of_domain(e, e.type(x)), zero = number(e, 0), one = number(e, 1);
  const Handle last = e.scalar(ScalarOp::Sub, {n, one});
  const Handle clipped = e.scalar(ScalarOp::Clip, {q, zero, one});
  const Handle place = e.scalar(ScalarOp::Mul, {clipped, last});
  const Handle below = e.scalar(ScalarOp::Floor, {place});
  const Handle above = e.scalar(ScalarOp::Min, {e.scalar(ScalarOp::Add, {below, one}), last});
  const Handle rank = e.op(OpId::Rank, {x}, {EnumValue{0}, false});
  const Handle a = at_place(e, wide, rank, e.cast(below, ScalarType::I64));
  const Handle b = at_place(e, wide, rank, e.cast(above, ScalarType::I64));
  const Handle value = interpolated(e, a, b, e.scalar(ScalarOp::Sub, {place, below}));
  const Handle most = reduced(e, wide, MonoidKind::Max);  // a NaN wins
  const Handle known = e.scalar(ScalarOp::Where, {e.scalar(ScalarOp::IsNan, {most}), most, value});
  const Handle empty = e.scalar(ScalarOp::Eq, {n, zero});
  return narrow(e, e.scalar(ScalarOp::Where, {empty, zero, known}), x);
}

extern const OpDef quantile{.name = "core.quantile",
                            .doc =
                                "the element at place q * (n - 1) of the order (q clipped to 0..1), between "
                                "two of them a * (1 - f) + "
                                "b * f; 0 when empty, NaN when an element is",
                            .access = Access::Global,
                            .operands = kOperands,
                            .infer = infer,
                            .expand = expand};

}  // namespace monograph::ops
