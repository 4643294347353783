// Figures that were printed elsewhere, for graphs that everybody has.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <numeric>

#include "algorithms/shapes.h"

namespace monograph::test {
namespace {

const std::string kShared = MONOGRAPH_SHARED_DATA;
#define MONOGRAPH_NEED_SHARED_DATA() \
  if (!std::filesystem::exists(kShared + "/README.md")) GTEST_SKIP() << "no test data at " << kShared

Session& quiet_session() {
  static Session s({.cpu_tier = CpuTier::Tiles});
  return s;
}

Graph with_ones(Graph g) {
  Column ones(ScalarType::F64, g.edge_count());
  std::fill(ones.span<double>().begin(), ones.span<double>().end(), 1.0);
  g.set_edge_attribute("weight", ones);
  return g;
}

Graph karate_club() { return with_ones(read_graph("gen:karate")); }
Graph shared(const std::string& name) { return with_ones(read_graph(kShared + "/small/" + name + ".mtx")); }

/// Nodes by value, the largest first, ties by index; counted from 0.
std::vector<std::int64_t> leading(std::span<const double> x, std::size_t count) {
  std::vector<std::int64_t> order(x.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::int64_t a, std::int64_t b) {
    return x[static_cast<std::size_t>(a)] > x[static_cast<std::size_t>(b)];
  });
  order.resize(std::min(count, order.size()));
  return order;
}

std::size_t parts(std::span<const std::int32_t> label) {
  std::vector<std::int32_t> sorted(label.begin(), label.end());
  std::sort(sorted.begin(), sorted.end());
  return static_cast<std::size_t>(std::unique(sorted.begin(), sorted.end()) - sorted.begin());
}

}  // namespace

// Zachary 1977 with the two clubs into which it split; Q as Newman, Girvan 2004 and networkx's documentation.
TEST(Literature, ModularityOfTheKarateClubsSplit) {
  Graph g = karate_club();
  std::vector<std::int64_t> club(34, 33);
  for (const int member : {1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 17, 18, 20, 22})
    club[static_cast<std::size_t>(member - 1)] = 0;
  g.set_node_attribute("community", Column::of(std::span<const std::int64_t>(club)));
  EXPECT_NEAR(quiet_session().run(modularity(), g).scalar<double>("modularity"), 0.3582347, 1e-7);
}

// Freeman's betweenness and closeness, Bonacich's eigenvector, as networkx prints them.
TEST(Literature, CentralitiesOfTheKarateClub) {
  const Graph g = karate_club();
  const Result between = quiet_session().run(betweenness(), g);
  const auto b = between.column<double>("betweenness");
  EXPECT_NEAR(b[0], 0.4376353, 1e-7);
  EXPECT_NEAR(b[33], 0.3040750, 1e-7);
  EXPECT_NEAR(b[32], 0.1452471, 1e-7);
  EXPECT_NEAR(b[2], 0.1436568, 1e-7);
  EXPECT_NEAR(b[31], 0.1382756, 1e-7);
  const Result eigen = quiet_session().run(eigenvector(), g);
  const auto e = eigen.column<double>("eigenvector");
  EXPECT_NEAR(e[33], 0.37337, 2e-5);  // where its iteration stops
  EXPECT_NEAR(e[0], 0.35548, 2e-5);
  // on an undirected graph hubs, authorities and the eigenvector are one
  const Result both = quiet_session().run(hits(), g);
  for (std::size_t v = 0; v < 34; ++v) EXPECT_NEAR(both.column<double>("hub")[v], e[v], 1e-6);
}

TEST(Literature, CoresOfTheKarateClub) {
  const Result r = quiet_session().run(k_core(), karate_club(), Parameters().set("k", 4));
  const auto core = r.column<std::int64_t>("core");
  std::vector<int> members;
  for (std::size_t v = 0; v < 34; ++v)
    if (r.column<bool>("mask")[v]) members.push_back(static_cast<int>(v) + 1);
  EXPECT_EQ(*std::max_element(core.begin(), core.end()), 4);
  EXPECT_EQ(members, (std::vector<int>{1, 2, 3, 4, 8, 9, 14, 31, 33, 34}));
}

// Closeness and the clustering of Watts and Strogatz, as networkx prints them; 45 triangles.
TEST(Literature, ClusteringOfTheKarateClub) {
  const auto lcc_of = [](const Graph& g) {
    const Result r = quiet_session().run(lcc(), g);
    double total = 0;
    for (const double c : r.column<double>("lcc")) total += c;
    return total / static_cast<double>(g.node_count());
  };
  EXPECT_NEAR(quiet_session().run(closeness(), karate_club()).column<double>("closeness")[0], 0.5689655,
              1e-7);
  EXPECT_EQ(quiet_session().run(triangle_count(), karate_club()).scalar<std::int64_t>("triangles"), 45);
  EXPECT_NEAR(lcc_of(karate_club()), 0.5706385, 1e-7);
  MONOGRAPH_NEED_SHARED_DATA();
  EXPECT_EQ(quiet_session().run(triangle_count(), shared("dolphins")).scalar<std::int64_t>("triangles"), 95);
  EXPECT_NEAR(lcc_of(shared("dolphins")), 0.2589582, 1e-7);
  EXPECT_EQ(quiet_session().run(triangle_count(), shared("netscience")).scalar<std::int64_t>("triangles"),
            3764);
}

// Brandes et al.: On modularity clustering, 2008: the largest there are, 0.4198 and 0.5285.
TEST(Literature, LouvainComesNearTheLargestModularity) {
  const auto found = [](const Graph& g) {
    return run_louvain(quiet_session(), g).scalar<double>("modularity");
  };
  EXPECT_GT(found(karate_club()), 0.40);
  EXPECT_LT(found(karate_club()), 0.41980);
  MONOGRAPH_NEED_SHARED_DATA();
  EXPECT_GT(found(shared("dolphins")), 0.505);
  EXPECT_LT(found(shared("dolphins")), 0.52853);
  EXPECT_GT(found(shared("netscience")), 0.95);
}

// cuGraph's expected files: the ten leading nodes.
TEST(Literature, KatzLeadersOfCuGraph) {
  MONOGRAPH_NEED_SHARED_DATA();
  for (const std::string name : {"karate", "dolphins", "polbooks", "netscience"}) {
    std::ifstream file(kShared + "/small/katz-expected/" + name + ".csv");
    std::vector<std::int64_t> want;
    for (std::int64_t v = 0; file >> v;) want.push_back(v);
    ASSERT_EQ(want.size(), 10u) << name;
    const Result r = quiet_session().run(katz(), shared(name));
    EXPECT_TRUE(r.converged) << name;
    EXPECT_EQ(leading(r.column<double>("katz"), 10), want) << name;
  }
}

// Lusseau et al. 2003: 62 dolphins, 159 ties, one component.
// Newman 2006: 1589 scientists in network science, 379 of them in the largest component.
TEST(Literature, ComponentsOfDolphinsAndScientists) {
  MONOGRAPH_NEED_SHARED_DATA();
  const Graph dolphins = shared("dolphins"), science = shared("netscience");
  EXPECT_EQ(dolphins.node_count(), 62);
  EXPECT_EQ(dolphins.edge_count(), 2 * 159);
  EXPECT_EQ(parts(quiet_session().run(wcc(), dolphins).column<std::int32_t>("component")), 1u);
  EXPECT_EQ(science.node_count(), 1589);
  for (const Program& p : {wcc(), scc()}) {
    const Result r = quiet_session().run(p, science);
    const auto component = r.column<std::int32_t>("component");
    EXPECT_EQ(parts(component), 396u);
    std::map<std::int32_t, int> sizes;
    int largest = 0;
    for (const std::int32_t c : component) largest = std::max(largest, ++sizes[c]);
    EXPECT_EQ(largest, 379);
  }
  // a forest has V - components edges
  const Result forest = quiet_session().run(minimum_spanning_forest(), science);
  EXPECT_EQ(forest.scalar<double>("total"), 1589 - 396);
  // the paper with the most authors, 20 of them, is a 19-core
  const Result cores = quiet_session().run(k_core(), science);
  const auto core = cores.column<std::int64_t>("core");
  EXPECT_EQ(*std::max_element(core.begin(), core.end()), 19);
}

}  // namespace monograph::test
