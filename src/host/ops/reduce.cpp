#include "host/ops/canonical.h"
#include "host/ops/dispatch.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column; a scalar counts as one element"}};
constexpr AttrSpec kAttrs[] = {monoid_attr()};

std::vector<Type> infer(const InferContext& c) {
  const auto kind = c.enumeration<MonoidKind>(0);
  expect_monoid(c, 0, kind);
  return {scalar_of(accumulator_type(kind, c.operand(0).scalar))};
}

/// Elements of T combined as values of A: wide for float sums and products, which are rounded once at the
/// end.
template <class A, class T>
A fold(std::span<const T> x, MonoidKind kind) {
  return column_fold(
      static_cast<std::int64_t>(x.size()),
      [&](std::int64_t i) { return static_cast<A>(x[static_cast<std::size_t>(i)]); }, monoid_of<A>(kind));
}

template <class T, class R>
R reduce_column(std::span<const T> x, MonoidKind kind) {
  if (kind == MonoidKind::Sum || kind == MonoidKind::Prod) return static_cast<R>(fold<Wide<R>>(x, kind));
  return fold<R>(x, kind);
}

void evaluate(EvalContext& c) {
  const auto kind = c.enumeration<MonoidKind>(0);
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    dispatch(c.results[0].type.scalar, [&]<class R>(std::type_identity<R>) {
      const auto x = c.in<T>(0);
      c.out<R>()[0] =
          c.in(0).type.domain == Domain::Scalar ? static_cast<R>(x[0]) : reduce_column<T, R>(x, kind);
    });
  });
}

}  // namespace

extern const OpDef reduce{
    .name = "core.reduce",
    .doc =
        "all elements combined, as a scalar; the identity when there is none, a scalar itself. Sums of bool and i32 are i64; "
        "float sums and products have the column shape",
    .access = Access::Global,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
