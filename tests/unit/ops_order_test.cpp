// Order and frequency: by hand.
#include <limits>

#include "ops_harness.h"

namespace monograph::ops::testing {
namespace {

using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;
using Bools = std::vector<bool>;

// -inf 4, -0 2, +0 3, 3 0, 3 5, inf 6, NaN 1, NaN 7
const F64s kMixed{3, kNan, -0.0, 0.0, -kInf, 3, kInf, -kNan};

I64s integers_of(OpId op, const Value& x, const NamedAttrs& attrs = {}) {
  return list<std::int64_t>(run(op, {x}, attrs));
}

TEST(Order, ZerosAreTwoNumbersAndNanIsLast) {
  const Value x = fixed(kMixed);
  EXPECT_EQ(integers_of(OpId::ArgSort, x), (I64s{4, 2, 3, 0, 5, 6, 1, 7}));
  EXPECT_EQ(integers_of(OpId::ArgSort, x, {{"descending", true}}), (I64s{6, 0, 5, 3, 2, 4, 1, 7}));
  const F64s sorted = list<double>(run(OpId::Sort, {x})), want{-kInf, -0.0, 0.0, 3, 3, kInf, kNan, kNan};
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_TRUE(same(sorted[i], want[i])) << i;
  EXPECT_EQ(run(OpId::Sort, {fixed<float>({2, 1})}).type, fixed_of(ScalarType::F32, 2));
}

TEST(Order, RanksOfEqualsAreTheirOwnOrTheLowestOrTheHighest) {
  const Value x = fixed(kMixed);
  EXPECT_EQ(integers_of(OpId::Rank, x), (I64s{3, 6, 1, 2, 0, 4, 5, 7}));
  EXPECT_EQ(integers_of(OpId::Rank, x, {{"ties", "lowest"}}), (I64s{3, 6, 1, 2, 0, 3, 5, 6}));
  EXPECT_EQ(integers_of(OpId::Rank, x, {{"ties", "highest"}}), (I64s{4, 7, 1, 2, 0, 4, 5, 7}));
  EXPECT_EQ(integers_of(OpId::Rank, x, {{"descending", true}}), (I64s{1, 6, 4, 3, 5, 2, 0, 7}));
}

TEST(Order, TheFirstFew) {
  const Value x = fixed(kMixed);
  EXPECT_EQ(integers_of(OpId::TopK, x, {{"k", std::int64_t{3}}}), (I64s{6, 0, 5}));
  EXPECT_EQ(integers_of(OpId::TopK, x, {{"k", std::int64_t{2}}, {"descending", false}}), (I64s{4, 2}));
  EXPECT_EQ(integers_of(OpId::TopK, fixed<double>({1, 2}), {{"k", std::int64_t{4}}}), (I64s{1, 0, -1, -1}));
  EXPECT_EQ(integers_of(OpId::TopK, x, {{"k", std::int64_t{0}}}), I64s());
  EXPECT_THROW(run(OpId::TopK, {x}, {{"k", std::int64_t{-1}}}), CompileError);
}

TEST(Order, OfOtherTypesAndSizes) {
  using Limits = std::numeric_limits<std::int64_t>;
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<std::int64_t>({0, Limits::min(), -1, Limits::max(), 1})),
            (I64s{1, 2, 0, 4, 3}));
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<std::int32_t>({1, -1, 0}), {{"descending", true}}),
            (I64s{0, 2, 1}));
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<bool>({true, false, true, false})), (I64s{1, 3, 0, 2}));
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<double>({})), I64s());
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<double>({kNan})), I64s{0});
  EXPECT_EQ(integers_of(OpId::ArgSort, fixed<double>({5, 5, 5})), (I64s{0, 1, 2}));
  EXPECT_EQ(error_of<CompileError>([] { run(OpId::ArgSort, {scalar(1.0)}); }),
            "here.cpp:7: core.argsort: expected a column as operand x, got f64");
}

TEST(Frequency, EqualsAreCounted) {
  EXPECT_EQ(integers_of(OpId::Frequency, fixed(kMixed)), (I64s{2, 2, 1, 1, 1, 2, 1, 2}));
  EXPECT_EQ(list<bool>(run(OpId::IsFirst, {fixed(kMixed)})), (Bools{1, 1, 1, 1, 1, 0, 1, 0}));
  EXPECT_EQ(integers_of(OpId::UniqueCount, fixed(kMixed)), I64s{6});
  EXPECT_EQ(integers_of(OpId::UniqueCount, fixed<bool>({true, true})), I64s{1});
  EXPECT_EQ(integers_of(OpId::UniqueCount, fixed<double>({})), I64s{0});
}

TEST(Frequency, ModeIsTheLowestOfTheMostFrequent) {
  const auto mode = [](const F64s& x) { return list<double>(run(OpId::Mode, {fixed(x)}))[0]; };
  EXPECT_EQ(mode(kMixed), 3);  // as often as NaN
  EXPECT_TRUE(same(mode({kNan, kNan, 1}), kNan));
  EXPECT_TRUE(same(mode({0.0, -0.0}), -0.0));
  EXPECT_EQ(mode({kInf, kInf, 1}), kInf);
  EXPECT_TRUE(same(mode({}), 0.0));
  EXPECT_EQ(list<std::int32_t>(run(OpId::Mode, {fixed<std::int32_t>({5, 5, -2, 9, -2})}))[0], -2);
  EXPECT_THROW(run(OpId::Mode, {fixed<bool>({true})}), CompileError);
}

TEST(Frequency, EntropyInBits) {
  const auto entropy = [](const F64s& x) { return list<double>(run(OpId::Entropy, {fixed(x)}))[0]; };
  EXPECT_NEAR(entropy({1, 1, 2, 2}), 1, 1e-15);
  EXPECT_NEAR(entropy({4, 3, 2, 1}), 2, 1e-15);
  EXPECT_NEAR(entropy({1, 1, 1, 2}), 0.8112781244591328, 1e-15);
  EXPECT_TRUE(same(entropy({7, 7, 7}), 0.0));
  EXPECT_TRUE(same(entropy({}), 0.0));
}

double quantile(const F64s& x, double q) {
  return list<double>(run(OpId::Quantile, {fixed(x), scalar(q)}))[0];
}

TEST(Quantile, BetweenTwoElements) {
  const F64s x{4, 1, 3, 2};
  EXPECT_EQ(quantile(x, 0.25), 1.75);
  EXPECT_EQ(quantile(x, 0), 1);
  EXPECT_EQ(quantile(x, 1), 4);
  EXPECT_EQ(quantile(x, 7), 4);
  EXPECT_EQ(quantile(x, -7), 1);
  EXPECT_EQ(list<double>(run(OpId::Median, {fixed(x)}))[0], 2.5);
  EXPECT_EQ(list<double>(run(OpId::Median, {fixed<std::int64_t>({9, 1, 5})}))[0], 5);
  EXPECT_EQ(run(OpId::Median, {fixed<float>({1, 2})}).type, scalar_of(ScalarType::F32));
}

TEST(Quantile, Extremes) {
  EXPECT_TRUE(same(quantile({}, 0.5), 0.0));
  EXPECT_EQ(quantile({7}, 0.3), 7);
  EXPECT_EQ(quantile({-kInf, 1}, 0.5), -kInf);
  EXPECT_EQ(quantile({1, kInf}, 0), 1);
  EXPECT_EQ(quantile({kInf, kInf}, 0.5), kInf);
  EXPECT_EQ(quantile({-1e308, 1e308}, 0.5), 0);  // their difference is not finite
  EXPECT_TRUE(same(quantile({1, kNan, 2}, 0), kNan));
  EXPECT_TRUE(same(quantile({-0.0, 3}, 0), -0.0));
}

TEST(Histogram, TheLastIntervalIncludesItsEnd) {
  const auto histogram = [](const F64s& x, std::int64_t bins) {
    return list<std::int64_t>(run(OpId::Histogram, {fixed(x)}, {{"bins", bins}}));
  };
  EXPECT_EQ(histogram({0, 1, 2, 3, 4}, 4), (I64s{1, 1, 1, 2}));
  EXPECT_EQ(histogram({kNan, 0, 1, kNan}, 2), (I64s{1, 1}));
  EXPECT_EQ(histogram({5, 5}, 3), (I64s{0, 0, 2}));
  EXPECT_EQ(histogram({}, 2), (I64s{0, 0}));
  const Value between = run(OpId::Histogram, {fixed<double>({0, 1, 2, 3, 4}), scalar(1.0), scalar(3.0)},
                            {{"bins", std::int64_t{2}}});
  EXPECT_EQ(list<std::int64_t>(between), (I64s{1, 2}));
  EXPECT_EQ(error_of<CompileError>([&] { histogram({1}, 0); }),
            "here.cpp:7: core.histogram: expected 1 bin or more, got 0");
}

TEST(Bincount, CountsWhatIsInside) {
  const Value x = fixed<std::int64_t>({0, 2, 2, -1, 5, 3, std::int64_t{1} << 40});
  EXPECT_EQ(list<std::int64_t>(run(OpId::Bincount, {x}, {{"over", fixed_of(ScalarType::F64, 3)}})),
            (I64s{1, 0, 2}));
  FakeRun r(small_graph());
  EXPECT_EQ(list<std::int64_t>(run(r, OpId::Bincount, {x}, {{"over", nodes_of(ScalarType::F64)}})),
            (I64s{1, 0, 2, 1, 0, 1}));
  EXPECT_THROW(run(OpId::Bincount, {x}, {{"over", scalar_of(ScalarType::F64)}}), CompileError);
  EXPECT_THROW(run(OpId::Bincount, {fixed<double>({1})}, {{"over", fixed_of(ScalarType::F64, 3)}}),
               CompileError);
}

}  // namespace
}  // namespace monograph::ops::testing
