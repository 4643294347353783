// Column reductions: values, the canonical shape of float sums, and the statistics built on them.
#include <cmath>
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

template <class R, class T>
R reduce(const std::vector<T>& x, const char* monoid) {
  return list<R>(run(OpId::Reduce, {fixed(x)}, {{"monoid", monoid}}))[0];
}

TEST(Reduce, EachMonoidOnEachType) {
  EXPECT_EQ((reduce<double, double>({1, 2, 4.5}, "sum")), 7.5);
  EXPECT_EQ((reduce<float, float>({1, 2, 4.5}, "sum")), 7.5F);
  EXPECT_EQ((reduce<std::int64_t, bool>({true, false, true}, "sum")), 2);
  EXPECT_EQ((reduce<std::int64_t, std::int32_t>({2147483647, 2147483647}, "sum")), 4294967294);
  EXPECT_EQ((reduce<std::int64_t, std::int64_t>({std::numeric_limits<std::int64_t>::max(), 1}, "sum")),
            std::numeric_limits<std::int64_t>::min());
  EXPECT_EQ((reduce<std::int32_t, std::int32_t>({65536, 65536, 3}, "prod")), 0);  // wraps
  EXPECT_EQ((reduce<double, double>({2, -3, 4}, "prod")), -24);
  EXPECT_EQ((reduce<std::int32_t, std::int32_t>({4, -2, 7}, "min")), -2);
  EXPECT_EQ((reduce<float, float>({4, -2, 7}, "max")), 7.0F);
  EXPECT_TRUE((reduce<bool, bool>({false, true}, "any")));
  EXPECT_FALSE((reduce<bool, bool>({false, true}, "all")));
}

TEST(Reduce, EmptyColumnsGiveTheIdentity) {
  EXPECT_TRUE(same(reduce<double, double>({}, "sum"), 0.0));
  EXPECT_EQ((reduce<double, double>({}, "prod")), 1);
  EXPECT_EQ((reduce<double, double>({}, "min")), kInf);
  EXPECT_EQ((reduce<double, double>({}, "max")), -kInf);
  EXPECT_EQ((reduce<std::int32_t, std::int32_t>({}, "min")), std::numeric_limits<std::int32_t>::max());
  EXPECT_EQ((reduce<std::int64_t, std::int64_t>({}, "max")), std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE((reduce<bool, bool>({}, "any")));
  EXPECT_TRUE((reduce<bool, bool>({}, "all")));
}

TEST(Reduce, SpecialFloats) {
  EXPECT_TRUE(std::isnan(reduce<double, double>({1, kNan, -kInf}, "min")));
  EXPECT_TRUE(std::isnan(reduce<double, double>({1, kNan, kInf}, "max")));
  EXPECT_TRUE(same(reduce<double, double>({0.0, -0.0}, "min"), -0.0));
  EXPECT_TRUE(same(reduce<double, double>({-0.0, -0.0}, "sum"), 0.0));  // sums start from +0
  EXPECT_TRUE(same(list<double>(run(OpId::Reduce, {scalar(-0.0)}, {{"monoid", "sum"}}))[0], -0.0));
  EXPECT_EQ(list<std::int64_t>(run(OpId::Reduce, {scalar(5)}, {{"monoid", "sum"}}))[0], 5);
  EXPECT_EQ(error_of<CompileError>([] {
              run(OpId::Reduce, {scalar(1.0)}, {{"monoid", "any"}});
            }),
            "here.cpp:7: core.reduce: expected elements of bool for monoid any as operand x, got f64");
  EXPECT_EQ(error_of<CompileError>([] {
              run(OpId::Reduce, {scalar(true)}, {{"monoid", "prod"}});
            }),
            "here.cpp:7: core.reduce: expected elements of i32, i64, f32 or f64 for monoid prod as operand "
            "x, got bool");
}

// ---- the column shape. The expected bits come from a second implementation of its definition, in another
// language.
template <class T, class F>
std::vector<T> series(std::int64_t n, const F& f) {
  std::vector<T> x;
  for (std::int64_t i = 0; i < n; ++i) x.push_back(static_cast<T>(f(static_cast<double>(i + 1))));
  return x;
}
double harmonic(double i) { return 1 / i; }

TEST(Reduce, FloatSumsHaveTheColumnShape) {
  const auto sum = [](std::int64_t n) { return reduce<double>(series<double>(n, harmonic), "sum"); };
  EXPECT_EQ(sum(1), 1.0);
  EXPECT_EQ(sum(33), 0x1.05aedec0dfa0ep+2);
  EXPECT_EQ(sum(1024), 0x1.e096558f169e0p+2);
  EXPECT_EQ(sum(3000), 0x1.12ae143fcd62cp+3);
  EXPECT_EQ(sum(1024 * 1024 + 5), 0x1.ce15d3e7fa5a2p+3);  // three levels
  const auto squares = [](double i) { return 1 + 1 / (i * i); };
  EXPECT_EQ(reduce<double>(series<double>(3000, squares), "prod"), 0x1.d66194ef304e5p+1);
}

TEST(Reduce, FloatIsAccumulatedWideAndRoundedOnce) {
  EXPECT_EQ(reduce<float>(series<float>(500, harmonic), "sum"), 0x1.b2bd9ep+2F);    // in f32: 0x1.b2bda0p+2
  EXPECT_EQ((reduce<float, float>({1e30F, 1e-30F, 1e30F, 1e-30F}, "prod")), 1.0F);  // no overflow on the way
}

// ---- positions
TEST(ArgExtremes, TiesGoToTheLowestAndNanIsSkipped) {
  const auto both = [](const std::vector<double>& x) {
    return std::pair(list<std::int64_t>(run(OpId::ArgMin, {fixed(x)}))[0],
                     list<std::int64_t>(run(OpId::ArgMax, {fixed(x)}))[0]);
  };
  using P = std::pair<std::int64_t, std::int64_t>;
  EXPECT_EQ(both({3, 1, 4, 1, 4}), P(1, 2));
  EXPECT_EQ(both({kNan, 2, kNan, 2}), P(1, 1));
  EXPECT_EQ(both({kNan, kInf, -kInf}), P(2, 1));
  EXPECT_EQ(both({0.0, -0.0}), P(0, 0));
  EXPECT_EQ(both({kNan, kNan}), P(-1, -1));
  EXPECT_EQ(both({}), P(-1, -1));
  EXPECT_EQ(list<std::int64_t>(run(OpId::ArgMax, {scalar(7)}))[0], 0);
  EXPECT_EQ(list<std::int64_t>(run(OpId::ArgMin, {fixed<std::int32_t>({5, -7, 3})}))[0], 1);
  EXPECT_THROW(run(OpId::ArgMin, {scalar(true)}), CompileError);
}

// ---- statistics
double statistic(OpId op, const std::vector<double>& x) { return list<double>(run(op, {fixed(x)}))[0]; }

TEST(Statistics, KnownValues) {
  const std::vector<double> x{2, 4, 4, 4, 5, 5, 7, 9};  // mean 5, squared deviations 32
  EXPECT_EQ(statistic(OpId::Mean, x), 5);
  EXPECT_EQ(statistic(OpId::Variance, x), 32.0 / 7);
  EXPECT_EQ(statistic(OpId::Std, x), std::sqrt(32.0 / 7));
  EXPECT_EQ(statistic(OpId::NormL1, {3, -4, 0}), 7);
  EXPECT_EQ(statistic(OpId::NormL2, {3, -4, 0}), 5);
  EXPECT_EQ(statistic(OpId::NormMax, {3, -4, 0}), 4);
  EXPECT_EQ(list<std::int64_t>(run(OpId::Count, {fixed<bool>({true, false, true})}))[0], 2);
}

TEST(Statistics, EmptyAndSingle) {
  for (const OpId op : {OpId::Mean, OpId::Variance, OpId::Std, OpId::NormL1, OpId::NormL2, OpId::NormMax})
    EXPECT_TRUE(same(statistic(op, {}), 0.0)) << def(op).name;
  EXPECT_TRUE(same(statistic(OpId::Variance, {3}), 0.0));
  EXPECT_EQ(statistic(OpId::Mean, {3}), 3);
  EXPECT_EQ(list<std::int64_t>(run(OpId::Count, {fixed<bool>({})}))[0], 0);
  EXPECT_EQ(list<double>(run(OpId::Mean, {scalar(3.5)}))[0], 3.5);
}

TEST(Statistics, CountTheirDomain) {
  FakeRun r(small_graph());
  EXPECT_EQ(list<double>(run(r, OpId::Mean, {nodes<double>({1, 2, 3, 4, 5, 9})}))[0], 4);
  EXPECT_EQ(list<double>(run(r, OpId::Mean, {edges<double>({1, 2, 3, 4, 5, 9, 0, 0})}))[0], 3);
  FakeRun none;
  EXPECT_EQ(list<double>(run(none, OpId::Mean, {nodes<double>({})}))[0], 0);
}

TEST(Statistics, IntegersBecomeRealBeforeTheyCanWrap) {
  const std::int64_t big = std::int64_t{1} << 62;
  EXPECT_EQ(list<double>(run(OpId::Mean, {fixed<std::int64_t>({big, big, big, big})}))[0],
            static_cast<double>(big));
  EXPECT_EQ(list<double>(
                run(OpId::NormMax, {fixed<std::int32_t>({std::numeric_limits<std::int32_t>::min(), 1})}))[0],
            2147483648.0);
  EXPECT_EQ(list<double>(run(OpId::Mean, {fixed<bool>({true, false, false, false})}))[0], 0.25);
}

TEST(Statistics, FloatIsRoundedOnce) {
  EXPECT_EQ(list<float>(run(OpId::NormL2, {fixed<float>({3e30F, 4e30F})}))[0],
            5e30F);  // f32 squares would overflow
  const auto x = series<float>(3000, harmonic);
  const double exact = 0x1.12ae143fcd62cp+3 / 3000;
  EXPECT_EQ(list<float>(run(OpId::Mean, {fixed(x)}))[0], static_cast<float>(exact));
  EXPECT_EQ(run(OpId::Std, {fixed(x)}).type, scalar_of(ScalarType::F32));
}

TEST(Statistics, NormalizeAndStandardize) {
  const auto normalized = [](const char* mode, const std::vector<double>& x) {
    return list<double>(run(OpId::Normalize, {fixed(x)}, {{"mode", mode}}));
  };
  using F64s = std::vector<double>;
  EXPECT_EQ(normalized("sum", {1, 3, 4}), (F64s{0.125, 0.375, 0.5}));
  EXPECT_EQ(normalized("max", {1, 2, 4}), (F64s{0.25, 0.5, 1}));
  EXPECT_EQ(normalized("minmax", {3, 1, 5}), (F64s{0.5, 0, 1}));
  EXPECT_EQ(normalized("sum", {1, -1}), (F64s{0, 0}));
  EXPECT_EQ(normalized("max", {0, -1}), (F64s{0, 0}));
  EXPECT_EQ(normalized("minmax", {7, 7}), (F64s{0, 0}));
  EXPECT_EQ(normalized("sum", {}), F64s{});
  EXPECT_EQ(list<double>(run(OpId::Standardize, {fixed<double>({2, 4, 4, 4, 5, 5, 7, 9})})),
            (F64s{-1.5, -0.5, -0.5, -0.5, 0, 0, 1, 2}));  // population deviation 2
  EXPECT_EQ(list<double>(run(OpId::Standardize, {fixed<double>({4, 4})})), (F64s{0, 0}));
  EXPECT_EQ(list<double>(run(OpId::Standardize, {fixed<double>({})})), F64s{});
  const Value ints = run(OpId::Normalize, {fixed<std::int32_t>({1, 3})}, {{"mode", "sum"}});
  EXPECT_EQ(list<double>(ints), (F64s{0.25, 0.75}));
  EXPECT_EQ(run(OpId::Standardize, {fixed<float>({1, 3})}).type, fixed_of(ScalarType::F32, 2));
  EXPECT_THROW(run(OpId::Standardize, {fixed<bool>({true})}), CompileError);
}

}  // namespace
}  // namespace monograph::ops::testing
