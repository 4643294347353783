#include "bench/timing.h"

#include <gtest/gtest.h>
#include <monograph/io.h>

#include <chrono>

#include "bench/floor.h"

namespace monograph::test {
namespace {

using namespace monograph::bench;

TEST(Timing, MedianAndSpread) {
  EXPECT_EQ(median({}), 0);
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 2, 3}), 2.5);
  EXPECT_EQ(spread({5}), 0);
  EXPECT_EQ(spread({1, 2, 3, 4, 5}), 2.0 / 3);
}

// A machine that becomes twice as slow half way: neighbours still compare.
TEST(Timing, RatiosAreOfNeighbours) {
  const PairedTimes times{{1, 1, 1, 2, 2}, {3, 3, 3, 6, 6}};
  EXPECT_EQ(median(times.ratios()), 3);
  EXPECT_EQ(spread(times.ratios()), 0);
}

TEST(Timing, SidesTakeTurnsAndTheFirstAlternates) {
  std::string calls;
  const auto side = [&](char name) {
    return [&calls, name] {
      calls += name;
      const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
      while (std::chrono::steady_clock::now() < until) {
      }
    };
  };
  const PairedTimes times =
      measure_pair(side('a'), side('b'), {.least = 4, .most = 9, .budget_ms = 0, .sample_ms = 0});
  EXPECT_EQ(calls,
            "aabb"
            "abbaabba");  // the first four warm up
  EXPECT_EQ(times.first.size(), 4u);
  EXPECT_GE(median(times.second), 1);
}

TEST(Timing, EachOfSeveralBeginsARound) {
  std::string calls;
  const Work works[] = {[&] { calls += 'a'; }, [&] { calls += 'b'; }, [&] { calls += 'c'; }};
  const auto times = measure_turns(works, {.least = 4, .most = 4, .budget_ms = 0, .sample_ms = 0});
  EXPECT_EQ(calls,
            "aabbcc"
            "abcbcacababc");  // the first six warm up
  ASSERT_EQ(times.size(), 3u);
  for (const Times& t : times) EXPECT_EQ(t.size(), 4u);
}

TEST(Timing, ShortWorkIsRepeatedWithinASample) {
  int calls = 0;
  const Times times = measure([&] { ++calls; }, {.least = 7, .most = 7, .budget_ms = 0, .sample_ms = 0.05});
  EXPECT_EQ(times.size(), 7u);
  EXPECT_GT(calls, 7 * 10);
}

TEST(Floor, CountsWhatMustMove) {
  ReadOptions options;
  const Graph directed = read_graph("gen:uniform:10:30", options);
  EXPECT_EQ(bytes_moved(kPageRankF64, directed), 30 * 4 + 10 * (8 + 32));
  EXPECT_EQ(gathers_made(kPageRankF64, directed), 30);
  EXPECT_EQ(bytes_moved(kLabels, directed), 60 * 4 + 10 * (16 + 8));
  EXPECT_EQ(gathers_made(kFastSv, directed), 60 + 20);
  options.undirected = true;
  const Graph undirected = read_graph("gen:path:3", options);
  EXPECT_EQ(bytes_moved(kLabels, undirected), 4 * 4 + 3 * (8 + 8));

  const Ceilings ceilings{.stream_gbs = 1, .gather4_gps = 0.5, .gather8_gps = 0.001, .replay8_ms = 2};
  EXPECT_DOUBLE_EQ(floor_ms(kPageRankF64, directed, ceilings), 30 / 0.001 * 1e-6);       // gathers decide
  EXPECT_DOUBLE_EQ(floor_ms(kPageRankF32, directed, ceilings), (120 + 240) / 1 * 1e-6);  // bytes decide
  EXPECT_DOUBLE_EQ(replay_floor_ms(kPageRankF64, directed, ceilings), 2);
}

}  // namespace
}  // namespace monograph::test
