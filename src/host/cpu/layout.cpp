#include "host/cpu/layout.h"

#include <algorithm>

namespace monograph::cpu {
namespace {

using scalar::mg_i64;

// Below this many rows and edges one thread is done before a second has woken up.
constexpr std::int64_t kSmall = 32768;
// Ranges per thread: enough that the last to finish costs little.
constexpr std::int64_t kChunksPerThread = 16;

std::int64_t leaves_of(std::int64_t rows) {
  return (rows + scalar::mg_column_leaf - 1) / scalar::mg_column_leaf;
}

std::int64_t longest(std::span<const std::int64_t> offsets) {
  std::int64_t most = 0;
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v) most = std::max(most, offsets[v + 1] - offsets[v]);
  return most;
}

const mg_i64* as_i64(std::span<const std::int64_t> s) {
  static_assert(sizeof(mg_i64) == sizeof(std::int64_t));
  return s.empty() ? nullptr : reinterpret_cast<const mg_i64*>(s.data());
}

}  // namespace

Layout::Layout(const PlanProgram& program, const Graph& graph, int threads)
    : graph_(graph),
      threads_(threads),
      in_(program.walks_in()),
      out_(program.walks_out()),
      readers_in_(program.finds_readers_in()),
      readers_out_(program.finds_readers_out()) {
  const std::span<const std::int64_t> none;
  const auto in = in_ ? graph_.in().offsets : none;
  const auto out = out_ ? graph_.out().offsets : none;
  by_node_ = even(graph_.node_count());
  by_edge_ = even(graph_.edge_count());
  by_in_ = in_ ? balanced(in, none) : by_node_;
  by_out_ = out_ ? balanced(out, none) : by_node_;
  if (program.walks_both()) by_both_ = graph_.undirected() ? by_in_ : balanced(in, out);
  longest_in_ = longest(in), longest_out_ = longest(out);
  longest_row_ = longest_in_ + (in_ && out_ && graph_.undirected() ? 0 : longest_out_);
  hubs_in_ = hubs(in, longest_in_), hubs_out_ = hubs(out, longest_out_);
  leaves_ = std::max({leaves_of(graph_.node_count()),
                      program.over_edges() ? leaves_of(graph_.edge_count()) : std::int64_t{0},
                      leaves_of(program.fixed_rows()), std::int64_t{1}});
}

Layout::Bounds Layout::even(std::int64_t rows) const {
  Bounds bounds{0};
  const std::int64_t leaves = leaves_of(rows);
  const std::int64_t chunks =
      threads_ == 1 || rows < kSmall ? 1 : std::min(leaves, threads_ * kChunksPerThread);
  for (std::int64_t c = 1; c < chunks; ++c) bounds.push_back(leaves * c / chunks * scalar::mg_column_leaf);
  bounds.push_back(rows);
  return bounds;
}

Layout::Bounds Layout::balanced(std::span<const std::int64_t> first,
                                std::span<const std::int64_t> second) const {
  const auto rows = static_cast<std::int64_t>(first.size()) - 1;
  const auto work = [&](std::int64_t v) {
    const auto at = static_cast<std::size_t>(v);
    return v + first[at] + (second.empty() ? 0 : second[at]);
  };
  if (threads_ == 1 || work(rows) < kSmall) return {0, rows};
  const std::int64_t step = std::max(work(rows) / (threads_ * kChunksPerThread), std::int64_t{1});
  Bounds bounds{0};
  for (std::int64_t v = scalar::mg_column_leaf; v < rows; v += scalar::mg_column_leaf)
    if (work(v) - work(bounds.back()) >= step) bounds.push_back(v);
  bounds.push_back(rows);
  return bounds;
}

Layout::Hubs Layout::hubs(std::span<const std::int64_t> offsets, std::int64_t longest) const {
  Hubs all{{}, {0}};
  if (threads_ == 1 || longest <= scalar::mg_hub_edges) return all;
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v) {
    const std::int64_t edges = offsets[v + 1] - offsets[v];
    if (edges <= scalar::mg_hub_edges) continue;
    all.rows.push_back(static_cast<int>(v));
    all.segments.push_back(all.segments.back() +
                           (edges + scalar::mg_row_segment - 1) / scalar::mg_row_segment);
  }
  return all;
}

int Layout::useful_threads() const {
  std::int64_t most = 1;
  for (const Bounds* b : {&by_node_, &by_edge_, &by_in_, &by_out_, &by_both_})
    most = std::max(most, static_cast<std::int64_t>(b->size()) - 1);
  for (const Hubs* h : {&hubs_in_, &hubs_out_}) most = std::max<std::int64_t>(most, h->segments.back());
  return static_cast<int>(std::min<std::int64_t>(most, threads_));
}

std::int64_t Layout::hub_segments() const { return hubs_in_.segments.back() + hubs_out_.segments.back(); }

scalar::mg_rows Layout::rows_of(const Adjacency& a, std::int64_t longest, const Hubs& hubs) const {
  return {as_i64(a.offsets),
          a.neighbors.data(),
          as_i64(a.edges),
          longest,
          hubs.rows.data(),
          hubs.segments.data(),
          static_cast<mg_i64>(hubs.rows.size())};
}

void Layout::bind(scalar::mg_run& run) const {
  run.version = scalar::mg_run_version;
  run.undirected = graph_.undirected();
  run.nodes = graph_.node_count();
  run.edges = graph_.edge_count();
  if (in_ || readers_in_) run.in = rows_of(graph_.in(), longest_in_, hubs_in_);
  if (out_ || readers_out_) run.out = rows_of(graph_.out(), longest_out_, hubs_out_);
  const auto chunks = [](const Bounds& b) {
    return scalar::mg_chunks{b.data(), static_cast<mg_i64>(b.size()) - 1};
  };
  run.by_node = chunks(by_node_), run.by_edge = chunks(by_edge_);
  run.by_in = chunks(by_in_), run.by_out = chunks(by_out_);
  run.by_both = chunks(by_both_.empty() ? by_node_ : by_both_);
}

}  // namespace monograph::cpu
