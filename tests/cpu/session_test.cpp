// Sessions on the cpu backend: what they keep from run to run, and that nobody notices.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <chrono>
#include <filesystem>
#include <thread>

using namespace monograph;

namespace {

std::vector<double> ranks(const Result& r) {
  const auto column = r.column<double>("rank");
  return {column.begin(), column.end()};
}

std::vector<double> reference_ranks(const Graph& g, const Parameters& p = {}) {
  Session s({.backend = "reference"});
  return ranks(s.run(s.compile(pagerank()), g, p));
}

SessionOptions tiles(int threads = 0) {
  return {.backend = "cpu", .cpu_tier = CpuTier::Tiles, .threads = threads, .cache = CacheUse::Off};
}

}  // namespace

/// Threads that could have nothing to do are not started, and have no memory.
TEST(CpuSession, TakesNoMoreThreadsThanThereIsWork) {
  const auto threads = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/task"),
                         std::filesystem::directory_iterator());
  };
  const auto before = threads();
  const Graph tiny = read_graph("gen:path:9"), small = read_graph("gen:path:40000");
  Session s(tiles(4096));
  const Executable e = s.compile(pagerank());
  EXPECT_EQ(ranks(s.run(e, tiny)), reference_ranks(tiny));
  EXPECT_LE(threads(), before);
  EXPECT_EQ(ranks(s.run(e, small)), reference_ranks(small));
  EXPECT_LE(threads(), before + 40) << "as many as there are leaves of 1024 nodes";
}

TEST(CpuSession, RunsAgainWithOtherParametersAndOnOtherGraphs) {
  const Graph a = read_graph("gen:rmat:8:8"), b = read_graph("gen:grid:30:40");
  Session s(tiles());
  const Executable e = s.compile(pagerank());
  for (int turn = 0; turn < 2; ++turn)
    for (const double damping : {0.85, 0.5})
      for (const Graph* g : {&a, &b}) {
        const Parameters p{{"damping", Constant::of(damping)}};
        EXPECT_EQ(ranks(s.run(e, *g, p)), reference_ranks(*g, p));
      }
}

TEST(CpuSession, ResultsOutliveTheRunsAfterThem) {
  const Graph g = read_graph("gen:rmat:8:8");
  Session s(tiles());
  const Executable e = s.compile(pagerank());
  const Result first = s.run(e, g);
  const std::vector<double> before = ranks(first);
  const Result second = s.run(e, g, {{"damping", Constant::of(0.1)}});
  EXPECT_EQ(ranks(first), before);
  EXPECT_NE(ranks(second), before);
}

TEST(CpuSession, ASecondRunAllocatesNothingOnceResultsAreGone) {
  const Graph g = read_graph("gen:rmat:8:8");
  Session s(tiles());
  const Executable e = s.compile(pagerank());
  s.run(e, g);
  EXPECT_EQ(s.run(e, g).allocations, 0);
  const Result held = s.run(e, g);
  EXPECT_EQ(s.run(e, g).allocations, 1) << "one column, in place of the one that a result holds";
}

TEST(CpuSession, AScatterStartsFromTheIdentityInEveryRun) {
  ProgramBuilder p("scatter");
  const GraphRef g = p.graph();
  p.output("sum", scatter_reduce(as_i64(g.node_index()) + 1, safe_idiv(g.node_index(), 2), Monoid::Sum));
  const Graph path = read_graph("gen:path:6");
  Session s(tiles());
  const Executable e = s.compile(p.build());
  for (int turn = 0; turn < 3; ++turn) {
    const Result r = s.run(e, path);
    const auto sums = r.column<std::int64_t>("sum");
    EXPECT_EQ(std::vector<std::int64_t>(sums.begin(), sums.end()),
              (std::vector<std::int64_t>{3, 7, 11, 0, 0, 0}));
  }
}

TEST(CpuSession, ThreadCountDoesNotShow) {
  const Graph g = read_graph("gen:rmat:13:8");
  const std::vector<double> want = reference_ranks(g);
  for (const int threads : {1, 2, 3, 8}) {
    Session s(tiles(threads));
    EXPECT_EQ(ranks(s.run(s.compile(pagerank()), g)), want) << threads;
  }
}

TEST(CpuSession, TwoSessionsInTwoThreadsOnOneGraph) {
  const Graph g = read_graph("gen:rmat:10:8");  // its transpose is built by whoever comes first
  std::vector<double> got[2];
  const auto work = [&](int i) {
    Session s(tiles(2));
    const Executable e = s.compile(pagerank());
    for (int turn = 0; turn < 20; ++turn) got[i] = ranks(s.run(e, g));
  };
  std::thread other(work, 1);
  work(0);
  other.join();
  EXPECT_EQ(got[0], reference_ranks(g));
  EXPECT_EQ(got[1], got[0]);
}

TEST(CpuSession, ACancelledRunLeavesTheSessionUsable) {
  const Graph g = read_graph("gen:rmat:8:8");
  Session s(tiles());
  const Executable e = s.compile(pagerank());
  RunOptions stop;
  std::int64_t last = -1;
  stop.progress = [&](std::int64_t iteration) {
    last = iteration;
    if (iteration == 3) stop.cancel.cancel();
  };
  EXPECT_THROW(s.run(e, g, {}, stop), Cancelled);
  EXPECT_EQ(last, 3);
  EXPECT_EQ(ranks(s.run(e, g)), reference_ranks(g));
}

TEST(CpuSession, CompiledCodeIsPickedUpWhenItIsReady) {
  const Graph g = read_graph("gen:rmat:6:4");
  Session s({.backend = "cpu", .cache = CacheUse::Off});
  const Executable e = s.compile(pagerank());
  const std::vector<double> want = reference_ranks(g);
  EXPECT_EQ(s.run(e, g).tier, "tiles") << "the first run starts at once";
  Result r = s.run(e, g);
  for (int i = 0; i < 600 && r.tier == "tiles" && !r.tier_reason.starts_with("native is not"); ++i) {
    EXPECT_EQ(ranks(r), want);
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    r = s.run(e, g);
  }
  if (r.tier_reason.starts_with("native is not")) GTEST_SKIP() << r.tier_reason;
  EXPECT_EQ(r.tier, "native") << r.tier_reason;
  EXPECT_EQ(ranks(r), want);
}
