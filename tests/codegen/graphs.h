// Graphs and values that kernels get wrong most easily.
#pragma once

#include <monograph/graph.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <utility>
#include <vector>

#include "host/ops/dispatch.h"
#include "host/ops/op_def.h"

namespace monograph::test {

template <class T>
inline std::vector<T> adversarial() {
  using L = std::numeric_limits<T>;
  if constexpr (std::is_same_v<T, bool>) {
    return {false, true};
  } else if constexpr (std::is_integral_v<T>) {
    return {0,
            1,
            -1,
            2,
            -2,
            3,
            7,
            -7,
            31,
            32,
            33,
            63,
            64,
            65,
            -64,
            L::min(),
            L::min() + 1,
            L::max(),
            L::max() - 1,
            L::max() / 2,
            1000003,
            -999983};
  } else {
    const T ulp = L::epsilon();
    return {T(0),
            T(-0.0),
            T(1),
            T(-1),
            T(0.5),
            T(-0.5),
            T(1.5),
            T(2.5),
            T(-2.5),
            T(3),
            T(-7),
            T(1) + ulp,
            T(1) - ulp / 2,
            L::infinity(),
            -L::infinity(),
            L::quiet_NaN(),
            -L::quiet_NaN(),
            L::denorm_min(),
            -L::denorm_min(),
            L::min(),
            L::max(),
            L::lowest(),
            T(0x1p31),
            T(-0x1p31),
            T(0x1p63),
            T(-0x1p63),
            std::nextafter(T(0x1p63), T(0)),
            std::nextafter(T(0x1p31), T(0)),
            T(1e-5),
            T(3.14159265358979),
            T(0.1),
            T(1e10),
            T(-88.5),
            T(709.5)};
  }
}

struct NamedGraph {
  const char* name;
  Graph graph;
};

inline Graph from_pairs(std::int64_t n, const std::vector<std::pair<int, int>>& pairs) {
  EdgeList edges;
  edges.ids = NodeIds::dense(n);
  for (auto [s, t] : pairs) edges.source.push_back(s), edges.target.push_back(t);
  return Graph::from_edges(std::move(edges));
}

/// Nodes whose in-degrees are around every boundary of the schedule, and one hub.
inline Graph boundaries() {
  std::vector<std::pair<int, int>> pairs;
  std::mt19937 random(11);
  int v = 0;
  for (int degree : {0, 1, 31, 32, 33, 64, 100, 4095, 4096, 4097, 9000}) {
    for (int i = 0; i < degree; ++i) pairs.emplace_back(static_cast<int>(random() % 700), v);
    v += 29;  // several in one warp, others alone
  }
  for (int i = 0; i < 3000; ++i)
    pairs.emplace_back(static_cast<int>(random() % 700), static_cast<int>(random() % 700));
  return from_pairs(700, pairs);
}

/// More than one leaf of nodes, and of edges, of short rows; the last leaf is not whole.
inline Graph many_leaves() {
  std::vector<std::pair<int, int>> pairs;
  std::mt19937 random(12);
  for (int i = 0; i < 5000; ++i)
    pairs.emplace_back(static_cast<int>(random() % 3333), static_cast<int>(random() % 3333));
  return from_pairs(3333, pairs);
}

inline std::vector<NamedGraph> graphs() {
  return {{"empty", Graph()},
          {"one node", from_pairs(1, {})},
          {"isolated", from_pairs(40, {})},
          {"self-loop", from_pairs(3, {{0, 0}, {1, 1}, {0, 1}})},
          {"multi-edge", from_pairs(4, {{0, 1}, {0, 1}, {0, 1}, {2, 1}, {1, 0}, {1, 0}})},
          {"path", from_pairs(3, {{0, 1}, {1, 2}})},
          {"boundaries", boundaries()}};
}

/// Random elements, with the awkward ones of the type among them where that is wanted: a long row that has a
/// NaN or an infinity does not show in which order it was added.
inline ops::Value random_value(const Type& type, std::int64_t n, std::uint32_t seed,
                               bool with_awkward = true) {
  return ops::dispatch(type.scalar, [&]<class T>(std::type_identity<T>) {
    ops::Value value{type, Column(type.scalar, n)};
    std::mt19937_64 random(seed);
    const std::vector<T> awkward = adversarial<T>();
    for (std::int64_t i = 0; i < n; ++i) {
      T x;
      if constexpr (std::is_floating_point_v<T>)
        x = static_cast<T>(static_cast<double>(random() >> 11) * 0x1p-53 - 0.25);
      else
        x = static_cast<T>(random());
      if (with_awkward && random() % 400 == 0) x = awkward[random() % awkward.size()];
      value.column.set(i, Constant::of<T>(x));
    }
    return value;
  });
}

/// Few different elements: labels meet, ties happen.
inline ops::Value few_values(const Type& type, std::int64_t n, std::uint32_t seed) {
  return ops::dispatch(type.scalar, [&]<class T>(std::type_identity<T>) {
    ops::Value value{type, Column(type.scalar, n)};
    std::mt19937_64 random(seed);
    for (std::int64_t i = 0; i < n; ++i)
      value.column.set(i, Constant::of<T>(static_cast<T>(static_cast<int>(random() % 5) - (sizeof(T) > 1))));
    return value;
  });
}

}  // namespace monograph::test
