// The shared, immutable part of a graph, and how it is built. Private to src/host/runtime/graph*.cpp.
#pragma once

#include <monograph/graph.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <vector>

namespace monograph {

/// Rows of neighbours that own their storage. Without `edges` row order is edge order.
struct Rows {
  Column offsets;    // i64[V + 1]
  Column neighbors;  // i32[E]
  Column edges;      // i64[E] or empty
  Adjacency adjacency() const;
};

struct Topology {
  Rows csr;
  NodeIds ids;
  bool undirected = false;

  const Rows& csc() const;
  std::int64_t csc_builds() const noexcept { return csc_builds_.load(std::memory_order_relaxed); }
  std::uint64_t fingerprint() const;

 private:
  mutable std::once_flag csc_once_, fingerprint_once_;
  mutable std::atomic<std::int64_t> csc_builds_ = 0;
  mutable Rows csc_;
  mutable std::uint64_t fingerprint_ = 0;
};

struct BuiltGraph {
  Rows csr;  // without `edges`
  std::vector<Attribute> attributes;
};

/// Sorts edges into rows by two stable counting sorts; attributes follow. Consumes the list. `poll`, if any,
/// is called once in a million edges and more often, and may throw.
BuiltGraph build_csr(EdgeList& list, const std::function<void()>& poll);
/// Rows of the reversed edges.
Rows transpose(const Rows& csr);
/// True when row u lists v exactly as often as row v lists u.
bool is_symmetric(const Rows& csr);
/// column[where[0]], column[where[1]], ...
Column gather(const Column& column, std::span<const std::int64_t> where);

}  // namespace monograph
