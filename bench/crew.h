// What the classes that bind hand-written loops to a graph have in common: its rows, a team, storage.
#pragma once

#include <algorithm>
#include <vector>

#include "bench/baseline.h"
#include "bench/native/native.h"

namespace monograph::bench {

inline native::Rows rows_of(const Adjacency& a) { return {a.offsets.data(), a.neighbors.data()}; }

/// Neighbours in both directions: on an undirected graph its rows already have them.
struct BothWays {
  explicit BothWays(const Graph& g) {
    rows[0] = rows_of(g.out());
    if (!g.undirected()) rows[1] = rows_of(g.in());
  }
  std::int64_t edges_before(std::int32_t v) const {
    return rows[0].offsets[v] + (rows[1].offsets ? rows[1].offsets[v] : 0);
  }
  native::Rows rows[2];
};

/// A team and the chunks it works on, cut where the work before them reaches equal parts.
class Crew {
 public:
  Crew(const Graph& g, const BaselineOptions& options) : both_(g) {
    const auto nodes = static_cast<std::int32_t>(g.node_count());
    team_ = {baseline_threads(g, options), nodes, 0, nullptr};
    constexpr int kChunksPerThread = 64;  // enough that a hub's chunk is no thread's last
    const std::int32_t chunks = std::min(nodes, team_.threads * kChunksPerThread);
    const auto work = [&](std::int32_t v) { return both_.edges_before(v) + v; };
    bounds_.push_back(0);
    for (std::int32_t c = 1; c < chunks; ++c)
      bounds_.push_back(first_with(work, work(nodes) * c / chunks, bounds_.back(), nodes));
    bounds_.push_back(nodes);
    team_.chunks = static_cast<std::int32_t>(bounds_.size()) - 1;
    team_.bounds = bounds_.data();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  const native::Team& team() const { return team_; }
  const BothWays& both() const { return both_; }

 private:
  template <class Work>
  static std::int32_t first_with(const Work& work, std::int64_t least, std::int32_t low, std::int32_t high) {
    while (low < high) {
      const std::int32_t middle = low + (high - low) / 2;
      if (work(middle) < least)
        low = middle + 1;
      else
        high = middle;
    }
    return low;
  }

  BothWays both_;
  native::Team team_;
  std::vector<std::int32_t> bounds_;
};

/// A column that a native loop writes; the pointer stays valid because the column is never copied.
template <class T>
class Buffer {
 public:
  explicit Buffer(std::int64_t size) : column_(scalar_type_of<T>, size) {}
  T* data() { return column_.span<T>().data(); }

 private:
  Column column_;
};

template <class T>
Column copy_of(const T* values, std::int32_t count) {
  return Column::of(std::span<const T>(values, static_cast<std::size_t>(count)));
}

}  // namespace monograph::bench
