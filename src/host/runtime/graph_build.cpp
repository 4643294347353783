// From edges in any order to rows sorted by neighbour, in linear time.
//
// Two stable counting sorts, least significant key first: by target, then by source. What is equal keeps the
// order of input. The second sort walks the first one's rows, so each moves an edge once.
#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "host/runtime/graph_topology.h"

namespace monograph {
namespace {

using Index = std::int32_t;
using Offset = std::int64_t;

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }

using Poll = std::function<void()>;
constexpr std::size_t kPollEvery = std::size_t{1} << 20;  // edges: some milliseconds

/// Calls visit(source, target, listed position) for each stored edge in order of input.
template <class Visit>
void for_each_stored(const EdgeList& list, const Poll& poll, Visit visit) {
  const bool loops = list.self_loops == SelfLoops::Keep;
  for (std::size_t e = 0; e < list.source.size(); ++e) {
    if (e % kPollEvery == 0 && poll) poll();
    const Index s = list.source[e], t = list.target[e];
    if (s != t || loops) visit(s, t, static_cast<Offset>(e));
    if (s != t && list.undirected) visit(t, s, static_cast<Offset>(e));
  }
}

/// Turns counts, kept one place to the right, into row offsets.
void counts_to_offsets(std::span<Offset> counts) {
  for (std::size_t i = 1; i < counts.size(); ++i) counts[i] += counts[i - 1];
}

/// Where the next edge of each row goes.
std::vector<Offset> cursors(std::span<const Offset> offsets) { return {offsets.begin(), offsets.end() - 1}; }

/// What one counting sort yields: edges grouped by one end, with the other end and, where asked for, the
/// position each has in the list.
struct Grouped {
  Column offsets, other, position;
};

Grouped group_by_target(const EdgeList& list, bool with_positions, const Poll& poll) {
  Grouped g{Column(ScalarType::I64, list.ids.size() + 1), {}, {}};
  const auto offsets = g.offsets.span<Offset>();
  for_each_stored(list, poll, [&](Index, Index t, Offset) { ++offsets[at(t) + 1]; });
  counts_to_offsets(offsets);
  g.other = Column(ScalarType::I32, offsets.back());
  g.position = Column(ScalarType::I64, with_positions ? offsets.back() : 0);
  auto next = cursors(offsets);
  const auto other = g.other.span<Index>();
  const auto position = g.position.span<Offset>();
  for_each_stored(list, poll, [&](Index s, Index t, Offset e) {
    const auto k = at(next[at(t)]++);
    other[k] = s;
    if (with_positions) position[k] = e;
  });
  return g;
}

Grouped regroup(const Grouped& by_target, const Poll& poll) {
  const auto from = by_target.offsets.span<Offset>();
  const auto source = by_target.other.span<Index>();
  const auto listed = by_target.position.span<Offset>();
  Grouped g{Column(ScalarType::I64, by_target.offsets.size()),
            Column(ScalarType::I32, by_target.other.size()),
            Column(ScalarType::I64, by_target.position.size())};
  const auto offsets = g.offsets.span<Offset>();
  for (const Index s : source) ++offsets[at(s) + 1];
  counts_to_offsets(offsets);
  auto next = cursors(offsets);
  const auto other = g.other.span<Index>();
  const auto position = g.position.span<Offset>();
  for (std::size_t t = 0; t + 1 < from.size(); ++t)
    for (auto k = at(from[t]); k < at(from[t + 1]); ++k) {
      if (k % kPollEvery == 0 && poll) poll();
      const auto to = at(next[at(source[k])]++);
      other[to] = static_cast<Index>(t);
      if (!listed.empty()) position[to] = listed[k];
    }
  return g;
}

/// A directed list that is in row order already, as most files are, needs no sorting.
bool in_row_order(const EdgeList& list) {
  if (list.undirected || list.self_loops == SelfLoops::Drop) return false;
  for (std::size_t e = 1; e < list.source.size(); ++e)
    if (list.source[e] < list.source[e - 1] ||
        (list.source[e] == list.source[e - 1] && list.target[e] < list.target[e - 1]))
      return false;
  return true;
}

Grouped group_in_order(const EdgeList& list) {
  Grouped g{Column(ScalarType::I64, list.ids.size() + 1), Column::of<Index>(list.target), {}};
  const auto offsets = g.offsets.span<Offset>();
  for (const Index s : list.source) ++offsets[at(s) + 1];
  counts_to_offsets(offsets);
  return g;
}

// Several edges between the same ends
// ---------------------------------------------------------------------------

/// Positions of the first of each run of equal neighbours, and the end.
std::vector<Offset> run_starts(const Rows& csr) {
  const auto offsets = csr.offsets.span<Offset>();
  const auto neighbors = csr.neighbors.span<Index>();
  std::vector<Offset> starts;
  starts.reserve(neighbors.size() + 1);
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
    for (Offset k = offsets[v]; k < offsets[v + 1]; ++k)
      if (k == offsets[v] || neighbors[at(k)] != neighbors[at(k - 1)]) starts.push_back(k);
  starts.push_back(offsets.back());
  return starts;
}

template <class T>
T smaller(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) ? a : b;
    if (a == b) return std::signbit(a) ? a : b;  // -0 is below +0
  }
  return a < b ? a : b;
}

template <class T>
T larger(T a, T b) {
  if constexpr (std::is_floating_point_v<T>) {
    if (std::isnan(a) || std::isnan(b)) return std::isnan(a) ? a : b;
    if (a == b) return std::signbit(a) ? b : a;
  }
  return a < b ? b : a;
}

template <class T>
T plus(T a, T b) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) + static_cast<std::make_unsigned_t<T>>(b));
  else
    return a + b;
}

template <class T, class Combine>
Column combine_runs(const Column& column, std::span<const Offset> starts, Combine combine) {
  Column out(column.type(), static_cast<Offset>(starts.size()) - 1);
  const auto from = column.span<T>();
  const auto to = out.span<T>();
  for (std::size_t r = 0; r < to.size(); ++r) {
    T value = from[at(starts[r])];
    for (Offset k = starts[r] + 1; k < starts[r + 1]; ++k) value = combine(value, from[at(k)]);
    to[r] = value;
  }
  return out;
}

template <class T>
Column combine_as(const Column& column, std::span<const Offset> starts, MultiEdges policy) {
  switch (policy) {
    case MultiEdges::Sum:
      return combine_runs<T>(column, starts, plus<T>);
    case MultiEdges::Min:
      return combine_runs<T>(column, starts, smaller<T>);
    case MultiEdges::Max:
      return combine_runs<T>(column, starts, larger<T>);
    default:
      return gather(column, starts.first(starts.size() - 1));
  }
}

Column combine(const Column& column, std::span<const Offset> starts, MultiEdges policy) {
  switch (column.type()) {
    case ScalarType::Bool:
      return gather(column, starts.first(starts.size() - 1));  // not a number: the first stays
    case ScalarType::I32:
      return combine_as<std::int32_t>(column, starts, policy);
    case ScalarType::I64:
      return combine_as<std::int64_t>(column, starts, policy);
    case ScalarType::F32:
      return combine_as<float>(column, starts, policy);
    case ScalarType::F64:
      return combine_as<double>(column, starts, policy);
  }
  throw InternalError("unknown element type");
}

void merge_runs(BuiltGraph& graph, MultiEdges policy) {
  const auto starts = run_starts(graph.csr);
  const auto count = static_cast<Offset>(starts.size()) - 1;
  if (count == graph.csr.neighbors.size()) return;
  const auto runs = std::span(starts);
  graph.csr.neighbors = gather(graph.csr.neighbors, runs.first(at(count)));
  Offset r = 0;
  for (Offset& offset : graph.csr.offsets.span<Offset>()) {
    while (runs[at(r)] < offset) ++r;
    offset = r;
  }
  for (auto& a : graph.attributes) a.column = combine(a.column, runs, policy);
}

template <class T>
Column gather_as(const Column& column, std::span<const Offset> where) {
  Column out(column.type(), static_cast<Offset>(where.size()));
  const auto from = column.span<T>();
  const auto to = out.span<T>();
  for (std::size_t i = 0; i < where.size(); ++i) to[i] = from[at(where[i])];
  return out;
}

bool is_identity(std::span<const Offset> permutation) {
  for (std::size_t i = 0; i < permutation.size(); ++i)
    if (permutation[i] != static_cast<Offset>(i)) return false;
  return true;
}

}  // namespace

Column gather(const Column& column, std::span<const std::int64_t> where) {
  switch (column.type()) {
    case ScalarType::Bool:
      return gather_as<bool>(column, where);
    case ScalarType::I32:
      return gather_as<std::int32_t>(column, where);
    case ScalarType::I64:
      return gather_as<std::int64_t>(column, where);
    case ScalarType::F32:
      return gather_as<float>(column, where);
    case ScalarType::F64:
      return gather_as<double>(column, where);
  }
  throw InternalError("unknown element type");
}

BuiltGraph build_csr(EdgeList& list, const Poll& poll) {
  const bool ordered = in_row_order(list);
  Grouped rows =
      ordered ? group_in_order(list) : regroup(group_by_target(list, !list.attributes.empty(), poll), poll);
  list.source = {};  // a large list is not kept beside the rows
  list.target = {};
  BuiltGraph graph{{std::move(rows.offsets), std::move(rows.other), {}}, std::move(list.attributes)};
  if (!ordered)
    for (auto& a : graph.attributes) a.column = gather(a.column, std::as_const(rows.position).span<Offset>());
  if (list.multi_edges != MultiEdges::Keep) merge_runs(graph, list.multi_edges);
  return graph;
}

Rows transpose(const Rows& csr) {
  const auto from = csr.offsets.span<Offset>();
  const auto target = csr.neighbors.span<Index>();
  Rows rows{Column(ScalarType::I64, csr.offsets.size()), Column(ScalarType::I32, csr.neighbors.size()),
            Column(ScalarType::I64, csr.neighbors.size())};
  const auto offsets = rows.offsets.span<Offset>();
  for (const Index t : target) ++offsets[at(t) + 1];
  counts_to_offsets(offsets);
  auto next = cursors(offsets);
  const auto source = rows.neighbors.span<Index>();
  const auto edges = rows.edges.span<Offset>();
  for (std::size_t s = 0; s + 1 < from.size(); ++s)
    for (Offset e = from[s]; e < from[s + 1]; ++e) {
      const auto k = at(next[at(target[at(e)])]++);
      source[k] = static_cast<Index>(s);
      edges[k] = e;
    }
  if (is_identity(edges)) rows.edges = {};
  return rows;
}

bool is_symmetric(const Rows& csr) {
  const Rows reversed = transpose(csr);
  return std::ranges::equal(csr.offsets.span<Offset>(), reversed.offsets.span<Offset>()) &&
         std::ranges::equal(csr.neighbors.span<Index>(), reversed.neighbors.span<Index>());
}

}  // namespace monograph
