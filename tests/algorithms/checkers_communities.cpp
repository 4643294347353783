// Labels by what makes them stable; modularity by its sum over pairs.
#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

/// How often each label is among the neighbours of each node.
std::vector<std::map<std::int32_t, int>> label_counts(const Graph& g, std::span<const std::int32_t> label) {
  std::vector<std::map<std::int32_t, int>> counts;
  for (const auto& row : both_lists(g)) {
    counts.emplace_back();
    for (const auto& [u, weight] : row) ++counts.back()[label[static_cast<std::size_t>(u)]];
  }
  return counts;
}

/// If it converged, every node has a label that no other is more frequent than.
std::string check_stable(const Graph& g, const Result& r) {
  const auto label = r.column<std::int32_t>("label");
  if (!r.converged) return "";
  const auto counts = label_counts(g, label);
  for (std::size_t v = 0; v < counts.size(); ++v) {
    int most = 0;
    for (const auto& [other, count] : counts[v]) most = std::max(most, count);
    const auto own = counts[v].find(label[v]);
    const int mine = own == counts[v].end() ? 0 : own->second;
    if (counts[v].empty() ? label[v] != static_cast<std::int32_t>(v) : mine < most)
      return "another label is more frequent at node " + std::to_string(v);
  }
  return "";
}

/// The rule step by step, for as many passes as it made: it may keep turning for ever.
std::string check_label_propagation(const Graph& g, const Result& r) {
  std::vector<std::int32_t> label;
  for (std::int32_t v = 0; v < g.node_count(); ++v) label.push_back(v);
  for (std::int64_t pass = 0; pass < r.iterations; ++pass) {
    const auto counts = label_counts(g, label);
    for (std::size_t v = 0; v < counts.size(); ++v) {
      int most = 0;
      for (const auto& [other, count] : counts[v]) most = std::max(most, count);
      const auto own = counts[v].find(label[v]);
      if (counts[v].empty() || (own != counts[v].end() && own->second == most)) continue;
      label[v] = std::find_if(counts[v].begin(), counts[v].end(), [&](const auto& c) {
                   return c.second == most;
                 })->first;
    }
  }
  const auto got = r.column<std::int32_t>("label");
  if (!std::equal(label.begin(), label.end(), got.begin(), got.end())) return "not the rule's labels";
  return check_stable(g, r);
}

/// LDBC's rule step by step, for the ten passes that it makes.
std::string check_cdlp(const Graph& g, const Result& r) {
  std::vector<std::int32_t> label;
  for (std::int32_t v = 0; v < g.node_count(); ++v) label.push_back(v);
  for (int pass = 0; pass < 10; ++pass) {
    const auto counts = label_counts(g, label);
    for (std::size_t v = 0; v < counts.size(); ++v) {
      int most = 0;
      for (const auto& [other, count] : counts[v])
        if (count > most) most = count, label[v] = other;
    }
  }
  const auto got = r.column<std::int32_t>("label");
  return std::equal(label.begin(), label.end(), got.begin(), got.end()) ? "" : "not LDBC's labels";
}

/// Newman's sum over all pairs of one community; Leicht's on directed graphs, or theirs without directions.
template <class Label>
double modularity_by_pairs(const Graph& g, std::span<const Label> community, bool without_directions) {
  const auto n = static_cast<std::size_t>(g.node_count());
  std::vector<std::vector<double>> weight(n, std::vector<double>(n, 0.0));
  double total = 0;
  for (const Edge& e : stored_edges(g)) {
    const auto u = static_cast<std::size_t>(e.source), v = static_cast<std::size_t>(e.target);
    const bool both = without_directions && !g.undirected();
    weight[u][v] += g.undirected() && u == v ? 2 * e.weight : e.weight;
    if (both) weight[v][u] += e.weight;
    total += both || (g.undirected() && u == v) ? 2 * e.weight : e.weight;
  }
  std::vector<double> leaves(n, 0.0), enters(n, 0.0);
  for (std::size_t u = 0; u < n; ++u)
    for (std::size_t v = 0; v < n; ++v) leaves[u] += weight[u][v], enters[v] += weight[u][v];
  double q = 0;
  for (std::size_t u = 0; u < n && total > 0; ++u)
    for (std::size_t v = 0; v < n; ++v)
      if (community[u] == community[v]) q += (weight[u][v] - leaves[u] * enters[v] / total) / total;
  return q;
}

std::string check_modularity(const Graph& g, const Result& r) {
  const auto community = g.node_attribute("community")->span<std::int64_t>();
  return near(std::vector<double>{r.scalar<double>("modularity")},
              {modularity_by_pairs(g, community, false)});
}

/// The modularity is that of the communities, which are named by their smallest node, have no less of it than
/// single nodes, and hold nobody who has no neighbour in it.
std::string check_louvain(const Graph& g, const Result& r) {
  const auto community = r.column<std::int32_t>("community");
  const double q = r.scalar<double>("modularity");
  if (const std::string wrong = near(std::vector<double>{q}, {modularity_by_pairs(g, community, true)});
      !wrong.empty())
    return wrong;
  std::vector<std::int32_t> alone;
  for (std::int32_t v = 0; v < g.node_count(); ++v) alone.push_back(v);
  if (q < modularity_by_pairs(g, std::span<const std::int32_t>(alone), true) - 1e-12)
    return "worse than nothing";
  const Lists lists = both_lists(g);
  for (std::size_t v = 0; v < lists.size(); ++v) {
    const auto name = static_cast<std::size_t>(community[v]);
    if (name > v || community[name] != community[v])
      return "not named by its smallest node " + std::to_string(v);
    const bool near_others = std::any_of(lists[v].begin(), lists[v].end(), [&](const auto& u) {
      return static_cast<std::size_t>(u.first) != v &&
             community[static_cast<std::size_t>(u.first)] == community[v];
    });
    const auto members = std::count(community.begin(), community.end(), community[v]);
    if (members > 1 && !near_others) return "without a neighbour in its community: node " + std::to_string(v);
  }
  return "";
}

/// One step of the equation from a column that it left.
std::string check_attribute_propagation(const Graph& g, const Result& r) {
  const auto value = g.node_attribute("value")->span<double>();
  const auto x = r.column<double>("value");
  const Lists in = in_lists(g);
  for (std::size_t v = 0; v < in.size(); ++v) {
    double heard = 0, strength = 0;
    for (const auto& [u, weight] : in[v])
      heard += weight * x[static_cast<std::size_t>(u)], strength += weight;
    const double want = strength > 0 ? 0.5 * value[v] + 0.5 * heard / strength : value[v];
    if (!(std::abs(want - x[v]) < 2e-6)) return "not settled at node " + std::to_string(v);
  }
  return "";
}

}  // namespace

std::vector<CheckerEntry> community_checkers() {
  return {{"cdlp", check_cdlp},
          {"label_propagation", check_label_propagation},
          {"message_pass", check_stable},
          {"louvain", check_louvain},
          {"modularity", check_modularity},
          {"attribute_propagation", check_attribute_propagation}};
}

}  // namespace monograph::test
