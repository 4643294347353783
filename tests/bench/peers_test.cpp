// `monograph_peers`: who is compared with whom, and what counts as the same answer.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>

#include <array>
#include <limits>

#include "bench/peers/compare.h"
#include "bench/peers/scaling.h"
#include "bench/report.h"

namespace monograph::test {
namespace {

using namespace monograph::bench::peers;
using bench::Report;

template <class T>
Column column_of(std::initializer_list<T> values) {
  return Column::of(std::span<const T>(values.begin(), values.size()));
}

/// Answers wcc with one component too many.
class Liar final : public Peer {
 public:
  explicit Liar(const Graph& graph) : nodes_(graph.node_count()) {}
  std::unique_ptr<Contestant> enter(const Question& q) override {
    if (q.algorithm != "wcc") return nullptr;
    return std::make_unique<Lie>(nodes_);
  }

 private:
  struct Lie final : Contestant {
    explicit Lie(std::int64_t nodes) : component(ScalarType::I32, nodes) {
      component.span<std::int32_t>()[0] = 1;
    }
    void run() override {}
    Answer answer() const override { return {{"component", component}}; }
    std::string method() const override { return "guesses"; }
    Column component;
  };
  std::int64_t nodes_;
};

PeerInfo liar() {
  return {.name = "liar",
          .version = "1",
          .one_thread = true,
          .missing = "",
          .open = [](const Graph& g) -> std::unique_ptr<Peer> { return std::make_unique<Liar>(g); }};
}

Report compared(std::span<const PeerInfo> peers, CompareOptions options) {
  options.repeats = 3, options.seconds = 0.5;
  Report report = bench::new_report("peers", {.threads = options.threads});
  compare(report, peers, options);
  return report;
}

TEST(Peers, RowsAreOfThoseWhoAnswerRight) {
  const std::array peers{native_peer(), liar(),
                         PeerInfo{.name = "nobody", .version = "", .missing = "not installed"}};
  const Report report = compared(peers, {.graphs = {"gen:grid:9:11"}, .algorithms = {"wcc"}, .threads = 1});
  EXPECT_EQ(report["peers"].size(), 3u);
  EXPECT_EQ(report["graphs"][0]["edges"], 2 * (8 * 11 + 9 * 10));
  ASSERT_EQ(report["rows"].size(), 1u);
  const Report& row = report["rows"][0];
  for (const char* field : {"algorithm", "setting", "graph", "peer", "method", "tier"})
    EXPECT_TRUE(row[field].is_string()) << field;
  for (const char* field : {"ours_ms", "peer_ms", "ratio"}) EXPECT_GT(row[field], 0) << field;
  EXPECT_EQ(row["peer"], "native");
  EXPECT_EQ(row["repetitions"], 3);
  EXPECT_GE(row["spread"], 0);
  ASSERT_EQ(report["failures"].size(), 1u);
  EXPECT_EQ(report["failures"][0]["peer"], "liar");
  EXPECT_EQ(report["failures"][0]["what"],
            "wcc on gen:grid:9:11, liar: node 1: expected the same part as others of 0, got 0");
}

TEST(Peers, WhatTakesLongHasOneRound) {
  const std::array peers{native_peer()};
  Report report = bench::new_report("peers", {});
  int kept = 0;
  compare(report, peers,
          {.graphs = {"gen:path:9", "gen:path:8"},
           .algorithms = {"wcc"},
           .threads = 1,
           .seconds = 0,
           .keep = [&](const Report& r) { kept += static_cast<int>(r["rows"].size()); }});
  ASSERT_EQ(report["rows"].size(), 2u);
  EXPECT_EQ(report["rows"][0]["repetitions"], 1);
  EXPECT_EQ(kept, 1 + 2);
}

TEST(Peers, WhatIsNotAskedIsSaid) {
  const std::array peers{liar()};
  const Report report = compared(
      peers, {.graphs = {"gen:path:5"}, .algorithms = {"cdlp", "bfs"}, .directed = true, .threads = 1});
  ASSERT_EQ(report["skipped"].size(), 2u);
  EXPECT_EQ(report["skipped"][0]["reason"], "of undirected graphs only");
  EXPECT_EQ(report["skipped"][1]["reason"], "no peer that is here has it");
  EXPECT_TRUE(report["rows"].empty());
}

TEST(Peers, UnknownAlgorithmsAreUsageErrors) {
  EXPECT_THROW(compared({}, {.graphs = {}, .algorithms = {"pagerang"}}), UsageError);
}

TEST(Peers, AGraphWithoutNodesIsSkippedAndOneWithFewHasFewSources) {
  const std::array peers{native_peer()};
  const Report none = compared(peers, {.graphs = {"gen:path:0"}, .algorithms = {"betweenness"}});
  ASSERT_EQ(none["skipped"].size(), 1u);
  EXPECT_EQ(none["skipped"][0]["reason"], "the graph has no nodes");
  const Graph two = comparable_graph("gen:path:2", {});
  for (const Case& c : cases())
    if (c.algorithm == "betweenness") {
      EXPECT_LE(question_of(c, two).sources.size(), 2u);
    }
}

TEST(Peers, GraphsHaveWeightsFromTheirEnds) {
  const Graph g = comparable_graph("gen:rmat:6:8", {});
  EXPECT_TRUE(g.undirected());
  const auto weights = g.edge_attribute("weight")->span<double>();
  const Adjacency out = g.out();
  for (std::int32_t u = 0; u < g.node_count(); ++u)
    for (auto k = out.offsets[static_cast<std::size_t>(u)]; k < out.offsets[static_cast<std::size_t>(u) + 1];
         ++k) {
      const std::int32_t v = out.neighbors[static_cast<std::size_t>(k)];
      EXPECT_NE(u, v);
      EXPECT_GE(weights[static_cast<std::size_t>(k)], 1);
      EXPECT_LE(weights[static_cast<std::size_t>(k)], 255);
      for (auto j = out.offsets[static_cast<std::size_t>(v)];
           j < out.offsets[static_cast<std::size_t>(v) + 1]; ++j)
        if (out.neighbors[static_cast<std::size_t>(j)] == u) {
          EXPECT_EQ(weights[static_cast<std::size_t>(k)], weights[static_cast<std::size_t>(j)]);
        }
    }
}

// 0 - 1 - 2 - 3, weights of 1, and a far shortcut 0 - 3
Graph small() {
  EdgeList list{.source = {0, 1, 2, 0}, .target = {1, 2, 3, 3}, .ids = NodeIds::dense(5), .undirected = true};
  list.attributes.push_back({"weight", column_of<double>({1, 1, 1, 9})});
  return Graph::from_edges(std::move(list));
}

const double kInfinity = std::numeric_limits<double>::infinity();
constexpr std::int64_t kUnreached = std::numeric_limits<std::int64_t>::max();

TEST(Agreement, OfNumbers) {
  const Answer ours{{"x", column_of<double>({1, 0, kInfinity})}};
  EXPECT_NO_THROW(equal({}, ours, {{"x", column_of<double>({1.00009, 0, kInfinity})}}, "w"));
  for (const auto& wrong :
       {column_of<double>({1.0002, 0, kInfinity}), column_of<double>({1, 1e-9, kInfinity}),
        column_of<double>({1, 0, 5}), column_of<double>({1, 0, std::nan("")}), column_of<double>({1, 0})})
    EXPECT_THROW(equal({}, ours, {{"x", wrong}}, "w"), RuntimeError);
  EXPECT_THROW(equal({}, ours, {{"y", column_of<double>({1})}}, "w"), RuntimeError);
  EXPECT_THROW(
      equal({}, {{"x", column_of<std::int64_t>({100000})}}, {{"x", column_of<std::int64_t>({100001})}}, "w"),
      RuntimeError);
}

TEST(Agreement, OfMasks) {
  const Answer ours{{"mask", column_of<bool>({true, false})}};
  EXPECT_NO_THROW(bench::peers::equal({}, ours, ours, "w"));
  EXPECT_THROW(equal({}, ours, {{"mask", column_of<bool>({true, true})}}, "w"), RuntimeError);
}

TEST(Agreement, OfPartitions) {
  const Answer ours{{"component", column_of<std::int32_t>({0, 0, 2})}};
  EXPECT_NO_THROW(same_partition({}, ours, {{"c", column_of<std::int32_t>({7, 7, 1})}}, "w"));
  EXPECT_THROW(same_partition({}, ours, {{"c", column_of<std::int32_t>({7, 7, 7})}}, "w"), RuntimeError);
  EXPECT_THROW(same_partition({}, ours, {{"c", column_of<std::int32_t>({7, 8, 1})}}, "w"), RuntimeError);
}

TEST(Agreement, OfBreadthFirstSearches) {
  const Graph g = small();
  const Column level = column_of<std::int64_t>({0, 1, 2, 1, kUnreached});
  const Answer ours{{"level", level}, {"parent", column_of<std::int32_t>({0, 0, 1, 0, -1})}};
  const auto check = [&](const Column& levels, std::initializer_list<std::int32_t> parents) {
    same_searches(g, ours, {{"level", levels}, {"parent", column_of<std::int32_t>(parents)}}, "w");
  };
  EXPECT_NO_THROW(check(level, {0, 0, 1, 0, -1}));
  EXPECT_NO_THROW(check(level, {0, 0, 3, 0, -1}));  // another parent as near
  EXPECT_THROW(check(column_of<std::int64_t>({0, 1, 2, 2, kUnreached}), {0, 0, 1, 0, -1}), RuntimeError);
  EXPECT_THROW(check(level, {0, 0, 0, 0, -1}), RuntimeError);   // no such edge
  EXPECT_THROW(check(level, {0, 2, 1, 0, -1}), RuntimeError);   // farther
  EXPECT_THROW(check(level, {0, 0, -1, 0, -1}), RuntimeError);  // none
  EXPECT_THROW(check(level, {0, 0, 1, 0, 3}), RuntimeError);    // of one that is not reached
  EXPECT_THROW(check(level, {1, 0, 1, 0, -1}), RuntimeError);   // of the source
}

TEST(Agreement, OfShortestPaths) {
  const Graph g = small();
  const Column distance = column_of<double>({0, 1, 2, 3, kInfinity});
  const Answer ours{{"distance", distance}};
  EXPECT_NO_THROW(same_searches(g, ours, {{"distance", distance}}, "w"));
  EXPECT_NO_THROW(same_searches(
      g, ours, {{"distance", distance}, {"parent", column_of<std::int32_t>({0, 0, 1, 2, -1})}}, "w"));
  EXPECT_THROW(
      same_searches(g, ours, {{"distance", distance}, {"parent", column_of<std::int32_t>({0, 0, 1, 0, -1})}},
                    "w"),
      RuntimeError);
  EXPECT_THROW(same_searches(g, ours, {{"distance", column_of<double>({0, 1, 2, 9, kInfinity})}}, "w"),
               RuntimeError);
}

TEST(Agreement, OfCommunitiesThatSettled) {
  const Graph g = small();
  const Answer settled{{"label", column_of<std::int32_t>({0, 0, 0, 0, 4})}};
  EXPECT_NO_THROW(both_settled(g, settled, {{"label", column_of<std::int32_t>({3, 3, 3, 3, 9})}}, "w"));
  const Answer moving{{"label", column_of<std::int32_t>({0, 0, 2, 0, 4})}};
  EXPECT_THROW(both_settled(g, settled, moving, "w"), RuntimeError);
  EXPECT_THROW(both_settled(g, moving, settled, "w"), RuntimeError);
}

Report scaling_row(const std::string& graph, const std::string& level, double ns, double memory, double csr) {
  return {{"algorithm", "wcc"}, {"family", "rmat"},
          {"graph", graph},     {"level", level},
          {"ns_per_edge", ns},  {"csr_mb", csr},
          {"columns_mb", 20.},  {"memory_mb", memory < 0 ? Report() : Report(memory)}};
}

TEST(Scaling, GrowthIsBoundedWithinALevelOfMemory) {
  Report rows = {scaling_row("a", "L2", 2, 1, 1), scaling_row("b", "L2", 1, 1, 1),
                 scaling_row("c", "L2", 1.3, 1, 1), scaling_row("d", "L2", 1.31, 1, 1),
                 scaling_row("e", "memory", 5, 1, 1)};
  check_growth(rows);
  EXPECT_TRUE(rows[0]["growth_ok"].is_null());
  EXPECT_EQ(rows[1]["growth"], 0.5);
  EXPECT_EQ(rows[2]["growth_ok"], true);
  EXPECT_EQ(rows[3]["growth_ok"], false);
  EXPECT_EQ(rows[3]["growth"], 1.31);
  EXPECT_EQ(rows[3]["ns_bound"], 1.3);
  EXPECT_TRUE(rows[4]["growth"].is_null());  // the first in memory
}

TEST(Scaling, MemoryIsBoundedByRowsAndColumns) {
  Report rows = {scaling_row("a", "L2", 1, 150, 100), scaling_row("b", "L2", 1, 151, 100),
                 scaling_row("c", "L2", 1, 500, 40), scaling_row("d", "L2", 1, -1, 100)};
  check_memory(rows);
  EXPECT_EQ(rows[0]["memory_bound_mb"], 150);
  EXPECT_EQ(rows[0]["memory_ok"], true);
  EXPECT_EQ(rows[1]["memory_ok"], false);
  EXPECT_TRUE(rows[2]["memory_ok"].is_null());  // too small to tell
  EXPECT_TRUE(rows[3]["memory_ok"].is_null());  // not known
}

TEST(Scaling, KnowsWhichCacheHoldsIt) {
  const Caches caches{.l1 = 100, .l2 = 1000, .l3 = 0};
  EXPECT_EQ(caches.level_of(100), "L1");
  EXPECT_EQ(caches.level_of(1000), "L2");
  EXPECT_EQ(caches.level_of(1001), "memory");
}

TEST(Scaling, SeesThePeakOfMemory) {
  if (!forget_peak() || !peak_memory()) GTEST_SKIP() << "the system does not tell";
  const std::int64_t before = *current_memory();
  ASSERT_TRUE(forget_peak());
  {
    Column big(ScalarType::F64, 8 << 20);
    for (double& x : big.span<double>()) x = 1;
  }
  EXPECT_GT(*peak_memory() - before, 60 << 20);
  EXPECT_LT(*current_memory() - before, 30 << 20);
  ASSERT_TRUE(forget_peak());
  EXPECT_LT(*peak_memory() - before, 30 << 20);
}

TEST(Scaling, Rows) {
  Report report = bench::new_report("peers", {});
  ScalingOptions options{.most_edges = std::int64_t{32} << 14,
                         .compare = {.algorithms = {"wcc"}, .threads = 1, .repeats = 3, .seconds = 0}};
  scaling(report, options);
  ASSERT_EQ(report["scaling"].size(), 3u);  // rmat-14, grid-128, grid-256
  for (const Report& row : report["scaling"]) {
    for (const char* field : {"algorithm", "family", "graph", "tier", "level"})
      EXPECT_TRUE(row[field].is_string()) << field;
    for (const char* field : {"nodes", "edges", "iterations", "repetitions", "gathered_bytes"})
      EXPECT_TRUE(row[field].is_number_integer()) << field;
    for (const char* field : {"ms", "ns_per_edge", "csr_mb", "columns_mb"}) EXPECT_GT(row[field], 0) << field;
    for (const char* field : {"growth", "growth_ok", "ns_bound", "memory_mb", "memory_bound_mb", "memory_ok"})
      EXPECT_TRUE(row.contains(field)) << field;
  }
}

}  // namespace
}  // namespace monograph::test
