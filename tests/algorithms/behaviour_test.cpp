// What parameters do, what is refused, and what estimates are near to.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "algorithms/checkers.h"
#include "algorithms/shapes.h"

namespace monograph::test {
namespace {

Session& session() {
  static Session s({.cpu_tier = CpuTier::Tiles});
  return s;
}

const Graph& karate() {
  static const Graph g = [] {
    Graph k = read_graph("gen:karate");
    add_node_attributes(k);
    Column ones(ScalarType::F64, k.edge_count());
    std::fill(ones.span<double>().begin(), ones.span<double>().end(), 1.0);
    k.set_edge_attribute("weight", ones);
    return k;
  }();
  return g;
}

Graph with_weight(double weight) { return with_weights(3, {{0, 1}, {1, 2}}, {1, weight}); }

std::string refusal(const Program& p, const Graph& g, const Parameters& parameters = {}) {
  try {
    session().run(p, g, parameters);
  } catch (const Error& error) {
    return error.what();
  }
  return "ran";
}

}  // namespace

TEST(Behaviour, WeightsThatMakeNoSenseAreRefused) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const char* name : {"sssp", "modularity", "louvain", "attribute_propagation"})
    for (const double weight : {-1.0, nan})
      EXPECT_NE(refusal(find_algorithm(name)->make(), with_weight(weight))
                    .find(std::string(name) + ": expected weights of at least 0"),
                std::string::npos)
          << name << ' ' << weight;
  EXPECT_NE(refusal(minimum_spanning_forest(), with_weight(nan)).find("found NaN"), std::string::npos);
  EXPECT_EQ(session().run(minimum_spanning_forest(), with_weight(-3)).scalar<double>("total"), -2);
  Graph g = karate();
  g.set_node_attribute("restart", Column::of(std::span<const double>(std::vector<double>(34, -1))));
  EXPECT_NE(refusal(personalized_pagerank(), g).find("expected a restart of at least 0"), std::string::npos);
  g.set_node_attribute("community",
                       Column::of(std::span<const std::int64_t>(std::vector<std::int64_t>(34, 34))));
  EXPECT_THROW(session().run(modularity(), g), RuntimeError);
}

TEST(Behaviour, ANodeThatIsNotThereIsRefused) {
  for (const AlgorithmInfo& a : algorithms())
    for (const ParameterInfo& p : a.make().parameters())
      if (p.is_node) {
        EXPECT_THROW(session().run(a.make(), karate(), Parameters().set_text(p.name, "35")), UsageError)
            << a.name;
      }
}

TEST(Behaviour, AnAttributeThatIsNotThereIsRefused) {
  const Graph bare = read_graph("gen:path:3");
  for (const char* name :
       {"sssp", "minimum_spanning_forest", "weighted_degree", "modularity", "attribute_propagation"})
    EXPECT_NE(refusal(find_algorithm(name)->make(), bare).find("there is no "), std::string::npos) << name;
}

TEST(Behaviour, WithoutARestartAttributeWalksRestartAtTheSource) {
  Graph g = karate(), there = g;
  std::vector<double> at_seven(34, 0.0);
  at_seven[6] = 3;
  there.set_node_attribute("restart", Column::of(std::span<const double>(at_seven)));
  g.set_node_attribute("restart", Column(ScalarType::F64, 34));
  const auto exact = Parameters().set("tolerance", 1e-13).set("max_iterations", 1000);
  const Result want = session().run(personalized_pagerank(), there, exact);
  const Result got = session().run(personalized_pagerank(), g, Parameters(exact).set_text("source", "7"));
  const auto rank = want.column<double>("rank");
  EXPECT_EQ(near(got.column<double>("rank"), {rank.begin(), rank.end()}), "");
}

// Over many samples the mean is near what all nodes give, since each is drawn as often as any other.
TEST(Behaviour, ASampleOfSourcesEstimatesTheWhole) {
  for (const char* name : {"betweenness", "closeness", "harmonic"}) {
    const Program p = find_algorithm(name)->make();
    const Result whole = session().run(p, karate());
    const auto exact = whole.column<double>(name);
    std::vector<double> mean(34, 0.0);
    constexpr int kTimes = 30;
    for (int seed = 0; seed < kTimes; ++seed) {
      const Result r = session().run(p, karate(), Parameters().set("samples", 17).set("seed", seed));
      for (std::size_t v = 0; v < 34; ++v) mean[v] += r.column<double>(name)[v] / kTimes;
    }
    for (std::size_t v = 0; v < 34; ++v)
      EXPECT_NEAR(mean[v], exact[v], 0.02 + 0.1 * exact[v]) << name << ' ' << v;
    const Result some = session().run(p, karate(), Parameters().set("samples", 3));
    EXPECT_NE(near(some.column<double>(name), {exact.begin(), exact.end()}, 1e-3), "") << "it takes them all";
  }
}

// A walk on an undirected graph stands at a node in proportion to its degree, however long; by weight, to its
// strength.
TEST(Behaviour, LongWalksStandAtNodesInProportionToTheirStrength) {
  Graph g = with_attributes(12, random_ends(12, 40, 4, true), true);
  for (const bool weighted : {false, true}) {
    const Result r =
        session().run(random_walk(), g, Parameters().set("length", 4000).set("weighted", weighted));
    const Result strength = session().run(weighted ? weighted_degree() : degree(), g);
    const auto s = strength.column<double>(weighted ? "weighted_degree" : "degree");
    const double total = std::accumulate(s.begin(), s.end(), 0.0);
    for (std::size_t v = 0; v < 12; ++v)
      EXPECT_NEAR(static_cast<double>(r.column<std::int64_t>("visits")[v]) / (12 * 4001.0), s[v] / total,
                  0.008)
          << v << ' ' << weighted;
  }
}

TEST(Behaviour, WalksBeginTogetherAndRestart) {
  const Parameters together = Parameters().set("together", true).set("length", 0).set_text("source", "34");
  const Result r = session().run(random_walk(), karate(), together);
  EXPECT_EQ(r.column<std::int64_t>("visits")[33], 34);
  const Result always =
      session().run(random_walk(), karate(), Parameters().set("restart", 1).set("length", 5));
  for (std::size_t v = 0; v < 34; ++v) EXPECT_EQ(always.column<std::int64_t>("visits")[v], 6) << v;
}

TEST(Behaviour, AnotherSeedIsAnotherSet) {
  for (const char* name : {"maximal_independent_set", "colouring", "random_walk"}) {
    const Program p = find_algorithm(name)->make();
    const std::string first = p.outputs().front().name;
    const auto bits = [&](int seed) {
      const Result r = session().run(p, karate(), Parameters().set("seed", seed));
      const Column& c = r.output(first).column;
      return std::string(static_cast<const char*>(c.data()), static_cast<std::size_t>(c.bytes()));
    };
    EXPECT_EQ(bits(1), bits(1)) << name;
    EXPECT_NE(bits(1), bits(2)) << name;
  }
}

// One after the other, in the order of ids: what a loop over the nodes does.
TEST(Behaviour, MessagePassSequentially) {
  const Graph& g = karate();
  const Lists lists = both_lists(g);
  std::vector<std::int32_t> label(34);
  for (std::int32_t v = 0; v < 34; ++v) label[static_cast<std::size_t>(v)] = v;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t v = 0; v < 34; ++v) {
      std::map<std::int32_t, int> votes;
      for (const auto& [u, weight] : lists[v]) ++votes[label[static_cast<std::size_t>(u)]];
      int most = 0;
      for (const auto& [l, count] : votes) most = std::max(most, count);
      if (votes[label[v]] == most) continue;
      for (const auto& [l, count] : votes)
        if (count == most) {
          label[v] = l, changed = true;
          break;
        }
    }
  }
  const Result r = session().run(message_pass(), g, Parameters().set("sequential", true));
  EXPECT_TRUE(r.converged);
  const auto got = r.column<std::int32_t>("label");
  EXPECT_EQ(std::vector<std::int32_t>(got.begin(), got.end()), label);
}

// On one edge the two exchange labels for ever, until the limit; taken in turn they agree.
TEST(Behaviour, PropagationAtOnceMayNotSettle) {
  const Graph edge = with_attributes(2, {{0, 1}}, true);
  const Result at_once = session().run(label_propagation(), edge);
  EXPECT_FALSE(at_once.converged);
  EXPECT_EQ(at_once.iterations, 100);
  const Result in_turn = session().run(message_pass(), edge);
  EXPECT_TRUE(in_turn.converged);
  EXPECT_EQ(in_turn.column<std::int32_t>("label")[0], in_turn.column<std::int32_t>("label")[1]);
}

// Every level has fewer communities and more modularity, and each community lies in one of the next level.
TEST(Behaviour, LouvainLevelsRise) {
  for (const Graph& g : {karate(), with_attributes(300, random_ends(300, 900, 9, true), true),
                         with_attributes(300, random_ends(300, 900, 9, false))}) {
    const CommunityLevels all = louvain_levels(session(), g);
    ASSERT_GE(all.levels.size(), 2u);
    std::size_t before = static_cast<std::size_t>(g.node_count()) + 1;
    for (std::size_t l = 0; l < all.levels.size(); ++l) {
      const auto label = std::as_const(all.levels[l]).span<std::int32_t>();
      const std::set<std::int32_t> distinct(label.begin(), label.end());
      EXPECT_LT(distinct.size(), before) << l;
      before = distinct.size();
      if (l == 0) continue;
      EXPECT_GT(all.modularity[l], all.modularity[l - 1]);
      const auto finer = std::as_const(all.levels[l - 1]).span<std::int32_t>();
      for (std::size_t v = 0; v < label.size(); ++v)
        EXPECT_EQ(label[v], label[static_cast<std::size_t>(finer[v])]) << v;
    }
    const Result r = run_louvain(session(), g);
    EXPECT_EQ(checker_of("louvain")(g, r), "");
    EXPECT_EQ(r.iterations, static_cast<std::int64_t>(all.levels.size()));
    EXPECT_EQ(r.scalar<double>("modularity"), all.modularity.back());
  }
}

TEST(Behaviour, WhatARunOfLouvainRefusesSoDoTheLevels) {
  EXPECT_THROW(louvain_levels(session(), with_weight(-1)), RuntimeError);
  EXPECT_THROW(louvain_levels(session(), karate(), Parameters().set("passes", 3)), UsageError);
  EXPECT_EQ(louvain_levels(session(), Graph()).levels.size(), 1u);
}

}  // namespace monograph::test
