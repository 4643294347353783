// Walking the edges at a node in the order that defines float sums.
#pragma once

#include <cstdint>
#include <vector>

#include "host/ops/attr.h"
#include "host/ops/canonical.h"
#include "host/ops/op_def.h"

namespace monograph::ops {

/// The rows that together make up each node's neighbourhood: In, Out, or for Both the in-rows and then the
/// out-rows. On an undirected graph both hold the same edges, so Both is In: each incident edge once.
class Neighborhoods {
 public:
  Neighborhoods(const Graph& graph, Direction direction) {
    const bool in = direction != Direction::Out;
    if (in) rows_.push_back(graph.in());
    if (!in || (direction == Direction::Both && !graph.undirected())) rows_.push_back(graph.out());
  }

  /// Edges at node v.
  std::int64_t size(std::int32_t v) const {
    std::int64_t n = 0;
    for (const Adjacency& row : rows_) n += begin(row, v + 1) - begin(row, v);
    return n;
  }

  /// visit(neighbour, edge in CSR order), in neighbour order.
  template <class Visit>
  void for_each(std::int32_t v, const Visit& visit) const {
    for (const Adjacency& row : rows_)
      for (std::int64_t k = begin(row, v); k < begin(row, v + 1); ++k)
        visit(row.neighbors[static_cast<std::size_t>(k)], row.edge(k));
  }

  /// at(neighbour, edge) of all edges at v combined: each row in row shape, then the rows' results.
  template <class T, class At>
  T fold(std::int32_t v, const At& at, const Monoid<T>& m) const {
    T total = fold_row(rows_.front(), v, at, m);
    for (std::size_t r = 1; r < rows_.size(); ++r) total = m.combine(total, fold_row(rows_[r], v, at, m));
    return total;
  }

 private:
  static std::int64_t begin(const Adjacency& row, std::int32_t v) {
    return row.offsets[static_cast<std::size_t>(v)];
  }
  template <class T, class At>
  static T fold_row(const Adjacency& row, std::int32_t v, const At& at, const Monoid<T>& m) {
    const std::int64_t first = begin(row, v);
    const auto element = [&](std::int64_t i) -> T {
      return at(row.neighbors[static_cast<std::size_t>(first + i)], row.edge(first + i));
    };
    return row_fold<T>(begin(row, v + 1) - first, element, m);
  }

  std::vector<Adjacency> rows_;
};

/// An element of a column by node or edge index.
template <class T, class I>
T element(std::span<const T> column, I i) {
  return column[static_cast<std::size_t>(i)];
}

}  // namespace monograph::ops
