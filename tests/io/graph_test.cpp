// Graph: rows, mirroring, multi-edges, the transpose, views, ids, columns.
#include <gtest/gtest.h>
#include <monograph/graph.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <thread>
#include <tuple>

namespace monograph {
namespace {

using Edge = std::tuple<std::int32_t, std::int32_t, double>;  // source, target, weight

EdgeList list_of(const std::vector<Edge>& edges, NodeIds ids) {
  EdgeList list;
  std::vector<double> weights;
  for (const auto& [s, t, w] : edges) {
    list.source.push_back(s);
    list.target.push_back(t);
    weights.push_back(w);
  }
  list.attributes = {{"weight", Column::of<double>(weights)}};
  list.ids = std::move(ids);
  return list;
}

/// The graph's edges in CSR order.
std::vector<Edge> edges_of(const Graph& g) {
  std::vector<Edge> edges;
  const auto out = g.out();
  const auto* weight = g.edge_attribute("weight");
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    for (auto k = out.offsets[v]; k < out.offsets[v + 1]; ++k)
      edges.emplace_back(v, out.neighbors[k], weight ? weight->span<double>()[k] : 1.0);
  return edges;
}

/// What from_edges promises, said in the simplest way: list, mirror, sort stably, merge.
std::vector<Edge> expected_edges(const EdgeList& list, const std::vector<Edge>& listed) {
  std::vector<Edge> edges;
  for (const auto& [s, t, w] : listed) {
    if (s == t && list.self_loops == SelfLoops::Drop) continue;
    edges.emplace_back(s, t, w);
    if (list.undirected && s != t) edges.emplace_back(t, s, w);
  }
  const auto ends = [](const Edge& e) { return std::pair(std::get<0>(e), std::get<1>(e)); };
  std::ranges::stable_sort(edges, {}, ends);
  if (list.multi_edges == MultiEdges::Keep) return edges;
  std::vector<Edge> merged;
  for (const auto& e : edges) {
    if (merged.empty() || ends(merged.back()) != ends(e)) {
      merged.push_back(e);
      continue;
    }
    auto& w = std::get<2>(merged.back());
    if (list.multi_edges == MultiEdges::Sum) w += std::get<2>(e);
    if (list.multi_edges == MultiEdges::Min) w = std::min(w, std::get<2>(e));
    if (list.multi_edges == MultiEdges::Max) w = std::max(w, std::get<2>(e));
  }
  return merged;
}

void expect_transposed(const Graph& g) {
  const auto out = g.out(), in = g.in();
  ASSERT_EQ(in.offsets.size(), out.offsets.size());
  ASSERT_EQ(in.neighbors.size(), out.neighbors.size());
  std::vector<bool> seen(out.neighbors.size());
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    for (auto k = in.offsets[v]; k < in.offsets[v + 1]; ++k) {
      const auto e = in.edge(k), u = std::int64_t{in.neighbors[k]};
      EXPECT_EQ(out.neighbors[e], v);
      EXPECT_TRUE(out.offsets[u] <= e && e < out.offsets[u + 1]);
      EXPECT_FALSE(seen[e]) << "edge " << e << " twice";
      seen[e] = true;
      if (k > in.offsets[v]) {
        EXPECT_LE(in.neighbors[k - 1], in.neighbors[k]);
        EXPECT_TRUE(in.neighbors[k - 1] < in.neighbors[k] || in.edge(k - 1) < e);
      }
    }
}

TEST(Graph, RandomListsUnderEveryPolicyBecomeSortedRowsAndTheirTranspose) {
  std::mt19937_64 random(7);
  for (int round = 0; round < 300; ++round) {
    const int nodes = 1 + static_cast<int>(random() % 9);
    std::vector<Edge> listed(random() % 30);
    for (auto& [s, t, w] : listed) {
      s = static_cast<std::int32_t>(random() % nodes);
      t = static_cast<std::int32_t>(random() % nodes);
      w = static_cast<double>(random() % 1000);
    }
    if (round % 5 == 0)
      std::ranges::sort(listed, {}, [](const Edge& e) { return std::pair(std::get<0>(e), std::get<1>(e)); });
    EdgeList list = list_of(listed, NodeIds::dense(nodes));
    list.undirected = random() % 2;
    list.multi_edges = static_cast<MultiEdges>(random() % 5);
    list.self_loops = static_cast<SelfLoops>(random() % 2);
    const auto expected = expected_edges(list, listed);
    const Graph g = Graph::from_edges(std::move(list));
    ASSERT_EQ(edges_of(g), expected) << "round " << round;
    expect_transposed(g);
  }
}

TEST(Graph, WithoutAttributesTheRowsAreTheSame) {
  EdgeList list;
  list.source = {2, 0, 2, 1};
  list.target = {1, 2, 0, 1};
  list.ids = NodeIds::dense(3);
  list.undirected = true;
  const Graph g = Graph::from_edges(list);
  EXPECT_EQ(edges_of(g),
            (std::vector<Edge>{{0, 2, 1}, {0, 2, 1}, {1, 1, 1}, {1, 2, 1}, {2, 0, 1}, {2, 0, 1}, {2, 1, 1}}));
  EXPECT_EQ(g.edge_attribute("weight"), nullptr);
  EXPECT_TRUE(g.undirected());
}

TEST(Graph, MergingWrapsIntegersAndOrdersZerosAndNaN) {
  EdgeList list;
  list.source = {0, 0, 0};
  list.target = {0, 0, 0};
  list.ids = NodeIds::dense(1);
  constexpr auto top = std::numeric_limits<std::int32_t>::max();
  list.attributes = {{"i", Column::of<std::int32_t>(std::vector{top, 1, 0})},
                     {"zero", Column::of<double>(std::vector{0.0, -0.0, 0.0})},
                     {"nan", Column::of<float>(std::vector{1.f, std::nanf(""), 2.f})}};
  list.multi_edges = MultiEdges::Sum;
  EXPECT_EQ(Graph::from_edges(list).edge_attribute("i")->span<std::int32_t>()[0],
            std::numeric_limits<std::int32_t>::min());
  list.multi_edges = MultiEdges::Min;
  EXPECT_TRUE(std::signbit(Graph::from_edges(list).edge_attribute("zero")->span<double>()[0]));
  EXPECT_TRUE(std::isnan(Graph::from_edges(list).edge_attribute("nan")->span<float>()[0]));
  list.multi_edges = MultiEdges::Max;
  EXPECT_FALSE(std::signbit(Graph::from_edges(list).edge_attribute("zero")->span<double>()[0]));
}

TEST(Graph, TheTransposeIsBuiltOnceForAllCopiesAndThreads) {
  EdgeList list;
  std::mt19937 random(1);
  for (int e = 0; e < 200000; ++e) {
    list.source.push_back(static_cast<std::int32_t>(random() % 5000));
    list.target.push_back(static_cast<std::int32_t>(random() % 5000));
  }
  list.ids = NodeIds::dense(5000);
  const Graph g = Graph::from_edges(std::move(list));
  EXPECT_EQ(g.csc_builds(), 0);
  std::vector<const std::int32_t*> seen(8);
  std::vector<std::thread> threads;
  for (auto& s : seen) threads.emplace_back([copy = g, &s] { s = copy.in().neighbors.data(); });
  for (auto& t : threads) t.join();
  EXPECT_EQ(g.csc_builds(), 1);
  for (const auto* s : seen) EXPECT_EQ(s, g.in().neighbors.data());
}

TEST(Graph, AnUndirectedGraphKeepsOneCopyOfItsRows) {
  EdgeList list = list_of({{0, 1, 5}, {1, 2, 6}}, NodeIds::dense(3));
  list.undirected = true;
  const Graph g = Graph::from_edges(list);
  EXPECT_EQ(g.in().neighbors.data(), g.out().neighbors.data());
  expect_transposed(g);
}

TEST(Graph, AttributesOfACopyAreItsOwn) {
  const Graph g = Graph::from_edges(list_of({{0, 1, 5}}, NodeIds::dense(2)));
  Graph copy = g;
  copy.set_node_attribute("mark", Column(ScalarType::Bool, 2));
  copy.set_edge_attribute("weight", Column::of<double>(std::vector{9.0}));
  EXPECT_EQ(g.node_attribute("mark"), nullptr);
  EXPECT_EQ(g.edge_attribute("weight")->span<double>()[0], 5);
  EXPECT_EQ(copy.edge_attribute("weight")->span<double>()[0], 9);
  EXPECT_EQ(copy.node_attribute_names(), std::vector<std::string>{"mark"});
  EXPECT_EQ(copy.fingerprint(), g.fingerprint());
}

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const InputError& e) {
    return e.what();
  }
  return "no error";
}

TEST(Graph, WhatDoesNotFitIsAnError) {
  EdgeList list = list_of({{0, 2, 1}}, NodeIds::dense(2));
  EXPECT_EQ(error_of([&] { Graph::from_edges(list); }),
            "edge 0: target is node index 2, but there are 2 nodes (indices 0..1)");
  EdgeList none = list_of({{0, 0, 1}}, NodeIds::dense(0));
  EXPECT_EQ(error_of([&] { Graph::from_edges(none); }),
            "edge 0: source is node index 0, but there are 0 nodes");
  Graph g = Graph::from_edges(list_of({{0, 1, 1}}, NodeIds::dense(2)));
  EXPECT_EQ(error_of([&] { g.set_node_attribute("x", Column(ScalarType::F64, 3)); }),
            "node attribute 'x' has 3 values, but there are 2 nodes");
  EXPECT_EQ(error_of([&] { NodeIds::dense(std::int64_t{1} << 31); }),
            "a graph has 0 to 2147483647 nodes, not 2147483648");
  EXPECT_EQ(error_of([&] { NodeIds::sparse({3, 3}); }), "node ids must be strictly ascending: 3 follows 3");
  const std::vector<std::int64_t> offsets{0, 2, 1, 2};
  const std::vector<std::int32_t> columns{0, 1};
  EXPECT_EQ(error_of([&] { Graph::from_csr(offsets, columns); }),
            "row offsets must ascend: row 1 ends before it begins");
}

TEST(Graph, FromCsrSortsRowsAndChecksTheClaimOfSymmetry) {
  const std::vector<std::int64_t> offsets{0, 2, 3, 4};
  const std::vector<std::int32_t> columns{2, 1, 0, 0};
  const Graph g =
      Graph::from_csr(offsets, columns, {{"weight", Column::of<double>(std::vector{1., 2., 3., 4.})}}, true);
  EXPECT_EQ(edges_of(g), (std::vector<Edge>{{0, 1, 2}, {0, 2, 1}, {1, 0, 3}, {2, 0, 4}}));
  EXPECT_TRUE(g.undirected());
  const std::vector<std::int64_t> one_way{0, 1, 1};
  const std::vector<std::int32_t> target{1};
  EXPECT_NE(error_of([&] { Graph::from_csr(one_way, target, {}, true); }).find("is not symmetric"),
            std::string::npos);
}

TEST(Graph, AViewKeepsIdsAttributesAndEdgesBetweenKeptNodes) {
  EdgeList list = list_of({{0, 1, 1}, {1, 2, 2}, {2, 3, 3}, {3, 0, 4}}, NodeIds::sparse({10, 20, 30, 40}));
  list.undirected = true;
  Graph g = Graph::from_edges(list);
  g.set_node_attribute("age", Column::of<std::int64_t>(std::vector<std::int64_t>{1, 2, 3, 4}));
  const bool nodes[] = {true, true, false, true};
  const Graph v = g.view(nodes);
  EXPECT_EQ(v.ids().number(2), 40);
  EXPECT_EQ(edges_of(v), (std::vector<Edge>{{0, 1, 1}, {0, 2, 4}, {1, 0, 1}, {2, 0, 4}}));
  EXPECT_EQ(v.node_attribute("age")->span<std::int64_t>()[2], 4);
  EXPECT_TRUE(v.undirected());
  bool edges[8] = {true};  // 0 -> 1 only: not symmetric any more
  const Graph w = g.view({}, edges);
  EXPECT_EQ(edges_of(w), (std::vector<Edge>{{0, 1, 1}}));
  EXPECT_FALSE(w.undirected());
  EXPECT_EQ(w.node_count(), 4);
}

TEST(Graph, TheFingerprintTellsTopologyAndIdsApartAndNothingElse) {
  const auto print = [](std::vector<Edge> e, NodeIds ids) {
    return Graph::from_edges(list_of(e, ids)).fingerprint();
  };
  const auto base = print({{0, 1, 1}, {1, 0, 1}}, NodeIds::dense(2));
  EXPECT_EQ(base,
            print({{1, 0, 9}, {0, 1, 7}}, NodeIds::sparse({0, 1})));  // same edges, other order and weights
  EXPECT_NE(base, print({{0, 1, 1}, {1, 1, 1}}, NodeIds::dense(2)));
  EXPECT_NE(base, print({{0, 1, 1}, {1, 0, 1}}, NodeIds::dense(2, 1)));
  EXPECT_NE(base, print({{0, 1, 1}, {1, 0, 1}}, NodeIds::strings({"0", "1"})));
  EXPECT_NE(base, print({{0, 1, 1}, {1, 0, 1}}, NodeIds::dense(3)));
}

TEST(NodeIds, FindsIdsByTextAndNumber) {
  const auto dense = NodeIds::dense(3, 5), sparse = NodeIds::sparse({-7, 3, 1ll << 60}),
             text = NodeIds::strings({"a", "b"});
  EXPECT_EQ(dense.find("7"), 2);
  EXPECT_EQ(dense.find("8"), std::nullopt);
  EXPECT_EQ(dense.find("7x"), std::nullopt);
  EXPECT_EQ(sparse.find("-7"), 0);
  EXPECT_EQ(sparse.find(1ll << 60), 2);
  EXPECT_EQ(sparse.find(4), std::nullopt);
  EXPECT_EQ(text.find("b"), 1);
  EXPECT_EQ(text.text(0), "a");
  EXPECT_TRUE(NodeIds::sparse({4, 5, 6}).is_dense());
  EXPECT_FALSE(sparse.is_dense());
  EXPECT_EQ(
      NodeIds::sparse({std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()})
          .find(0),
      std::nullopt);
}

TEST(Column, IsAlignedZeroedAndAValue) {
  for (const std::int64_t size : {1, 100, 600000, 5000000}) {
    const Column c(ScalarType::F64, size);
    const auto address = reinterpret_cast<std::uintptr_t>(c.data());
    EXPECT_EQ(address % (c.bytes() >= (4 << 20) ? (2 << 20) : 64), 0u);
    EXPECT_TRUE(std::ranges::all_of(c.span<double>(), [](double x) { return x == 0; }));
  }
  Column a = Column::of<std::int32_t>(std::vector{1, 2});
  Column b = a;
  EXPECT_EQ(std::as_const(a).data(), std::as_const(b).data());
  b.set(1, Constant::of(std::int32_t{9}));
  EXPECT_EQ(a.at(1), Constant::of(std::int32_t{2}));
  EXPECT_EQ(b.at(1), Constant::of(std::int32_t{9}));
  EXPECT_THROW(a.span<double>(), InternalError);
  EXPECT_THROW(a.at(2), InternalError);
  EXPECT_THROW(Column(ScalarType::F64, std::int64_t{1} << 59), MemoryError);
}

}  // namespace
}  // namespace monograph
