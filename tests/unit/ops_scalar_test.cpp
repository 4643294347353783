// Element-wise operations: each row's edge cases, and the laws that its traits claim.
#include <cmath>
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

constexpr std::int32_t kMin32 = std::numeric_limits<std::int32_t>::min(),
                       kMax32 = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kMin64 = std::numeric_limits<std::int64_t>::min(),
                       kMax64 = std::numeric_limits<std::int64_t>::max();

template <class T>
std::vector<T> grid() {
  if constexpr (std::is_same_v<T, bool>)
    return {false, true};
  else if constexpr (std::is_floating_point_v<T>)
    return {T(0),
            T(-0.0),
            T(1),
            T(-1),
            T(0.5),
            T(2.5),
            T(-3.75),
            T(1e30),
            T(-1e30),
            std::numeric_limits<T>::denorm_min(),
            std::numeric_limits<T>::max(),
            T(kInf),
            T(-kInf),
            T(kNan)};
  else
    return {T(0),
            T(1),
            T(-1),
            T(2),
            T(-3),
            T(7),
            T(40),
            std::numeric_limits<T>::max(),
            std::numeric_limits<T>::min()};
}

/// One application of a row.
template <class R, class T>
R apply(ScalarOp op, T a, T b = T{}, T c = T{}) {
  R out{};
  const ScalarOperand in[] = {{&a, 0}, {&b, 0}, {&c, 0}};
  evaluate_scalar(op, scalar_type_of<T>, scalar_type_of<R>,
                  std::span(in).first(static_cast<std::size_t>(info(op).arity)), &out, 1);
  return out;
}
template <class R, class T>
void expect(R expected, ScalarOp op, T a, T b = T{}, T c = T{}) {
  const R got = apply<R, T>(op, a, b, c);
  EXPECT_TRUE(same(got, expected)) << info(op).name << "(" << +a << ", " << +b << ", " << +c << ") = " << +got
                                   << ", not " << +expected;
}

TEST(ScalarOps, Arithmetic) {
  expect(3.5, ScalarOp::Add, 1.25, 2.25);
  expect(kMin32, ScalarOp::Add, kMax32, 1);
  expect(kMax64, ScalarOp::Sub, kMin64, std::int64_t{1});
  expect(-0.5, ScalarOp::Sub, 1.0, 1.5);
  expect(std::int32_t{-2}, ScalarOp::Mul, kMax32, 2);
  expect(6.0, ScalarOp::Mul, 1.5, 4.0);
  expect(kMin64, ScalarOp::Neg, kMin64);
  expect(-0.0, ScalarOp::Neg, 0.0);
  expect(kMin32, ScalarOp::Abs, kMin32);
  expect(0.0, ScalarOp::Abs, -0.0);
  expect(kInf, ScalarOp::Abs, -kInf);
  expect(kNan, ScalarOp::Abs, kNan);
  expect(3.5, ScalarOp::Div, 7, 2);  // integers are converted first
  expect(kInf, ScalarOp::Div, 1, 0);
  expect(-kInf, ScalarOp::Div, 1.0, -0.0);
  expect(kNan, ScalarOp::Div, 0.0, 0.0);
  expect(0.25F, ScalarOp::Div, 1.0F, 4.0F);
}

TEST(ScalarOps, DivisionIsFlooredAndTotal) {
  expect(-4, ScalarOp::Idiv, -7, 2);
  expect(-4, ScalarOp::Idiv, 7, -2);
  expect(3, ScalarOp::Idiv, -7, -2);
  expect(0, ScalarOp::Idiv, 7, 0);
  expect(kMin32, ScalarOp::Idiv, kMin32, -1);
  expect(kMin64, ScalarOp::Idiv, kMin64, std::int64_t{-1});
  expect(1, ScalarOp::Mod, -7, 2);
  expect(-1, ScalarOp::Mod, 7, -2);
  expect(0, ScalarOp::Mod, 7, 0);
  expect(0, ScalarOp::Mod, kMin32, -1);
  expect(0.5, ScalarOp::Mod, -1.5, 2.0);
  expect(-0.5, ScalarOp::Mod, 1.5, -2.0);
  expect(0.0, ScalarOp::Mod, -4.0, 2.0);
  expect(-0.0, ScalarOp::Mod, 4.0, -2.0);
  expect(0.0, ScalarOp::Mod, 1.5, 0.0);
  for (const std::int32_t a : grid<std::int32_t>())
    for (const std::int32_t b : grid<std::int32_t>()) {
      if (b == 0 || (a == kMin32 && b == -1)) continue;
      const std::int64_t q = apply<std::int32_t>(ScalarOp::Idiv, a, b),
                         r = apply<std::int32_t>(ScalarOp::Mod, a, b);
      EXPECT_EQ(q * b + r, a) << a << " " << b;
      EXPECT_TRUE(r == 0 || (r < 0) == (b < 0)) << a << " " << b;
    }
}

TEST(ScalarOps, MinAndMaxLetNanWinAndOrderZeros) {
  expect(-0.0, ScalarOp::Min, 0.0, -0.0);
  expect(-0.0, ScalarOp::Min, -0.0, 0.0);
  expect(0.0, ScalarOp::Max, 0.0, -0.0);
  expect(0.0, ScalarOp::Max, -0.0, 0.0);
  expect(kNan, ScalarOp::Min, kNan, -kInf);
  expect(kNan, ScalarOp::Min, 1.0, kNan);
  expect(kNan, ScalarOp::Max, kNan, kInf);
  expect(kNan, ScalarOp::Max, 1.0, kNan);
  expect(-kInf, ScalarOp::Min, kInf, -kInf);
  expect(2, ScalarOp::Max, -3, 2);
  expect(2.0F, ScalarOp::Min, 2.0F, 3.0F);
}

TEST(ScalarOps, Rounding) {
  for (const auto& [x, even] : std::vector<std::pair<double, double>>{
           {0.5, 0.0}, {1.5, 2.0}, {2.5, 2.0}, {-0.5, -0.0}, {-1.5, -2.0}, {2.4999, 2.0}, {kInf, kInf}})
    expect(even, ScalarOp::Round, x);
  expect(-2.0, ScalarOp::Floor, -1.5);
  expect(-1.0, ScalarOp::Ceil, -1.5);
  expect(-0.0, ScalarOp::Ceil, -0.5);
  expect(-1.0, ScalarOp::Trunc, -1.5);
  expect(1.0, ScalarOp::Trunc, 1.5);
  expect(2.0F, ScalarOp::Round, 2.5F);
}

TEST(ScalarOps, SignRecipSafeDivClipFma) {
  expect(-1.0, ScalarOp::Sign, -kInf);
  expect(-0.0, ScalarOp::Sign, -0.0);
  expect(kNan, ScalarOp::Sign, kNan);
  expect(-1, ScalarOp::Sign, kMin32);
  expect(10.0, ScalarOp::Recip, 0.0, 0.1);
  expect(10.0, ScalarOp::Recip, -0.0, 0.1);
  expect(-10.0, ScalarOp::Recip, -0.01, 0.1);
  expect(-0.5, ScalarOp::Recip, -2.0, 0.1);
  expect(kNan, ScalarOp::Recip, kNan, 0.1);
  expect(7.0, ScalarOp::SafeDiv, 1.0, -0.0, 7.0);
  expect(0.5, ScalarOp::SafeDiv, 1.0, 2.0, 7.0);
  expect(kNan, ScalarOp::SafeDiv, 1.0, kNan, 7.0);
  expect(2.0, ScalarOp::Clip, 1.0, 2.0, 3.0);
  expect(3.0, ScalarOp::Clip, kInf, 2.0, 3.0);
  expect(kNan, ScalarOp::Clip, kNan, 2.0, 3.0);
  expect(1, ScalarOp::Clip, 5, 2, 1);  // min comes last, so the upper bound wins
  const double x = 1 + std::ldexp(1.0, -30);
  expect(std::ldexp(1.0, -60), ScalarOp::Fma, x, x, -(1 + std::ldexp(1.0, -29)));  // one rounding
}

TEST(ScalarOps, TranscendentalsAreWithinTheirUlps) {
  const auto near = [](ScalarOp op, double expected, double a, double b = 0) {
    const double ulp = std::nextafter(std::abs(expected), kInf) - std::abs(expected);
    EXPECT_NEAR(apply<double>(op, a, b), expected, info(op).accuracy.ulp * ulp) << info(op).name;
    EXPECT_GT(info(op).accuracy.ulp, 0) << info(op).name;
  };
  near(ScalarOp::Exp, 2.718281828459045, 1);
  near(ScalarOp::Log, 0.6931471805599453, 2);
  near(ScalarOp::Log1p, 9.9999999995e-11, 1e-10);
  near(ScalarOp::Sin, 0.8414709848078965, 1);
  near(ScalarOp::Cos, 0.5403023058681398, 1);
  near(ScalarOp::Tanh, 0.7615941559557649, 1);
  near(ScalarOp::Pow, 1.4142135623730951, 2, 0.5);
  expect(-kInf, ScalarOp::Log, 0.0);
  expect(kNan, ScalarOp::Log, -1.0);
  expect(1.0, ScalarOp::Pow, kNan, 0.0);
  expect(1.4142135623730951, ScalarOp::Sqrt, 2.0);
  expect(-0.0, ScalarOp::Sqrt, -0.0);
  expect(kNan, ScalarOp::Sqrt, -1.0);
}

TEST(ScalarOps, Comparisons) {
  expect(true, ScalarOp::Eq, 0.0, -0.0);
  expect(false, ScalarOp::Eq, kNan, kNan);
  expect(true, ScalarOp::Ne, kNan, kNan);
  expect(true, ScalarOp::Eq, true, true);
  expect(false, ScalarOp::Lt, 0.0, kNan);
  expect(true, ScalarOp::Lt, kMin64, kMax64);
  expect(true, ScalarOp::Le, 2, 2);
  expect(false, ScalarOp::Gt, 2, 2);
  expect(true, ScalarOp::Ge, 2.0, 2.0);
  expect(false, ScalarOp::Ge, kNan, kNan);
  expect(true, ScalarOp::IsNan, kNan);
  expect(false, ScalarOp::IsNan, kInf);
  expect(false, ScalarOp::IsFinite, -kInf);
  expect(false, ScalarOp::IsFinite, kNan);
  expect(true, ScalarOp::IsFinite, std::numeric_limits<double>::max());
}

TEST(ScalarOps, BitsOfFloats) {
  expect(std::int32_t{0x3f800000}, ScalarOp::ToBits, 1.0F);
  expect(std::numeric_limits<std::int32_t>::min(), ScalarOp::ToBits, -0.0F);
  expect(std::int64_t{0x3ff0000000000000}, ScalarOp::ToBits, 1.0);
  expect(std::int64_t{0x7ff0000000000000}, ScalarOp::ToBits, kInf);
  // every NaN is one, whatever its sign and payload
  expect(std::int64_t{0x7ff8000000000000}, ScalarOp::ToBits, kNan);
  expect(std::int64_t{0x7ff8000000000000}, ScalarOp::ToBits, -kNan);
  expect(std::int32_t{0x7fc00000}, ScalarOp::ToBits, std::numeric_limits<float>::quiet_NaN());
  expect(1.0F, ScalarOp::FromBits, std::int32_t{0x3f800000});
  expect(-0.0F, ScalarOp::FromBits, std::numeric_limits<std::int32_t>::min());
  expect(-kInf, ScalarOp::FromBits, static_cast<std::int64_t>(0xfff0000000000000));
  expect(5e-324, ScalarOp::FromBits, std::int64_t{1});
}

TEST(ScalarOps, LogicAndBits) {
  for (const bool a : {false, true})
    for (const bool b : {false, true}) {
      expect(a && b, ScalarOp::And, a, b);
      expect(a || b, ScalarOp::Or, a, b);
      expect(a != b, ScalarOp::Xor, a, b);
    }
  expect(false, ScalarOp::Not, true);
  expect(8, ScalarOp::BitAnd, 12, 10);
  expect(14, ScalarOp::BitOr, 12, 10);
  expect(6, ScalarOp::BitXor, 12, 10);
  expect(2, ScalarOp::Shl, 1, 33);  // counts are masked
  expect(kMin32, ScalarOp::Shl, 1, 31);
  expect(std::int64_t{1} << 33, ScalarOp::Shl, std::int64_t{1}, std::int64_t{33});
  expect(-1, ScalarOp::Shr, -2, 1);
  expect(-1, ScalarOp::Shr, kMin32, -1);  // -1 masked is 31
  expect(std::int64_t{1}, ScalarOp::Shr, std::int64_t{2}, std::int64_t{65});
}

TEST(ScalarOps, CastSaturates) {
  expect(kMax32, ScalarOp::Cast, 2147483648.0);
  expect(kMax32 - 1, ScalarOp::Cast, 2147483646.9);
  expect(kMin32, ScalarOp::Cast, -kInf);
  expect(std::int32_t{0}, ScalarOp::Cast, kNan);
  expect(kMax64, ScalarOp::Cast, 9223372036854775808.0);
  expect(std::int64_t{9223372036854774784}, ScalarOp::Cast, 9223372036854774784.0);
  expect(kMin64, ScalarOp::Cast, -1e300);
  expect(kMax32, ScalarOp::Cast, 2147483648.0F);
  expect(std::int32_t{-1}, ScalarOp::Cast, std::int64_t{0xffffffff});  // integers wrap
  expect(true, ScalarOp::Cast, kNan);
  expect(false, ScalarOp::Cast, -0.0);
  expect(true, ScalarOp::Cast, kMin64);
  expect(1.0, ScalarOp::Cast, true);
  expect(9007199254740992.0, ScalarOp::Cast, std::int64_t{9007199254740993});
  expect(static_cast<float>(kInf), ScalarOp::Cast, 1e300);
}

TEST(ScalarOps, RandomIsAFunctionOfSeedAndCounter) {
  const auto draw = [](std::int64_t seed, std::int64_t i) {
    return apply<double>(ScalarOp::Random, seed, i);
  };
  double sum = 0;
  for (std::int64_t i = 0; i < 10000; ++i) {
    ASSERT_GE(draw(1, i), 0.0);
    ASSERT_LT(draw(1, i), 1.0);
    sum += draw(1, i);
  }
  EXPECT_NEAR(sum / 10000, 0.5, 0.015);  // five standard deviations
  EXPECT_NE(draw(1, 2), draw(2, 1));
  // the definition, written once more: two rounds of splitmix64's finaliser, the upper 53 bits
  EXPECT_EQ(draw(0, 0), 0x1.2086089bfcf34p-2);
  EXPECT_EQ(draw(42, 7), 0x1.90147a81a0f5cp-3);
  EXPECT_EQ(draw(-1, kMax64), 0x1.32aa4bc51cb5ap-2);
}

// ---- laws
template <class T>
void check_laws(const ScalarInfo& row) {
  const auto op = [&](T a, T b) { return apply<T, T>(row.op, a, b); };
  for (const T a : grid<T>()) {
    if (row.arity == 1 && (row.traits & Idempotent)) {
      const T once = apply<T, T>(row.op, a);
      EXPECT_TRUE(same((apply<T, T>(row.op, once)), once)) << row.name << " " << +a;
    }
    if (row.arity != 2) continue;
    EXPECT_TRUE(!(row.traits & Idempotent) || same(op(a, a), a)) << row.name << " " << +a;
    for (const T b : grid<T>()) {
      EXPECT_TRUE(!(row.traits & Commutative) || same(op(a, b), op(b, a)))
          << row.name << " " << +a << " " << +b;
      // floats: only selections are associative
      if (!(row.traits & Associative) || (std::is_floating_point_v<T> && !(row.traits & Idempotent)))
        continue;
      for (const T c : grid<T>())
        EXPECT_TRUE(same(op(op(a, b), c), op(a, op(b, c))))
            << row.name << " " << +a << " " << +b << " " << +c;
    }
  }
}

TEST(ScalarOps, TraitsHold) {
  for (const ScalarInfo& row : scalar_table())
    for (int t = 0; t < 5; ++t) {
      const auto type = static_cast<ScalarType>(t);
      if (allows(row.allowed, type) && row.result == ResultRule::Same &&
          row.operands == monograph::ops::Operands::Uniform)
        dispatch(type, [&]<class T>(std::type_identity<T>) { check_laws<T>(row); });
    }
}

TEST(ScalarOps, ComparisonsCommuteWhereTheySaySo) {
  for (const ScalarOp op : {ScalarOp::Eq, ScalarOp::Ne})
    for (const double a : grid<double>())
      for (const double b : grid<double>()) EXPECT_EQ((apply<bool>(op, a, b)), (apply<bool>(op, b, a)));
}

TEST(ScalarOps, IdentitiesOfMonoidsAreNeutral) {
  for (const MonoidInfo& m : monoid_table())
    for (int t = 0; t < 5; ++t) {
      const auto type = static_cast<ScalarType>(t);
      if (!allows(m.allowed, type) || accumulator_type(m.kind, type) != type) continue;
      dispatch(type, [&]<class T>(std::type_identity<T>) {
        const T neutral = identity(m.kind, type).template as<T>();
        for (const T a : grid<T>()) {
          if (m.kind == MonoidKind::Sum && a == T(0)) continue;  // +0 + -0 is +0
          EXPECT_TRUE(same((apply<T, T>(m.combine, neutral, a)), a)) << m.name << " " << +a;
        }
      });
    }
}

// ---- as operations on columns
TEST(ScalarOps, ScalarsBroadcastAndDomainsMustAgree) {
  FakeRun r(small_graph());
  const Value x = nodes<double>({1, 2, 3, 4, 5, 6});
  EXPECT_EQ(list<double>(run(r, scalar_id(ScalarOp::Sub), {scalar(10.0), x})),
            (std::vector<double>{9, 8, 7, 6, 5, 4}));
  EXPECT_EQ(run(scalar_id(ScalarOp::Add), {scalar(1.0), scalar(2.0)}).type, scalar_of(ScalarType::F64));
  const auto mixed = [&] { run(r, scalar_id(ScalarOp::Add), {x, edges<double>(std::vector<double>(8))}); };
  EXPECT_EQ(error_of<CompileError>(mixed),
            "here.cpp:7: core.add: expected operands over the same domain (a scalar broadcasts; "
            "gather_src/gather_dst "
            "turn [V] into [E]), got f64[V] and f64[E]");
  const auto types = [&] { run(r, scalar_id(ScalarOp::Add), {x, scalar(1)}); };
  EXPECT_EQ(error_of<CompileError>(types),
            "here.cpp:7: core.add: expected operands of one element type (convert one with cast), got f64[V] "
            "and i32");
  const auto arithmetic = [&] { run(scalar_id(ScalarOp::Add), {scalar(true), scalar(true)}); };
  EXPECT_EQ(error_of<CompileError>(arithmetic),
            "here.cpp:7: core.add: expected elements of i32, i64, f32 or f64, got bool");
}

TEST(ScalarOps, WhereSelectsWithoutLeaking) {
  FakeRun r(small_graph());
  const Value c = nodes<bool>({true, false, true, false, true, false});
  const Value x = nodes<double>({1, kNan, 3, kNan, 5, kNan});
  EXPECT_EQ(list<double>(run(r, scalar_id(ScalarOp::Where), {c, x, scalar(0.0)})),
            (std::vector<double>{1, 0, 3, 0, 5, 0}));
  const auto wrong = [&] { run(r, scalar_id(ScalarOp::Where), {x, x, x}); };
  EXPECT_EQ(error_of<CompileError>(wrong),
            "here.cpp:7: core.where: expected a bool condition as operand a, got f64[V]");
}

TEST(ScalarOps, CastKeepsTheDomain) {
  const Value x = fixed<double>({1.9, -1.9, kNan});
  const Value y = run(scalar_id(ScalarOp::Cast), {x}, {{"to", scalar_of(ScalarType::I32)}});
  EXPECT_EQ(y.type, fixed_of(ScalarType::I32, 3));
  EXPECT_EQ(list<std::int32_t>(y), (std::vector<std::int32_t>{1, -1, 0}));
}

}  // namespace
}  // namespace monograph::ops::testing
