// The least time an iteration can take here: what it has to move, divided by how fast this machine moves it.
#pragma once

#include <monograph/graph.h>

#include <cstdint>

namespace monograph::bench {

/// What one iteration must move. Counted once each: per edge its 4-byte index and one gather; per row its
/// 8-byte offset; per node the columns that are read and written in order.
struct IterationWork {
  int gather_bytes = 4;  ///< size of what is gathered: 4 or 8
  bool both = false;     ///< edges in both directions (twice the edges of a directed graph)
  int node_bytes = 0;    ///< streamed per node
  int node_gathers = 0;  ///< gathered or scattered per node besides the edges
};

inline constexpr IterationWork kPageRankF64{8, false, 4 * 8, 0};  // old rank, share in; rank, sent out
inline constexpr IterationWork kPageRankF32{4, false, 4 * 4, 0};
inline constexpr IterationWork kLabels{4, true, 2 * 4, 0};  // old label in, new label out
inline constexpr IterationWork kFastSv{4, true, 4 * 4, 2};  // parent, grandparent in and out; hook, shortcut

/// Edges that one iteration walks.
std::int64_t edges_walked(const IterationWork& work, const Graph& graph);
std::int64_t bytes_moved(const IterationWork& work, const Graph& graph);
std::int64_t gathers_made(const IterationWork& work, const Graph& graph);

/// Measured on this machine, now, at the size of this graph: the best of one thread and of all.
struct Ceilings {
  double stream_gbs = 0;   ///< triad over as many bytes as an iteration moves, GB/s
  double gather4_gps = 0;  ///< random gathers from as many 4-byte elements as there are nodes, 10^9/s
  double gather8_gps = 0;
  double replay4_ms = 0;  ///< the graph's own gathers (in-neighbours, in order) and nothing else
  double replay8_ms = 0;
};
Ceilings measure_ceilings(const Graph& graph, int threads);
/// Triad over arrays beyond every cache.
double memory_bandwidth_gbs(int threads);

/// max(bytes / stream rate, gathers / gather rate): both at once, neither slower than its ceiling.
double floor_ms(const IterationWork& work, const Graph& graph, const Ceilings& ceilings);
/// The same with the graph's own order of gathers in place of a random one.
double replay_floor_ms(const IterationWork& work, const Graph& graph, const Ceilings& ceilings);

}  // namespace monograph::bench
