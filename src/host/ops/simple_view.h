// The undirected simple view of a graph: who is adjacent, in whichever direction; no self-loops, parallel
// edges once.
#pragma once

#include <algorithm>
#include <vector>

#include "host/ops/neighborhood.h"

namespace monograph::ops {

class SimpleView {
 public:
  explicit SimpleView(const Graph& graph) : rows_(static_cast<std::size_t>(graph.node_count())) {
    const Neighborhoods at(graph, Direction::Both);
    for (std::size_t v = 0; v < rows_.size(); ++v) {
      const auto self = static_cast<std::int32_t>(v);
      at.for_each(self, [&](std::int32_t u, std::int64_t) {
        if (u != self) rows_[v].push_back(u);
      });
      std::ranges::sort(rows_[v]);
      rows_[v].erase(std::unique(rows_[v].begin(), rows_[v].end()), rows_[v].end());
    }
  }

  /// Ascending.
  const std::vector<std::int32_t>& row(std::int32_t v) const { return rows_[static_cast<std::size_t>(v)]; }
  /// Adjacent to both, ascending; of a node and itself none.
  std::vector<std::int32_t> common(std::int32_t u, std::int32_t v) const {
    std::vector<std::int32_t> both;
    if (u == v) return both;
    const bool u_is_few = row(u).size() < row(v).size();
    const auto &few = row(u_is_few ? u : v), &many = row(u_is_few ? v : u);
    for (const std::int32_t w : few)
      if (std::ranges::binary_search(many, w)) both.push_back(w);
    return both;
  }

 private:
  std::vector<std::vector<std::int32_t>> rows_;
};

}  // namespace monograph::ops
