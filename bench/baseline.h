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

/// Searches from one node, and the tree that they find.
class PathBaseline : public Baseline {
 public:
  virtual Column parents() const = 0;  ///< i32[V], as `bfs` and `sssp` of the library define them
};

/// Direction-optimising breadth-first search. Result: level i64[V].
std::unique_ptr<PathBaseline> bfs_baseline(const Graph& graph, std::int32_t source,
                                           const BaselineOptions& options);
/// Delta-stepping over edge attribute "weight" (f64, at least 0), with the width of buckets that is the
/// fastest of some on this graph: it tries them when it is made. Result: distance f64[V].
std::unique_ptr<PathBaseline> sssp_baseline(const Graph& graph, std::int32_t source,
                                            const BaselineOptions& options);

/// How often a loop over all nodes and edges of a graph is worth more than one thread.
int baseline_threads(const Graph& graph, const BaselineOptions& options);

}  // namespace monograph::bench
