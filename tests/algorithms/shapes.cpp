#include "algorithms/shapes.h"

#include <random>
#include <set>

namespace monograph::test {
namespace {

EdgeList listed(std::int32_t nodes, const Ends& ends, const std::vector<double>& weights, bool undirected) {
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes), .undirected = undirected};
  for (const auto& [u, v] : ends) list.source.push_back(u), list.target.push_back(v);
  list.attributes.push_back({"weight", Column::of(std::span<const double>(weights))});
  return list;
}

Ends path(std::int32_t nodes, bool backwards = false) {
  Ends ends;
  for (std::int32_t v = 0; v + 1 < nodes; ++v)
    backwards ? ends.emplace_back(v + 1, v) : ends.emplace_back(v, v + 1);
  return ends;
}

Ends circle(std::int32_t first, std::int32_t nodes) {
  Ends ends;
  for (std::int32_t v = 0; v < nodes; ++v) ends.emplace_back(first + v, first + (v + 1) % nodes);
  return ends;
}

Ends star(std::int32_t leaves, bool inwards = false) {
  Ends ends;
  for (std::int32_t v = 1; v <= leaves; ++v) inwards ? ends.emplace_back(v, 0) : ends.emplace_back(0, v);
  return ends;
}

Ends complete(std::int32_t nodes) {
  Ends ends;
  for (std::int32_t u = 0; u < nodes; ++u)
    for (std::int32_t v = u + 1; v < nodes; ++v) ends.emplace_back(u, v);
  return ends;
}

Ends operator+(Ends a, const Ends& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

/// Circles of three, each with an edge to the one before it: strong components in a row, from the last on.
Ends circles_in_a_row(std::int32_t circles) {
  Ends ends;
  for (std::int32_t c = 0; c < circles; ++c) {
    ends = ends + circle(3 * c, 3);
    if (c > 0) ends.emplace_back(3 * c, 3 * c - 1);
  }
  return ends;
}

Graph sparse_ids() {
  EdgeList list{.source = {0, 1, 2, 3, 3},
                .target = {1, 2, 0, 2, 4},
                .attributes = {},
                .ids = NodeIds::sparse({7, 100, 101, 5000, std::int64_t{1} << 40})};
  list.attributes.push_back({"weight", Column::of(std::span<const double>(std::vector<double>(5, 1.5)))});
  Graph g = Graph::from_edges(std::move(list));
  add_node_attributes(g);
  return g;
}

}  // namespace

void add_node_attributes(Graph& graph) {
  std::vector<double> value, restart;
  std::vector<std::int64_t> community;
  for (std::int64_t v = 0; v < graph.node_count(); ++v) {
    value.push_back(static_cast<double>((v * 7) % 11) - 2.5);
    restart.push_back(v % 4 == 1 ? static_cast<double>(v % 3 + 1) : 0);
    community.push_back(v % 3 == 2 ? v : v / 4);
  }
  graph.set_node_attribute("value", Column::of(std::span<const double>(value)));
  graph.set_node_attribute("restart", Column::of(std::span<const double>(restart)));
  graph.set_node_attribute("community", Column::of(std::span<const std::int64_t>(community)));
}

Graph with_weights(std::int32_t nodes, const Ends& ends, std::vector<double> weights, bool undirected) {
  Graph g = Graph::from_edges(listed(nodes, ends, weights, undirected));
  add_node_attributes(g);
  return g;
}

Graph with_attributes(std::int32_t nodes, const Ends& ends, bool undirected) {
  std::vector<double> weights;
  for (std::size_t e = 0; e < ends.size(); ++e) weights.push_back(0.5 * static_cast<double>(e * 5 % 7 + 1));
  return with_weights(nodes, ends, std::move(weights), undirected);
}

Ends random_ends(std::int32_t nodes, int edges, unsigned seed, bool simple) {
  std::mt19937 random(seed);
  const auto pick = [&] { return static_cast<std::int32_t>(random() % static_cast<unsigned>(nodes)); };
  std::set<std::pair<std::int32_t, std::int32_t>> seen;
  Ends ends;
  while (static_cast<int>(ends.size()) < edges) {
    const std::int32_t u = pick();
    const std::int32_t v = pick();
    if (simple && (u == v || !seen.emplace(std::min(u, v), std::max(u, v)).second)) continue;
    ends.emplace_back(u, v);
  }
  return ends;
}

std::vector<Shape> shapes() {
  const Ends odd{{0, 0}, {0, 1}, {0, 1}, {1, 0}, {1, 2}, {2, 2},
                 {2, 2}, {2, 3}, {3, 1}, {4, 3}, {3, 4}, {3, 4}};
  const double tiny = 1e-20;
  std::vector<Shape> all{
      {"no nodes", with_attributes(0, {})},
      {"one node", with_attributes(1, {})},
      {"one loop", with_attributes(1, {{0, 0}})},
      {"one loop undirected", with_attributes(1, {{0, 0}}, true)},
      {"one edge", with_attributes(2, {{0, 1}})},
      {"one edge undirected", with_attributes(2, {{0, 1}}, true)},
      {"isolated nodes", with_attributes(7, {})},
      {"loops and multi-edges", with_attributes(6, odd)},
      {"loops and multi-edges undirected", with_attributes(6, odd, true)},
      {"two components", with_attributes(11, circle(0, 5) + circle(5, 6))},
      {"two components undirected", with_attributes(12, circle(1, 5) + complete(4), true)},
      {"a hub outwards", with_attributes(90, star(80))},
      {"a hub inwards", with_attributes(90, star(80, true))},
      {"a hub undirected", with_attributes(90, star(80) + path(9), true)},
      {"a path", with_attributes(40, path(40))},
      {"a path backwards", with_attributes(40, path(40, true))},
      {"a path undirected", with_attributes(40, path(40), true)},
      {"circles in a row", with_attributes(45, circles_in_a_row(15))},
      {"complete", with_attributes(70, complete(70), true)},
      {"complete and directed", with_attributes(9, complete(9))},
      {"weights of 0", with_weights(6, {{0, 1}, {1, 2}, {2, 1}, {2, 3}, {3, 0}, {4, 4}}, {0, 0, 0, 0, 0, 0})},
      {"some weights of 0",
       with_weights(6, circle(0, 6) + path(6, true), {0, 1, 0, 0, 2, 0, 0, 0, 1, 0, 0}, true)},
      {"equal weights", with_weights(9, complete(9), std::vector<double>(36, 0.75), true)},
      {"weights lost in rounding",
       with_weights(5, {{0, 4}, {4, 2}, {2, 1}, {1, 2}, {1, 3}, {3, 4}}, {1, tiny, tiny, tiny, tiny, tiny})},
      {"a source that reaches nobody", with_attributes(8, circle(1, 7) + Ends{{3, 0}})},
      {"ids that are not indices", sparse_ids()}};
  for (const unsigned seed : {1u, 2u}) {
    const std::string number = " " + std::to_string(seed);
    all.push_back({"random" + number, with_attributes(60, random_ends(60, 130, seed, false))});
    all.push_back({"random simple" + number, with_attributes(60, random_ends(60, 150, seed, true))});
    all.push_back(
        {"random undirected" + number, with_attributes(60, random_ends(60, 90, seed, false), true)});
    all.push_back(
        {"random undirected simple" + number, with_attributes(50, random_ends(50, 120, seed, true), true)});
  }
  return all;
}

}  // namespace monograph::test
