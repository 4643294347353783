// Components, cores and forests against the textbook: union-find, Tarjan, bins, Kruskal.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <tuple>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

class UnionFind {
 public:
  explicit UnionFind(std::int64_t n) : up_(static_cast<std::size_t>(n)) {
    std::iota(up_.begin(), up_.end(), std::size_t{0});
  }
  std::size_t find(std::size_t v) {
    while (up_[v] != v) v = up_[v] = up_[up_[v]];
    return v;
  }
  bool join(std::int32_t a, std::int32_t b) {
    const std::size_t x = find(static_cast<std::size_t>(a));
    const std::size_t y = find(static_cast<std::size_t>(b));
    up_[std::max(x, y)] = std::min(x, y);
    return x != y;
  }
  /// The smallest member.
  std::int32_t name(std::size_t v) { return static_cast<std::int32_t>(find(v)); }

 private:
  std::vector<std::size_t> up_;
};

UnionFind components(const Graph& g) {
  UnionFind all(g.node_count());
  for (const Edge& e : stored_edges(g)) all.join(e.source, e.target);
  return all;
}

std::string same_names(std::span<const std::int32_t> got, const std::vector<std::int32_t>& want) {
  for (std::size_t v = 0; v < want.size(); ++v)
    if (got[v] != want[v])
      return "got " + std::to_string(got[v]) + ", expected " + std::to_string(want[v]) + " at node " +
             std::to_string(v);
  return "";
}

std::string check_wcc(const Graph& g, const Result& r) {
  UnionFind all = components(g);
  std::vector<std::int32_t> want;
  for (std::size_t v = 0; v < static_cast<std::size_t>(g.node_count()); ++v) want.push_back(all.name(v));
  return same_names(r.column<std::int32_t>("component"), want);
}

/// Tarjan: Depth-first search and linear graph algorithms, 1972, without recursion.
class Tarjan {
 public:
  explicit Tarjan(const Graph& g)
      : out_(out_lists(g)), found_(out_.size(), -1), low_(found_), component_(found_) {
    for (std::int32_t v = 0; v < static_cast<std::int32_t>(out_.size()); ++v)
      if (found_[static_cast<std::size_t>(v)] < 0) search(v);
  }
  /// The smallest member of each node's component.
  const std::vector<std::int32_t>& component() const { return component_; }

 private:
  void enter(std::int32_t v) {
    found_[static_cast<std::size_t>(v)] = low_[static_cast<std::size_t>(v)] = time_++;
    stack_.push_back(v);
    calls_.emplace_back(v, 0);
  }
  void leave(std::int32_t v) {
    if (low_[static_cast<std::size_t>(v)] != found_[static_cast<std::size_t>(v)]) return;
    const auto first = std::find(stack_.begin(), stack_.end(), v);
    const std::int32_t name = *std::min_element(first, stack_.end());
    for (auto u = first; u != stack_.end(); ++u) component_[static_cast<std::size_t>(*u)] = name;
    stack_.erase(first, stack_.end());
  }
  void search(std::int32_t root) {
    enter(root);
    while (!calls_.empty()) {
      const std::int32_t v = calls_.back().first;
      const auto i = static_cast<std::size_t>(v);
      if (calls_.back().second < out_[i].size()) {
        const std::int32_t u = out_[i][calls_.back().second++].first;
        const auto k = static_cast<std::size_t>(u);
        if (found_[k] < 0)
          enter(u);
        else if (component_[k] < 0)
          low_[i] = std::min(low_[i], found_[k]);
        continue;
      }
      calls_.pop_back();
      leave(v);
      if (!calls_.empty()) {
        auto& above = low_[static_cast<std::size_t>(calls_.back().first)];
        above = std::min(above, low_[i]);
      }
    }
  }

  Lists out_;
  std::vector<std::int32_t> found_, low_, component_, stack_;
  std::vector<std::pair<std::int32_t, std::size_t>> calls_;
  std::int32_t time_ = 0;
};

std::string check_scc(const Graph& g, const Result& r) {
  return same_names(r.column<std::int32_t>("component"), Tarjan(g).component());
}

/// Whoever has the fewest edges left leaves, one at a time.
std::string check_k_core(const Graph& g, const Result& r) {
  const Lists lists = both_lists(g);
  std::vector<std::int64_t> left(lists.size(), 0), core(lists.size(), -1);
  std::multimap<std::int64_t, std::size_t> queue;  // entries that are out of date stay, and are left out
  for (std::size_t v = 0; v < lists.size(); ++v) {
    for (const auto& [u, weight] : lists[v]) left[v] += static_cast<std::size_t>(u) != v;
    queue.emplace(left[v], v);
  }
  std::int64_t k = 0;
  while (!queue.empty()) {
    const auto [edges, v] = *queue.begin();
    queue.erase(queue.begin());
    if (core[v] >= 0 || edges != left[v]) continue;
    core[v] = k = std::max(k, edges);
    for (const auto& [u, weight] : lists[v])
      if (const auto i = static_cast<std::size_t>(u); core[i] < 0) queue.emplace(--left[i], i);
  }
  const auto got = r.column<std::int64_t>("core");
  const auto mask = r.column<bool>("mask");
  for (std::size_t v = 0; v < core.size(); ++v) {
    if (got[v] != core[v])
      return "core: got " + std::to_string(got[v]) + ", expected " + std::to_string(core[v]) + " at node " +
             std::to_string(v);
    if (mask[v] != (core[v] >= 2)) return "the mask is not the 2-core at node " + std::to_string(v);
  }
  return "";
}

double kruskal(const Graph& g) {
  std::vector<Edge> edges = stored_edges(g);
  std::stable_sort(edges.begin(), edges.end(),
                   [](const Edge& a, const Edge& b) { return a.weight < b.weight; });
  UnionFind trees(g.node_count());
  double total = 0;
  for (const Edge& e : edges)
    if (trees.join(e.source, e.target)) total += e.weight;
  return total;
}

/// The edges are of the graph, close no circle, join what is connected, and weigh what Kruskal's do.
std::string check_forest(const Graph& g, const Result& r) {
  const auto source = r.column<std::int32_t>("source"), target = r.column<std::int32_t>("target");
  const auto component = r.column<std::int32_t>("component");
  const auto weight = r.column<double>("weight");
  using Known = std::tuple<std::int32_t, std::int32_t, double>;
  std::vector<Known> edges;
  for (const Edge& e : stored_edges(g))
    edges.emplace_back(std::min(e.source, e.target), std::max(e.source, e.target), e.weight);
  std::sort(edges.begin(), edges.end());
  UnionFind trees(g.node_count()), all = components(g);
  double total = 0;
  for (std::size_t v = 0; v < source.size(); ++v) {
    const std::string where = " at node " + std::to_string(v);
    if (source[v] < 0) {
      if (target[v] != -1 || weight[v] != 0) return "half an edge" + where;
      continue;
    }
    const Known chosen{std::min(source[v], target[v]), std::max(source[v], target[v]), weight[v]};
    if (!std::binary_search(edges.begin(), edges.end(), chosen)) return "no such edge" + where;
    if (!trees.join(source[v], target[v])) return "a circle" + where;
    total += weight[v];
  }
  for (std::size_t v = 0; v < source.size(); ++v) {
    if (trees.name(v) != all.name(v)) return "a component is not joined at node " + std::to_string(v);
    const auto named = static_cast<std::size_t>(component[v]);
    if (all.name(named) != all.name(v) || component[named] != component[v])
      return "not the name of its component at node " + std::to_string(v);
  }
  if (std::abs(total - kruskal(g)) > 1e-9 * total) return "heavier than Kruskal's";
  return near(std::vector<double>{r.scalar<double>("total")}, {total});
}

}  // namespace

std::vector<CheckerEntry> component_checkers() {
  return {{"wcc", check_wcc},
          {"scc", check_scc},
          {"k_core", check_k_core},
          {"minimum_spanning_forest", check_forest}};
}

}  // namespace monograph::test
