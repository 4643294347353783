// The hand-written searches give what the oracle gives: levels, distances to the last bit, and the same tree.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include "algorithms/shapes.h"
#include "bench/baseline.h"

namespace monograph::test {
namespace {

using MakePaths = std::unique_ptr<bench::PathBaseline> (*)(const Graph&, std::int32_t,
                                                           const bench::BaselineOptions&);

template <class T>
void expect_same(const Result& want, const char* output, const Column& got, const std::string& what) {
  const auto a = want.column<T>(output), b = got.span<T>();
  for (std::size_t v = 0; v < a.size(); ++v) ASSERT_EQ(a[v], b[v]) << what << ", " << output << ' ' << v;
}

template <class T>
void check(const Program& program, MakePaths make, const char* output, const Graph& g,
           const std::string& name) {
  static Session session({.backend = "reference"});
  const std::int64_t nodes = g.node_count();
  for (const std::int64_t source : {std::int64_t{0}, nodes / 2, nodes - 1}) {
    const Result want = session.run(
        program, g, Parameters().set_text("source", g.ids().text(static_cast<std::int32_t>(source))));
    for (const int threads : {1, 3}) {
      const auto baseline = make(g, static_cast<std::int32_t>(source),
                                 {.threads = threads, .parallel_from = threads > 1 ? 0 : 1 << 30});
      const std::string what = name + ", " + std::to_string(threads) + " threads";
      for (int run = 0; run < 2; ++run) {  // the second starts from the beginning again
        baseline->run();
        expect_same<T>(want, output, baseline->result(), what);
        expect_same<std::int32_t>(want, "parent", baseline->parents(), what);
      }
    }
  }
}

void check_both(const Graph& g, const std::string& name) {
  if (g.node_count() == 0) return;
  check<std::int64_t>(bfs(), bench::bfs_baseline, "level", g, name);
  check<double>(sssp(), bench::sssp_baseline, "distance", g, name);
}

TEST(PathBaselines, AgreeWithTheOracleOnEveryShape) {
  for (const auto& [name, graph] : shapes()) check_both(graph, name);
}

// many fronts of thousands of nodes, in both directions; buckets of thousands
TEST(PathBaselines, AgreeWithTheOracleOnLargerOnes) {
  for (const char* source : {"gen:rmat:11:12:weights=0..9", "gen:grid:40:50:weights=1..5"})
    for (const bool undirected : {false, true})
      check_both(read_graph(source, {.undirected = undirected}), source);
}

}  // namespace
}  // namespace monograph::test
