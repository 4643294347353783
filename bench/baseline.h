// The hand-written algorithms of bench/native, each bound to a graph with all storage it needs.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <memory>

namespace monograph::bench {

struct BaselineOptions {
  std::int64_t iterations = 0;  ///< at most
  int threads = 0;              ///< 0: as many as OpenMP would use
  /// Graphs with fewer nodes and edges than this run on one thread without OpenMP.
  std::int64_t parallel_from = std::int64_t{1} << 16;
};

/// `run` allocates nothing and may be called again and again: it starts from the beginning each time.
class Baseline {
 public:
  virtual ~Baseline() = default;
  /// Gives the iterations; 0 where the algorithm has none.
  virtual std::int64_t run() = 0;
  /// What the last run left: one element per node.
  virtual Column result() const = 0;
};

using MakeBaseline = std::unique_ptr<Baseline> (*)(const Graph&, const BaselineOptions&);

std::unique_ptr<Baseline> pagerank_f64_baseline(const Graph& graph, const BaselineOptions& options);
std::unique_ptr<Baseline> pagerank_f32_baseline(const Graph& graph, const BaselineOptions& options);
std::unique_ptr<Baseline> cdlp_baseline(const Graph& graph, const BaselineOptions& options);
std::unique_ptr<Baseline> least_labels_baseline(const Graph& graph, const BaselineOptions& options);
std::unique_ptr<Baseline> fastsv_baseline(const Graph& graph, const BaselineOptions& options);
std::unique_ptr<Baseline> afforest_baseline(const Graph& graph, const BaselineOptions& options);

/// How often a loop over all nodes and edges of a graph is worth more than one thread.
int baseline_threads(const Graph& graph, const BaselineOptions& options);

}  // namespace monograph::bench
