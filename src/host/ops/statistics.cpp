#include "host/ops/statistics.h"

namespace monograph::ops {

std::vector<Type> infer_real_scalar(const InferContext& c) {
  expect_elements(c, 0, Allowed::Num);
  return {scalar_of(real_of(c.operand(0).scalar))};
}

std::vector<Type> infer_real_column(const InferContext& c) {
  expect_elements(c, 0, Allowed::Num);
  return {with_scalar(c.operand(0), real_of(c.operand(0).scalar))};
}

Handle number(Expansion& e, double value) { return e.constant(Constant::of(value)); }

Handle size_of_domain(Expansion& e, const Type& t) {
  switch (t.domain) {
    case Domain::Scalar:
      return number(e, 1);
    case Domain::Nodes:
      return widen(e, e.op(OpId::NodeCount, {}));
    case Domain::Edges:
      return widen(e, e.op(OpId::EdgeCount, {}));
    case Domain::Fixed:
      return number(e, static_cast<double>(t.length));
  }
  throw InternalError("unknown domain");
}

Handle reduced(Expansion& e, Handle x, MonoidKind kind) {
  return e.op(OpId::Reduce, {x}, {EnumValue{static_cast<std::uint8_t>(kind)}});
}

Handle ratio(Expansion& e, Handle a, Handle b) { return e.scalar(ScalarOp::SafeDiv, {a, b, number(e, 0)}); }

Handle mean_of(Expansion& e, Handle wide) {
  const Handle sum = reduced(e, wide, MonoidKind::Sum);  // first: C++ leaves the order of arguments open
  return ratio(e, sum, size_of_domain(e, e.type(wide)));
}

Handle deviations(Expansion& e, Handle wide) { return e.scalar(ScalarOp::Sub, {wide, mean_of(e, wide)}); }

Handle sum_of_squares(Expansion& e, Handle wide) {
  return reduced(e, e.scalar(ScalarOp::Mul, {wide, wide}), MonoidKind::Sum);
}

Handle sample_variance(Expansion& e, Handle wide) {
  const Handle squares = sum_of_squares(e, deviations(e, wide));
  const Handle others = e.scalar(ScalarOp::Sub, {size_of_domain(e, e.type(wide)), number(e, 1)});
  return ratio(e, squares, e.scalar(ScalarOp::Max, {others, number(e, 0)}));  // n = 0 must not divide by -1
}

}  // namespace monograph::ops
