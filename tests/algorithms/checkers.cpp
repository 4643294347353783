#include "algorithms/checkers.h"

#include <cmath>

namespace monograph::test {

std::vector<Edge> stored_edges(const Graph& g) {
  const Column* weight = g.edge_attribute("weight");
  std::vector<Edge> edges;
  const Adjacency out = g.out();
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    for (auto e = out.offsets[static_cast<std::size_t>(v)]; e < out.offsets[static_cast<std::size_t>(v) + 1];
         ++e)
      edges.push_back({v, out.neighbors[static_cast<std::size_t>(e)],
                       weight ? weight->span<double>()[static_cast<std::size_t>(e)] : 1.0});
  return edges;
}

namespace {

Lists lists(const Graph& g, bool out, bool in) {
  Lists all(static_cast<std::size_t>(g.node_count()));
  for (const Edge& e : stored_edges(g)) {
    if (out) all[static_cast<std::size_t>(e.source)].emplace_back(e.target, e.weight);
    if (in) all[static_cast<std::size_t>(e.target)].emplace_back(e.source, e.weight);
  }
  return all;
}

}  // namespace

Lists out_lists(const Graph& g) { return lists(g, true, false); }
Lists in_lists(const Graph& g) { return lists(g, false, true); }
Lists both_lists(const Graph& g) { return lists(g, true, !g.undirected()); }

std::string near(std::span<const double> got, const std::vector<double>& want, double tolerance) {
  if (got.size() != want.size())
    return "got " + std::to_string(got.size()) + " elements, expected " + std::to_string(want.size());
  for (std::size_t i = 0; i < want.size(); ++i)
    if (!(std::abs(got[i] - want[i]) <= tolerance * std::max(std::abs(want[i]), 1e-3)) && got[i] != want[i])
      return "got " + std::to_string(got[i]) + ", expected " + std::to_string(want[i]) + " at node " +
             std::to_string(i);
  return "";
}

Checker checker_of(std::string_view algorithm) {
  for (const auto& of :
       {path_checkers, component_checkers, centrality_checkers, community_checkers, set_checkers})
    for (const CheckerEntry& entry : of())
      if (entry.algorithm == algorithm) return entry.check;
  return nullptr;
}

}  // namespace monograph::test
