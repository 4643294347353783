// The canonical shapes of kernels/shapes.cuh, sequentially. Integers and selections give the same value in
// any order; float sums and products do not, and this is the order that defines them.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "host/ops/monoid.h"

namespace monograph::scalar {
#include "kernels/shapes.cuh"
}  // namespace monograph::scalar

namespace monograph::ops {

/// In which type a column of accumulator type `T` is folded before it is rounded once.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, float>, double, T>;

/// One leaf of the column shape: elements at(first) .. at(first + count - 1).
template <class T, class At>
T column_leaf(std::int64_t first, std::int64_t count, const At& at, const Monoid<T>& m) {
  std::array<T, scalar::mg_column_lanes> lane;
  lane.fill(m.identity);
  for (std::int64_t i = 0; i < count; ++i) {
    T& mine = lane[static_cast<std::size_t>(i % scalar::mg_column_lanes)];
    mine = m.combine(mine, at(first + i));
  }
  for (std::size_t half = lane.size() / 2; half > 0; half /= 2)
    for (std::size_t i = 0; i < half; ++i) lane[i] = m.combine(lane[i], lane[i + half]);
  return lane[0];
}

template <class T, class At>
std::vector<T> column_leaves(std::int64_t n, const At& at, const Monoid<T>& m) {
  std::vector<T> leaves;
  for (std::int64_t first = 0; first < n; first += scalar::mg_column_leaf)
    leaves.push_back(column_leaf(first, std::min<std::int64_t>(scalar::mg_column_leaf, n - first), at, m));
  return leaves;
}

/// at(0), ..., at(n - 1) combined in column shape; the identity when n is 0.
template <class T, class At>
T column_fold(std::int64_t n, const At& at, const Monoid<T>& m) {
  std::vector<T> level = column_leaves(n, at, m);
  while (level.size() > 1) {
    const std::vector<T> below = std::move(level);
    level = column_leaves(
        static_cast<std::int64_t>(below.size()),
        [&](std::int64_t i) -> T { return below[static_cast<std::size_t>(i)]; }, m);
  }
  return level.empty() ? m.identity : T(level.front());
}

/// at(0), ..., at(n - 1) combined in row shape; the identity when n is 0.
template <class T, class At>
T row_fold(std::int64_t n, const At& at, const Monoid<T>& m) {
  T total = m.identity;
  for (std::int64_t first = 0; first < n; first += scalar::mg_row_segment) {
    T part = m.identity;
    const std::int64_t end = std::min<std::int64_t>(first + scalar::mg_row_segment, n);
    for (std::int64_t i = first; i < end; ++i) part = m.combine(part, at(i));
    total = first == 0 ? part : m.combine(total, part);
  }
  return total;
}

}  // namespace monograph::ops
