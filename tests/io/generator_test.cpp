// Generated graphs have what defines them.
#include <algorithm>
#include <numeric>
#include <set>

#include "support.h"

namespace monograph::test {
namespace {

const ReadOptions kUndirected{.undirected = true};

std::vector<std::int64_t> degrees(const Graph& g) {
  std::vector<std::int64_t> all;
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    all.push_back(g.out().offsets[v + 1] - g.out().offsets[v]);
  return all;
}

std::vector<std::int64_t> sorted_degrees(const std::string& name, const ReadOptions& options = {}) {
  auto all = degrees(read_graph(name, options));
  std::ranges::sort(all);
  return all;
}

/// How many nodes can be reached from 0.
std::int64_t reached(const Graph& g) {
  std::vector<bool> seen(static_cast<std::size_t>(g.node_count()));
  std::vector<std::int32_t> stack = {0};
  seen[0] = true;
  std::int64_t count = 0;
  while (!stack.empty()) {
    const auto v = stack.back();
    stack.pop_back();
    ++count;
    for (auto k = g.out().offsets[v]; k < g.out().offsets[v + 1]; ++k)
      if (const auto u = g.out().neighbors[k]; !seen[u]) seen[u] = true, stack.push_back(u);
  }
  return count;
}

bool is_simple(const Graph& g) {
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    for (auto k = g.out().offsets[v]; k < g.out().offsets[v + 1]; ++k)
      if (g.out().neighbors[k] == v ||
          (k > g.out().offsets[v] && g.out().neighbors[k] == g.out().neighbors[k - 1]))
        return false;
  return true;
}

/// Every generator: the same twice, another with another seed, weights that leave the edges.
TEST(Generators, AreReproducibleAndSeeded) {
  const std::string all[] = {"rmat:6:4", "kron:6:4", "uniform:50:200", "barabasi-albert:60:3",
                             "watts-strogatz:60:4:0.3"};
  for (const std::string& g : all) {
    const std::string name = "gen:" + g;
    EXPECT_EQ(read_graph(name).fingerprint(), read_graph(name + ":seed=0").fingerprint()) << g;
    EXPECT_NE(read_graph(name).fingerprint(), read_graph(name + ":seed=1").fingerprint()) << g;
    EXPECT_EQ(read_graph(name).fingerprint(), read_graph(name + ":weights=1..2").fingerprint()) << g;
  }
  EXPECT_EQ(generators().size(), 11u);
}

TEST(Generators, KroneckerIsRmatWithNodesInAnotherOrder) {
  EXPECT_EQ(sorted_degrees("gen:kron:10:8:seed=3"), sorted_degrees("gen:rmat:10:8:seed=3"));
  EXPECT_EQ(sorted_degrees("gen:kron:10:8:seed=3", kUndirected),
            sorted_degrees("gen:rmat:10:8:seed=3", kUndirected));
  const auto in_order = degrees(read_graph("gen:rmat:10:8")), shuffled = degrees(read_graph("gen:kron:10:8"));
  const auto half = [](const std::vector<std::int64_t>& d) {
    return std::accumulate(d.begin(), d.begin() + 512, 0LL);
  };
  EXPECT_GT(half(in_order), 8192 * 70 / 100) << "the hubs of rmat are small numbers";
  EXPECT_NEAR(static_cast<double>(half(shuffled)), 8192 * .5, 8192 * .12);
}

TEST(Generators, ATreeHasAParentForEveryNodeButOne) {
  EXPECT_EQ(describe(read_graph("gen:tree:2:2")), "0>1 0>2 1>3 1>4 2>5 2>6");
  EXPECT_EQ(describe(read_graph("gen:tree:1:3")), "0>1 1>2 2>3");
  EXPECT_EQ(describe(read_graph("gen:tree:5:0")), "; 0");
  EXPECT_EQ(describe(read_graph("gen:tree:0:9")), "; 0");
  const Graph g = read_graph("gen:tree:3:6");
  EXPECT_EQ(g.node_count(), (2187 - 1) / 2);
  EXPECT_EQ(g.edge_count(), g.node_count() - 1);
  EXPECT_EQ(reached(g), g.node_count());
  EXPECT_EQ(std::ranges::count(degrees(g), 0), 729) << "leaves";
}

TEST(Generators, BarabasiAlbertGrowsByDegree) {
  const Graph g = read_graph("gen:barabasi-albert:3000:4", kUndirected),
              as_drawn = read_graph("gen:barabasi-albert:3000:4");
  EXPECT_EQ(as_drawn.edge_count(), (3000 - 4) * 4);
  EXPECT_TRUE(is_simple(g));
  EXPECT_EQ(reached(g), 3000) << "it is connected";
  const auto out = degrees(as_drawn);
  EXPECT_TRUE(std::ranges::all_of(out.begin() + 5, out.end(), [](auto d) { return d == 4; }));
  auto all = degrees(g);
  EXPECT_EQ(std::accumulate(all.begin(), all.end(), 0LL), 2 * (3000 - 4) * 4);
  EXPECT_GT(*std::ranges::max_element(all), 100) << "hubs: the expected largest degree is 4 sqrt(3000)";
  EXPECT_EQ(describe(read_graph("gen:barabasi-albert:4:3")), "1>0 2>0 3>0") << "the star alone";
}

TEST(Generators, WattsStrogatzIsALatticeAtZeroAndKeepsItsEdges) {
  const auto lattice = degrees(read_graph("gen:watts-strogatz:100:6:0", kUndirected));
  EXPECT_TRUE(std::ranges::all_of(lattice, [](auto d) { return d == 6; }));
  EXPECT_EQ(describe(read_graph("gen:watts-strogatz:4:2:0")), "0>1 1>2 2>3 3>0");
  for (const std::string p : {"0.1", "0.5", "1"}) {
    const Graph g = read_graph("gen:watts-strogatz:500:6:" + p, kUndirected);
    EXPECT_EQ(g.edge_count(), 500 * 6) << p;
    EXPECT_TRUE(is_simple(g)) << p;
  }
  const Graph g = read_graph("gen:watts-strogatz:5000:10:0.2");
  std::int64_t moved = 0;
  for (std::int32_t v = 0; v < 5000; ++v)
    for (auto k = g.out().offsets[v]; k < g.out().offsets[v + 1]; ++k)
      moved += (g.out().neighbors[k] - v + 5000) % 5000 > 5;
  EXPECT_NEAR(static_cast<double>(moved) / 25000, .2, .015);
  EXPECT_EQ(read_graph("gen:watts-strogatz:3:2:1", kUndirected).edge_count(), 6)
      << "a complete graph has nowhere to go";
}

TEST(Generators, WhatIsWrongWithTheNewOnesIsSaid) {
  const auto error = [](const std::string& s) { return error_of([&] { read_graph(s); }); };
  EXPECT_EQ(error("gen:watts-strogatz:10:4"),
            "usage: gen:watts-strogatz:10:4: expected 3 numbers, found 2 "
            "(gen:watts-strogatz:N:K:P[:seed=S][:weights=LOW..HIGH])");
  EXPECT_EQ(error("gen:watts-strogatz:10:4:1.5").substr(0, 83),
            "usage: gen:watts-strogatz:10:4:1.5: expected one probability in 0..1, found \"1.5\" (");
  EXPECT_EQ(error("gen:watts-strogatz:10:4:nan").substr(0, 75),
            "usage: gen:watts-strogatz:10:4:nan: expected one probability in 0..1, found");
  EXPECT_EQ(error("gen:watts-strogatz:10:3:0"),
            "usage: gen:watts-strogatz:10:3:0: expected an even K below N, found 3");
  EXPECT_EQ(error("gen:watts-strogatz:10:10:0"),
            "usage: gen:watts-strogatz:10:10:0: expected an even K below N, found 10");
  EXPECT_EQ(error("gen:barabasi-albert:3:3"),
            "usage: gen:barabasi-albert:3:3: expected M in 1..N-1, found 3");
  EXPECT_EQ(error("gen:barabasi-albert:3:0"),
            "usage: gen:barabasi-albert:3:0: expected M in 1..N-1, found 0");
  EXPECT_EQ(error("gen:tree:10:10"),
            "usage: gen:tree:10:10: expected at most 2147483647 nodes, found 11111111111");
  EXPECT_EQ(error("gen:tree:2:99999999999999").substr(0, 52),
            "usage: gen:tree:2:99999999999999: expected at most 2");
  EXPECT_EQ(error("gen:tree:1:3000000000").substr(0, 54),
            "usage: gen:tree:1:3000000000: expected at most 2147483");
}

}  // namespace
}  // namespace monograph::test
