// What changes only where it was asked for.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <cmath>

#include "host/passes/passes.h"

using namespace monograph;

namespace {

std::vector<double> ranks(const SessionOptions& options, const Graph& graph) {
  Session session(options);
  const Result r = session.run(session.compile(pagerank()), graph);
  const auto column = r.column<double>("rank");
  return {column.begin(), column.end()};
}

SessionOptions tiles(bool fast_math) {
  return {.backend = "cpu", .fast_math = fast_math, .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off};
}

TEST(FastMath, LastDigitsChangeOnlyWhereItWasAskedFor) {
  // With sinks, and 1000 is no power of two: the dangling mass over the number of nodes is rounded.
  const Graph graph = read_graph("gen:uniform:1000:2000");
  const std::vector<double> exact = ranks({.backend = "reference"}, graph);
  EXPECT_EQ(ranks(tiles(false), graph), exact);
  const std::vector<double> fast = ranks(tiles(true), graph);
  EXPECT_NE(fast, exact) << "otherwise this tests nothing";
  ASSERT_EQ(fast.size(), exact.size());
  for (std::size_t v = 0; v < exact.size(); ++v)
    EXPECT_LE(std::abs(fast[v] - exact[v]), 1e-9 * exact[v]) << v;
}

TEST(FastMath, CanBeLeftOutLikeAnyPassAndIsNeverAtLevelZero) {
  const ir::Program p = pagerank().ir();
  const ir::Program exact = passes::run(p);
  EXPECT_NE(passes::run(p, {.fast_math = true}), exact);
  EXPECT_EQ(passes::run(p, {.disabled = {"fast_math"}, .fast_math = true}), exact);
  EXPECT_THROW(passes::run(p, {.level = 0, .fast_math = true}), UsageError) << "it would do nothing";
}

}  // namespace
