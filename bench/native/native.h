// Hand-written loops, the yardstick of `monograph bench`: the algorithms of the library as a careful
// programmer writes them for this machine, with OpenMP, on the same rows. They may use what our programs may
// not: fused multiply-add and additions in any order.
//
// These files alone are compiled for the build machine's CPU (-march=native). So they share no inline code
// with the rest of the program, which must run elsewhere too: plain pointers here, storage in
// bench/baseline.cpp.
#pragma once

#include <cstdint>

namespace monograph::bench::native {

/// Row v is neighbors[offsets[v]] .. neighbors[offsets[v + 1] - 1]. Null offsets: no rows at all.
struct Rows {
  const std::int64_t* offsets = nullptr;
  const std::int32_t* neighbors = nullptr;
};

/// Who works on which nodes. Chunk c is the nodes bounds[c] .. bounds[c + 1] - 1; all chunks have about as
/// many edges. With one thread the loops are plain: no OpenMP, no chunks.
struct Team {
  int threads = 1;
  std::int32_t nodes = 0;
  std::int32_t chunks = 0;
  const std::int32_t* bounds = nullptr;
};

/// rank(v) = (1 - d)/n + d * (sum over u -> v of rank(u) * share(u) + dangling / n), share(u) =
/// 1/outdegree(u).
template <class T>
struct PageRank {
  Team team;
  Rows in;
  const std::int64_t* out_offsets;
  T damping;
  double tolerance;  ///< of the L1 norm of the change; 0: never stop early
  std::int64_t iterations;
  T *rank, *share, *sent, *next_sent;  ///< [nodes] each; the answer is in `rank`
};
std::int64_t pagerank(PageRank<double> p);
std::int64_t pagerank(PageRank<float> p);

/// One label table of a thread: as many neighbours as the largest row has, and a power of two of slots, more
/// than that.
struct Ballot {
  std::int32_t* labels;
  std::uint64_t* slots;
};

/// label(v) = the most frequent label among the neighbours in `rows[0]` and `rows[1]`, ties to the smallest.
struct LabelPropagation {
  Team team;
  Rows rows[2];
  std::int64_t iterations;
  std::int32_t *label, *next;  ///< [nodes] each; the answer is in *label
  const Ballot* ballots;       ///< one per thread
};
/// Gives the iterations; swaps label and next as it goes.
std::int64_t label_propagation(LabelPropagation& p);

/// label(v) = min(label(v), labels of the neighbours in `rows[0]` and `rows[1]`) until nothing changes.
struct MinLabel {
  Team team;
  Rows rows[2];
  std::int64_t iterations;
  std::int32_t *label, *next;
};
std::int64_t min_label(MinLabel& p);

/// FastSV. Zhang, Azad, Hu: FastSV: a distributed-memory connected component algorithm with fast convergence,
/// 2020.
struct FastSv {
  Team team;
  Rows rows[2];
  std::int64_t iterations;
  std::int32_t *parent, *grandparent, *hook, *next;  ///< [nodes] each; the answer is in *parent
};
std::int64_t fast_sv(FastSv& p);

/// Afforest. Sutton, Ben-Nun, Barak: Optimizing parallel graph connectivity computation via subgraph
/// sampling, 2018.
struct Afforest {
  Team team;
  Rows rows[2];
  std::int32_t* component;
};
void afforest(const Afforest& p);

/// Hops from `source`, and the smallest node one hop nearer. Beamer, Asanovic, Patterson:
/// Direction-optimizing breadth-first search, 2012.
struct Bfs {
  Team team;
  Rows out, in;  ///< rows of `in` ascend, so that the first parent found there is the smallest
  std::int64_t edges;
  std::int32_t source;
  std::int64_t* level;                 ///< [nodes]; 2^63 - 1: unreachable
  std::uint32_t* parent;               ///< [nodes]; 2^32 - 1, which is -1 as i32: unreachable
  std::int32_t *queue, *next;          ///< [nodes] each
  std::uint64_t *seen, *front, *back;  ///< a bit per node each
};
void bfs(Bfs& p);

/// What delta_stepping keeps from run to run: what waits at each distance, per thread.
struct Waiting;
Waiting* new_waiting(int threads);
void delete_waiting(Waiting* waiting);

/// Distances from `source` over weights >= 0, and the tree as algorithms/sssp.cpp defines it. Meyer, Sanders:
/// Delta-stepping: a parallelizable shortest path algorithm, 2003; nodes that a thread finds for its own
/// bucket are done at once where they are few: Zhang et al.: Optimizing ordered graph algorithms with
/// GraphIt, 2020.
struct ShortestPaths {
  Team team;
  Rows out;
  const double* weights;  ///< in the order of `out`
  double delta;           ///< width of a bucket, > 0
  std::int32_t source;
  double* distance;               ///< [nodes]; infinity: unreachable
  std::uint32_t *parent, *ready;  ///< [nodes] each; 2^32 - 1, which is -1 as i32: none
  std::int32_t* front;            ///< [room]
  std::int64_t room;              ///< at least the number of nodes
  Waiting* waiting;
};
void delta_stepping(ShortestPaths& p);

// What this machine can do at most. Each returns something that depends on all that was read.

/// a[i] = b[i] + 3 * c[i]; two streams read, one written.
double triad(int threads, std::int64_t elements, double* a, const double* b, const double* c);
/// The sum of x[index[i]].
std::int64_t gather4(int threads, std::int64_t count, const std::int32_t* index, const std::int32_t* x);
std::int64_t gather8(int threads, std::int64_t count, const std::int32_t* index, const std::int64_t* x);

/// Threads that OpenMP would use.
int max_threads();

}  // namespace monograph::bench::native
