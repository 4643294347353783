// How the rows of a graph are shared among threads: ranges of whole leaves, of about equal work. Ranges
// decide who computes a row, never what it is.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <vector>

#include "host/cpu/host_run.h"
#include "host/cpu/program.h"

namespace monograph::cpu {

class Layout {
 public:
  Layout(const PlanProgram& program, const Graph& graph, int threads);

  /// Sets the rows and ranges of `run`, which point into this layout and its graph.
  void bind(scalar::mg_run& run) const;
  std::int64_t longest_row() const { return longest_row_; }
  /// Segments of all hubs, of both directions.
  std::int64_t hub_segments() const;
  /// Of the threads given, as many as can have a part of the work at one time.
  int useful_threads() const;
  /// Leaves of the domain that has most.
  std::int64_t leaves() const { return leaves_; }
  const Graph& graph() const { return graph_; }

 private:
  using Bounds = std::vector<scalar::mg_i64>;
  Bounds even(std::int64_t rows) const;
  Bounds balanced(std::span<const std::int64_t> first, std::span<const std::int64_t> second) const;

  Graph graph_;
  int threads_;
  bool in_ = false, out_ = false;
  bool readers_in_ = false, readers_out_ = false;  // rows in which active sets look for readers
  std::int64_t longest_in_ = 0, longest_out_ = 0, longest_row_ = 0, leaves_ = 0;
  Bounds by_node_, by_in_, by_out_, by_both_, by_edge_;
  /// Rows so long that several threads share one.
  struct Hubs {
    std::vector<int> rows;
    Bounds segments;  // before each, and after the last
  };
  Hubs hubs(std::span<const std::int64_t> offsets, std::int64_t longest) const;
  scalar::mg_rows rows_of(const Adjacency& a, std::int64_t longest, const Hubs& hubs) const;
  Hubs hubs_in_, hubs_out_;
};

}  // namespace monograph::cpu
