// Answers that come from somewhere else: the figures (exact arithmetic), the literature, hand computation.
#include <cmath>
#include <limits>

#include <gtest/gtest.h>
#include <monograph/monograph.h>

using namespace monograph;

namespace {

Graph five_nodes() {
  return Graph::from_edges({.source = {0, 1, 2, 2, 3, 4}, .target = {1, 2, 0, 3, 4, 2}, .attributes = {}, .ids = NodeIds::dense(5)});
}

void expect_near(std::span<const double> got, const std::vector<double>& want, double tolerance) {
  ASSERT_EQ(got.size(), want.size());
  for (std::size_t i = 0; i < want.size(); ++i) EXPECT_NEAR(got[i], want[i], tolerance) << i;
}

}  // namespace

TEST(KnownAnswers, PageRankAfterAHundredIterations) {
  const Result r = Session().run(pagerank(), five_nodes(), Parameters().set("tolerance", 0));
  EXPECT_EQ(r.iterations, 100);
  expect_near(r.column<double>("rank"), {.166958207, .171914483, .322254621, .166958207, .171914483}, 1e-9);
}

TEST(KnownAnswers, PageRankFixedPoint) {
  const Result r = Session().run(pagerank(), five_nodes(), Parameters().set("tolerance", 1e-15).set("max_iterations", 1000));
  const auto rank = r.column<double>("rank");
  expect_near(rank, {.166958211856, .171914480078, .322254616132, .166958211856, .171914480078}, 1e-12);
  double total = 0;
  for (double x : rank) total += x;
  EXPECT_NEAR(total, 1, 1e-14);
  EXPECT_TRUE(r.converged);
  EXPECT_LT(r.iterations, 1000);
}

TEST(KnownAnswers, PageRankSpreadsDanglingMass) {
  // 0 -> 1, and 1 has no way out: r1 = r0 (1 + d) for any d by the definition, r0 + r1 = 1
  const Result r = Session().run(pagerank(), Graph::from_edges({.source = {0}, .target = {1}, .attributes = {}, .ids = NodeIds::dense(2)}),
                                 Parameters().set("tolerance", 1e-16).set("max_iterations", 1000));
  expect_near(r.column<double>("rank"), {1 / 2.85, 1.85 / 2.85}, 1e-14);
}

TEST(KnownAnswers, ANodeByItself) {
  const Graph one = Graph::from_edges({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(1)});
  EXPECT_EQ(Session().run(pagerank(), one).column<double>("rank")[0], 1.0);
  EXPECT_EQ(Session().run(degree(), one).column<double>("degree")[0], 0.0);
}

TEST(KnownAnswers, BfsAndSsspOnAPathWithAnUnreachableNode) {
  Graph g = Graph::from_edges({.source = {0, 1, 3}, .target = {1, 2, 0}, .attributes = {}, .ids = NodeIds::dense(4)});
  g.set_edge_attribute("weight", Column::of(std::span<const double>(std::vector<double>{.5, 2, 1})));
  Session s;
  const auto level = s.run(bfs(), g, Parameters().set("source", 0));
  const std::int64_t never = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(std::vector<std::int64_t>(level.column<std::int64_t>("level").begin(), level.column<std::int64_t>("level").end()),
            (std::vector<std::int64_t>{0, 1, 2, never}));
  const auto distance = s.run(sssp(), g, Parameters().set("source", 0));
  EXPECT_EQ(distance.column<double>("distance")[2], 2.5);
  EXPECT_EQ(distance.column<double>("distance")[3], std::numeric_limits<double>::infinity());
  g.set_edge_attribute("weight", Column::of(std::span<const double>(std::vector<double>{.5, -2, 1})));
  EXPECT_THROW(s.run(sssp(), g), RuntimeError);
}

TEST(KnownAnswers, KarateClub) {
  const Graph g = read_graph("gen:karate");
  ASSERT_EQ(g.node_count(), 34);
  ASSERT_EQ(g.edge_count(), 2 * 78);
  Session s;
  // Zachary 1977: the administrator (34) has 17 ties, the instructor (1) 16
  const auto centrality = s.run(degree(), g);
  EXPECT_DOUBLE_EQ(centrality.column<double>("degree")[33], 17.0 / 33);
  EXPECT_DOUBLE_EQ(centrality.column<double>("degree")[0], 16.0 / 33);
  const auto component = s.run(wcc(), g);
  for (std::int32_t c : component.column<std::int32_t>("component")) EXPECT_EQ(c, 0);
  // the two leaders rank first; 34 ahead of 1
  const auto rank = s.run(pagerank(), g, Parameters().set("tolerance", 1e-12));
  const auto r = rank.column<double>("rank");
  for (std::size_t i = 0; i < 33; ++i) EXPECT_LT(r[i], r[33]);
  for (std::size_t i = 1; i < 33; ++i) EXPECT_LT(r[i], r[0]);
  EXPECT_NEAR(r[33], 0.100919, 1e-6);  // networkx's documentation prints the same graph's value at d = .85
}
