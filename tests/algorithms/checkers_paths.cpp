// Levels, distances and their trees, by the conditions that certify them.
#include <cmath>
#include <limits>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

constexpr std::int32_t kSource = 0;  // the smallest id, the default

std::string at(const std::string& what, std::int32_t v) { return what + " at node " + std::to_string(v); }

/// Levels are right if no edge skips one, and each node but the source is one hop behind some other: the
/// first bounds them from above, the second from below.
std::string check_bfs(const Graph& g, const Result& r) {
  const std::int64_t never = std::numeric_limits<std::int64_t>::max();
  const auto level = r.column<std::int64_t>("level");
  const auto parent = r.column<std::int32_t>("parent");
  const Lists in = in_lists(g);
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    const auto i = static_cast<std::size_t>(v);
    std::int64_t nearest = never;
    std::int32_t first = -1;
    for (const auto& [u, weight] : in[i])
      if (level[static_cast<std::size_t>(u)] < nearest ||
          (level[static_cast<std::size_t>(u)] == nearest && u < first))
        nearest = level[static_cast<std::size_t>(u)], first = u;
    if (v == kSource) {
      if (level[i] != 0 || parent[i] != v) return at("the source is not its own parent at level 0", v);
    } else if (nearest == never) {
      if (level[i] != never || parent[i] != -1) return at("reached through nobody", v);
    } else if (level[i] != nearest + 1) {
      return at("not one level behind its nearest in-neighbour", v);
    } else if (parent[i] != first) {
      return at("the parent is not the smallest of the nearest", v);
    }
  }
  return "";
}

/// Does every chain of parents end at the source?
std::string rooted(std::span<const std::int32_t> parent) {
  std::vector<int> seen(parent.size(), 0);  // 1: on the way up, 2: ends at the source
  for (std::size_t v = 0; v < parent.size(); ++v) {
    std::vector<std::size_t> way;
    std::size_t u = v;
    while (seen[u] == 0 && parent[u] >= 0 && static_cast<std::size_t>(parent[u]) != u) {
      seen[u] = 1;
      way.push_back(u);
      u = static_cast<std::size_t>(parent[u]);
    }
    if (seen[u] == 1) return at("parents go round in a circle", static_cast<std::int32_t>(u));
    if (parent[u] < 0 && u != v) return at("has no parent, but is one", static_cast<std::int32_t>(u));
    for (const std::size_t w : way) seen[w] = 2;
  }
  return "";
}

/// No edge is shorter than the difference of its ends, and on parents' edges they are equal.
std::string check_sssp(const Graph& g, const Result& r) {
  const auto distance = r.column<double>("distance");
  const auto parent = r.column<std::int32_t>("parent");
  std::vector<bool> shown(static_cast<std::size_t>(g.node_count()), false);
  for (const Edge& e : stored_edges(g)) {
    const double through = distance[static_cast<std::size_t>(e.source)] + e.weight;
    const auto v = static_cast<std::size_t>(e.target);
    if (through < distance[v]) return at("an edge is a shorter way", e.target);
    if (through == distance[v] && std::isfinite(through) && parent[v] == e.source) shown[v] = true;
  }
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    const auto i = static_cast<std::size_t>(v);
    if (v == kSource && (distance[i] != 0 || parent[i] != v))
      return at("the source is not its own parent at 0", v);
    if (v != kSource && std::isfinite(distance[i]) && !shown[i])
      return at("no edge from the parent explains", v);
    if (!std::isfinite(distance[i]) && parent[i] != -1) return at("unreachable, with a parent", v);
  }
  return rooted(parent);
}

}  // namespace

std::vector<CheckerEntry> path_checkers() { return {{"bfs", check_bfs}, {"sssp", check_sssp}}; }

}  // namespace monograph::test
