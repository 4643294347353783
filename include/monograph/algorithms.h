// The algorithm library: each is a program written with the public DSL only, in a file of its own.
#pragma once

#include <monograph/program.h>

#include <span>
#include <string_view>

namespace monograph {

/// PageRank, LDBC's definition: dangling mass is spread evenly, ranks sum to 1. Weights are ignored.
/// Parameters: damping = 0.85, max_iterations = 100, tolerance = 1e-6 (L1 norm; 0 runs all iterations).
/// Output: rank f64[V]. Source: Page et al. 1999; LDBC Graphalytics 1.0.3, section 2.3.3.
Program pagerank();

/// Community detection by synchronous label propagation (CDLP): each node takes the label most frequent among
/// its neighbours (an edge in both directions counts twice), ties to the smallest id. Weights are ignored.
/// Parameters: max_iterations = 10. Output: label (node ids) i32[V]. Source: Raghavan et al. 2007; LDBC
/// Graphalytics.
Program cdlp();

/// Weakly connected components: the smallest node id in each. Weights and directions are ignored.
/// Output: component (node ids) i32[V].
Program wcc();

/// Breadth-first search: hops from `source` along edge directions. Weights are ignored.
/// Parameter: source (a node id; default the smallest). Output: level i64[V]; unreachable
/// 9223372036854775807.
Program bfs();

/// Single-source shortest paths by Bellman-Ford; edge attribute "weight" must exist and be non-negative.
/// Parameter: source (a node id; default the smallest). Output: distance f64[V]; unreachable +infinity.
Program sssp();

/// Degree centrality: incident edges (both directions; each once on an undirected graph) / (V - 1); 0 when V
/// < 2. Output: degree f64[V].
Program degree();

/// A named algorithm of the library.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view doc;    ///< one line
  std::string_view alias;  ///< another name for it, or ""
  Match match;             ///< how results are compared with those of others, by LDBC Graphalytics
  Program (*make)();
};
/// All of them, by name.
std::span<const AlgorithmInfo> algorithms();
/// By name or alias, or null.
const AlgorithmInfo* find_algorithm(std::string_view name);

}  // namespace monograph
