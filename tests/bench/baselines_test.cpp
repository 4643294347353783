// Hand-written code is held to the oracle like any backend: what is fast and wrong is no yardstick.
#include <gtest/gtest.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <ostream>

#include "bench/baseline.h"
#include "bench/cases.h"
#include "bench/variant.h"
#include "bench/verify.h"

namespace monograph::test {
namespace {

struct Shape {
  const char *name, *source;
  bool undirected, simple;
  friend void PrintTo(const Shape& shape, std::ostream* out) { *out << shape.source; }
};
// rows of no, one and thousands of neighbours; repeated edges and loops; more rows than chunks, and fewer
constexpr Shape kShapes[] = {{"empty", "gen:path:0", false, false},
                             {"one", "gen:path:1", false, false},
                             {"path", "gen:path:50", false, false},
                             {"star", "gen:star:3000", true, false},
                             {"complete", "gen:complete:40", false, false},
                             {"sparse", "gen:uniform:500:400:seed=3", false, false},
                             {"repeats", "gen:uniform:60:3000:seed=5", false, false},
                             {"skewed", "gen:rmat:9:12", false, false},
                             {"symmetric", "gen:rmat:9:12", true, true},
                             {"grid", "gen:grid:17:23", true, true}};

Graph make(const Shape& shape) {
  ReadOptions options;
  options.undirected = shape.undirected;
  if (shape.simple) options.multi_edges = MultiEdges::Drop, options.self_loops = SelfLoops::Drop;
  return read_graph(shape.source, options);
}

struct Oracle {
  Column answer;
  std::int64_t iterations;
};

Oracle oracle(const bench::AlgorithmCase& algorithm, const Graph& graph, std::int64_t limit) {
  const Program program = algorithm.program();
  Session session({.backend = "reference"});
  const Result result = session.run(program, graph, bench::run_parameters(program, limit));
  return {result.outputs().front().column, result.iterations};
}

void check(const bench::AlgorithmCase& algorithm, const Graph& graph, std::int64_t limit, int threads) {
  const Oracle expected = oracle(algorithm, graph, limit);
  const bench::BaselineOptions options{
      .iterations = limit, .threads = threads, .parallel_from = threads > 1 ? 0 : 1 << 30};
  const std::string what = std::string(algorithm.name) + ", " + std::to_string(threads) + " threads";
  const auto baseline = algorithm.baseline(graph, options);
  for (int run = 0; run < 2; ++run) {  // the second starts from the beginning again
    EXPECT_EQ(baseline->run(), expected.iterations) << what;
    EXPECT_NO_THROW(bench::expect_agreement(expected.answer, baseline->result(), what));
  }
  if (!algorithm.peer) return;
  const auto peer = algorithm.peer(graph, options);
  peer->run();
  EXPECT_NO_THROW(bench::expect_agreement(expected.answer, peer->result(), what + ", peer"));
}

class BaselineShapes : public testing::TestWithParam<Shape> {};

TEST_P(BaselineShapes, AgreeWithTheOracle) {
  const Graph graph = make(GetParam());
  for (const bench::AlgorithmCase& algorithm : bench::algorithm_cases())
    for (const int threads : {1, 3}) {
      const bool ends_by_itself = algorithm.name == "fastsv" || algorithm.name == "least-labels";
      check(algorithm, graph, ends_by_itself ? graph.node_count() + 1 : 7, threads);
    }
}

INSTANTIATE_TEST_SUITE_P(Shapes, BaselineShapes, testing::ValuesIn(kShapes),
                         [](const auto& info) { return std::string(info.param.name); });

// ties and bare majorities, which large graphs seldom have
TEST(Baselines, LabelsOfManySmallGraphs) {
  for (int seed = 1; seed <= 60; ++seed) {
    const std::string source =
        "gen:uniform:" + std::to_string(6 + seed % 20) + ":" + std::to_string(12 + 3 * seed);
    ReadOptions options;
    options.undirected = seed % 2 == 0;
    const Graph graph = read_graph(source + ":seed=" + std::to_string(seed), options);
    check(bench::algorithm_case("cdlp"), graph, 6, 1);
  }
}

TEST(BaselineThreads, SmallGraphsHaveOne) {
  const Graph small = read_graph("gen:path:10");
  EXPECT_EQ(bench::baseline_threads(small, {.threads = 4}), 1);
  EXPECT_EQ(bench::baseline_threads(small, {.threads = 4, .parallel_from = 0}), 4);
}

TEST(Verify, FindsWhatDiffers) {
  const std::int32_t a[] = {1, 2, 3}, b[] = {1, 2, 4};
  const Column x = Column::of<std::int32_t>(a), y = Column::of<std::int32_t>(b);
  EXPECT_NO_THROW(bench::expect_agreement(x, x, "labels"));
  try {
    bench::expect_agreement(x, y, "labels");
    FAIL();
  } catch (const RuntimeError& e) {
    EXPECT_STREQ(e.what(), "labels: node 2: expected 3, got 4");
  }
  const double near[] = {1, 1 + 1e-12}, far[] = {1, 1 + 1e-6};
  const Column one = Column::of<double>(std::vector<double>{1, 1});
  EXPECT_NO_THROW(bench::expect_agreement(one, Column::of<double>(near), "ranks"));
  EXPECT_THROW(bench::expect_agreement(one, Column::of<double>(far), "ranks"), RuntimeError);
  EXPECT_THROW(bench::expect_agreement(one, x, "ranks"), RuntimeError);
}

}  // namespace
}  // namespace monograph::test
