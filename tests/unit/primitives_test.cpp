// Functions of the DSL that are compositions, and contraction: values by hand.
#include <gtest/gtest.h>
#include <monograph/order.h>
#include <monograph/session.h>

#include <algorithm>
#include <cstring>
#include <numeric>

#include "unit/test_programs.h"

namespace monograph::test {
namespace {

using I64s = std::vector<std::int64_t>;
using F64s = std::vector<double>;

Graph graph_of(std::int64_t nodes, const std::vector<std::pair<int, int>>& edges, bool undirected) {
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes), .undirected = undirected};
  for (const auto& e : edges) list.source.push_back(e.first), list.target.push_back(e.second);
  return Graph::from_edges(std::move(list));
}
/// Triangles 0 1 2 and 3 4 5, joined by 2-3.
Graph two_communities() {
  return graph_of(6, {{0, 1}, {0, 2}, {1, 2}, {2, 3}, {3, 4}, {3, 5}, {4, 5}}, true);
}

using Body = std::function<void(ProgramBuilder&, GraphRef)>;
Column output_of(const Graph& graph, const Body& body, const std::string& name = "x") {
  std::vector<Column> all;
  for (const char* backend : {"reference", "cpu"}) {
    Session session({.backend = backend});
    const Result result = session.run(session.compile(testing::program_of("test", body)), graph);
    for (const Output& o : result.outputs())
      if (o.name == name) all.push_back(o.column);
  }
  if (all.size() != 2) throw InternalError("no output " + name);
  EXPECT_EQ(all[0].bytes(), all[1].bytes());
  EXPECT_EQ(std::memcmp(std::as_const(all[0]).data(), std::as_const(all[1]).data(),
                        static_cast<std::size_t>(all[0].bytes())),
            0);
  return all[0];
}
template <class T>
std::vector<T> list(const Column& c) {
  const auto s = c.span<T>();
  return {s.begin(), s.end()};
}

TEST(GroupBy, EveryMemberGetsTheGroupsValue) {
  const auto grouped = [](Aggregate a) {
    return [a](ProgramBuilder& p, GraphRef g) {
      const Value index = as_i64(g.node_index()), labels = safe_mod(index, 2);
      const bool logical = a == Aggregate::Any || a == Aggregate::All || a == Aggregate::Count;
      p.output("x", g.group_by(labels, logical ? index > 3 : index, a));
    };
  };
  const Graph g = two_communities();
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::Sum))), (I64s{6, 9, 6, 9, 6, 9}));
  EXPECT_EQ(list<double>(output_of(g, grouped(Aggregate::Mean))), (F64s{2, 3, 2, 3, 2, 3}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::Min))), (I64s{0, 1, 0, 1, 0, 1}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::Max))), (I64s{4, 5, 4, 5, 4, 5}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::Prod))), (I64s{0, 15, 0, 15, 0, 15}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::Count))), (I64s{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::BitOr))), (I64s{6, 7, 6, 7, 6, 7}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, grouped(Aggregate::BitAnd))), (I64s{0, 1, 0, 1, 0, 1}));
  EXPECT_THROW(output_of(g, grouped(Aggregate::Mode)), CompileError);
  EXPECT_THROW(output_of(g,
                         [](ProgramBuilder& p, GraphRef r) {
                           p.output("x", r.group_by(r.node_index() + 1, r.node_index(), Aggregate::Sum));
                         }),
               RuntimeError);
}

TEST(BitMonoids, AreUnionsAndIntersections) {
  const auto bits = [](Aggregate a) {
    return [a](ProgramBuilder& p, GraphRef g) {
      p.output("x", g.neighbor_agg(shl(p.constant(1), as_i64(g.node_index())), a));
    };
  };
  const Graph g = graph_of(4, {{0, 1}, {2, 1}, {0, 3}}, false);
  EXPECT_EQ(list<std::int64_t>(output_of(g, bits(Aggregate::BitOr))), (I64s{0, 5, 0, 1}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, bits(Aggregate::BitAnd))), (I64s{-1, 0, -1, 1}));
  const auto reduced = [](ProgramBuilder& p, GraphRef r) {
    p.output("x", reduce(r.node_index(), Monoid::BitOr));
    p.output("y", reduce(r.node_index() + 4, Monoid::BitAnd));
  };
  EXPECT_EQ(list<std::int32_t>(output_of(g, reduced, "x")), std::vector<std::int32_t>{3});
  EXPECT_EQ(list<std::int32_t>(output_of(g, reduced, "y")), std::vector<std::int32_t>{4});
  EXPECT_THROW(output_of(g, [](ProgramBuilder& p,
                               GraphRef r) { p.output("x", reduce(as_f64(r.node_index()), Monoid::BitOr)); }),
               CompileError);
}

TEST(KCore, PeelsUntilAllHaveEnough) {
  const auto core = [](int k) {
    return [k](ProgramBuilder& p, GraphRef g) { p.output("x", as_i64(g.k_core(k))); };
  };
  // a triangle, a tail of two, the last with a loop; then 5 alone
  const Graph g = graph_of(6, {{0, 1}, {1, 2}, {0, 2}, {2, 3}, {3, 4}, {4, 4}}, true);
  EXPECT_EQ(list<std::int64_t>(output_of(g, core(0))), (I64s{1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, core(1))), (I64s{1, 1, 1, 1, 1, 0}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, core(2))), (I64s{1, 1, 1, 0, 0, 0}));
  EXPECT_EQ(list<std::int64_t>(output_of(g, core(3))), (I64s{0, 0, 0, 0, 0, 0}));
  const Graph directed = graph_of(3, {{0, 1}, {0, 1}, {1, 1}, {1, 2}}, false);
  EXPECT_EQ(list<std::int64_t>(output_of(directed, core(2))), (I64s{1, 1, 0}));
  EXPECT_EQ(list<std::int64_t>(output_of(graph_of(0, {}, false), core(1))), I64s());
}

TEST(RandomWalk, GoesWhereThereIsOneWay) {
  const Graph ring = graph_of(3, {{0, 1}, {1, 2}, {2, 0}}, false);
  const Body walk = [](ProgramBuilder& p, GraphRef g) {
    const RandomWalk w = g.random_walk(g.node_index(), 4);
    p.output("x", w.last);
    p.output("visits", w.visits);
  };
  EXPECT_EQ(list<std::int64_t>(output_of(ring, walk)), (I64s{1, 2, 0}));
  EXPECT_EQ(list<std::int64_t>(output_of(ring, walk, "visits")), (I64s{5, 5, 5}));
  const Graph path = graph_of(2, {{0, 1}}, false);
  const Body stuck = [](ProgramBuilder& p, GraphRef g) {
    const RandomWalk w = g.random_walk(g.node_index(), 1);
    p.output("x", w.last);
    p.output("visits", w.visits);
  };
  EXPECT_EQ(list<std::int64_t>(output_of(path, stuck)), (I64s{1, 1}));
  EXPECT_EQ(list<std::int64_t>(output_of(path, stuck, "visits")), (I64s{1, 3}));
  const Body nowhere = [](ProgramBuilder& p, GraphRef g) {
    p.output("x", g.random_walk(p.iota(3) - 1, 2, {.restart = 1.0}).last);
  };
  EXPECT_EQ(list<std::int64_t>(output_of(path, nowhere)), (I64s{-1, 0, 1}));
}

// 30000 walkers leave a star's centre over edges of weight 1, 2, 3, 0.
TEST(RandomWalk, TakesEdgesByTheirWeight) {
  Graph star = graph_of(5, {{0, 1}, {0, 2}, {0, 3}, {0, 4}}, false);
  star.set_edge_attribute("w", Column::of(std::span<const double>(F64s{1, 2, 3, 0})));
  const Body walk = [](ProgramBuilder& p, GraphRef g) {
    const Value start = p.iota(30000) * 0;
    p.output("x", g.random_walk(start, 1, {.seed = 3, .weights = g.load_edge("w")}).visits);
    p.output("even", g.random_walk(start, 1, {.seed = 3}).visits);
  };
  const I64s weighted = list<std::int64_t>(output_of(star, walk)),
             even = list<std::int64_t>(output_of(star, walk, "even"));
  EXPECT_EQ(weighted[0], 30000);
  EXPECT_EQ(weighted[4], 0);
  for (std::size_t v = 1; v < 4; ++v)
    EXPECT_NEAR(static_cast<double>(weighted[v]), 5000.0 * static_cast<double>(v), 300) << v;  // 4 sigma
  for (std::size_t v = 1; v < 5; ++v) EXPECT_NEAR(static_cast<double>(even[v]), 7500, 300) << v;
  EXPECT_EQ(std::accumulate(even.begin(), even.end(), std::int64_t{0}), 60000);
}

TEST(Sample, HasAsManyAsAskedFor) {
  const Graph g = graph_of(1000, {}, false);
  const auto chosen = [&](std::int64_t count, std::int64_t seed) {
    return list<bool>(
        output_of(g, [&](ProgramBuilder& p, GraphRef r) { p.output("x", r.sample(count, seed)); }));
  };
  for (const std::int64_t count : {0, 1, 500, 1000, 2000})
    EXPECT_EQ(std::ranges::count(chosen(count, 1), true), std::min<std::int64_t>(count, 1000));
  EXPECT_EQ(chosen(500, 1), chosen(500, 1));
  EXPECT_NE(chosen(500, 1), chosen(500, 2));
  const auto half = list<bool>(
      output_of(g, [](ProgramBuilder& p, GraphRef r) { p.output("x", r.sample_fraction(0.25, 9)); }));
  EXPECT_EQ(std::ranges::count(half, true), 250);
}

TEST(Contract, KeepsWeightedDegrees) {
  const Contraction c =
      contract(two_communities(), Column::of(std::span<const std::int64_t>(I64s{10, 10, 10, 4, 4, 4})));
  EXPECT_EQ(list<std::int32_t>(c.members), (std::vector<std::int32_t>{1, 1, 1, 0, 0, 0}));
  EXPECT_TRUE(c.graph.undirected());
  EXPECT_EQ(c.graph.ids().number(0), 4);
  EXPECT_EQ(c.graph.ids().number(1), 10);
  // 0-0, 0-1, 1-0, 1-1
  EXPECT_EQ(list<double>(*c.graph.edge_attribute("weight")), (F64s{6, 1, 1, 6}));
}

TEST(Contract, SumsTheWeightsAskedFor) {
  Graph g = graph_of(4, {{0, 1}, {0, 2}, {1, 2}, {2, 2}, {3, 0}}, false);
  g.set_edge_attribute("w", Column::of(std::span<const float>(std::vector<float>{1, 2, 4, 8, 16})));
  const Contraction c =
      contract(g, Column::of(std::span<const std::int32_t>(std::vector<int>{0, 0, 1, 1})), "w");
  EXPECT_FALSE(c.graph.undirected());
  EXPECT_EQ(c.graph.edge_count(), 4);  // 0->0, 0->1, 1->0, 1->1
  EXPECT_EQ(list<double>(*c.graph.edge_attribute("weight")), (F64s{1, 6, 16, 8}));
  const Column labels = Column::of(std::span<const std::int32_t>(std::vector<int>{0, 0, 1, 1}));
  EXPECT_THROW(contract(g, labels, "no such"), InputError);
  EXPECT_THROW(contract(g, Column(ScalarType::I32, 3)), InputError);
  EXPECT_THROW(contract(g, Column(ScalarType::F64, 4)), InputError);
  EXPECT_EQ(contract(graph_of(0, {}, true), Column(ScalarType::I64, 0)).graph.node_count(), 0);
}

}  // namespace
}  // namespace monograph::test
