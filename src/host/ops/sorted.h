// What operations share that put the elements of a column in order.
#pragma once

#include <algorithm>
#include <numeric>
#include <vector>

#include "host/ops/dispatch.h"
#include "host/ops/scalar_math.h"
#include "host/ops/signature.h"

namespace monograph::ops {

constexpr AttrSpec descending_attr(bool fallback) {
  return {.name = "descending",
          .kind = AttrKind::Bool,
          .doc = "largest first; NaN are last all the same",
          .fallback = fallback,
          .required = false};
}
constexpr OperandSpec kSortedOperand{"x",
                                     "a column, ordered with -0 before +0, NaN last, equal ones by index"};

/// An operand that extends over something.
inline const Type& column_operand(const InferContext& c, std::size_t i) {
  c.expect(c.operand(i).domain != Domain::Scalar, "a column", i);
  return c.operand(i);
}

/// Indices of the elements in order.
template <class T>
std::vector<std::int64_t> order_of(std::span<const T> x, bool descending) {
  std::vector<std::int64_t> order(x.size());
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const auto key = [&](std::int64_t i) {
    return scalar::mg_order_key<T>(x[static_cast<std::size_t>(i)], descending);
  };
  std::ranges::stable_sort(order, {}, key);
  return order;
}

/// run(first, last) for the equal elements order[first, last), in order.
template <class T, class Run>
void for_each_run(std::span<const T> x, std::span<const std::int64_t> order, const Run& run) {
  const auto key = [&](std::size_t k) {
    return scalar::mg_order_key<T>(x[static_cast<std::size_t>(order[k])], false);
  };
  for (std::size_t first = 0, last = 0; first < order.size(); first = last) {
    while (last < order.size() && key(last) == key(first)) ++last;
    run(first, last);
  }
}

}  // namespace monograph::ops
