#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

/// What one pass leaves behind for the next: the L1 norm of the change, and the rank on nodes without
/// out-edges.
struct Sums {
  double change = 0, dangling = 0;
};

template <class T>
Sums start(const PageRank<T>& p, std::int32_t first, std::int32_t last) {
  Sums sums;
  const T rank = T(1) / static_cast<T>(p.team.nodes);
  for (std::int32_t v = first; v < last; ++v) {
    const auto degree = static_cast<T>(p.out_offsets[v + 1] - p.out_offsets[v]);
    p.share[v] = degree == 0 ? T(0) : T(1) / degree;
    p.rank[v] = rank;
    p.sent[v] = rank * p.share[v];
    if (degree == 0) sums.dangling += rank;
  }
  return sums;
}

/// One pass over the edges: the node that finishes its rank also writes what its neighbours will gather next.
template <class T>
Sums update(const PageRank<T>& p, T base, std::int32_t first, std::int32_t last) {
  const T* const __restrict sent = p.sent;
  const T* const __restrict shares = p.share;
  T* const __restrict ranks = p.rank;
  T* const __restrict next_sent = p.next_sent;
  const std::int64_t* const offsets = p.in.offsets;
  const T damping = p.damping;
  double change = 0, dangling = 0;
  const std::int32_t* at = p.in.neighbors + offsets[first];
  for (std::int32_t v = first; v < last; ++v) {
    const std::int32_t* const end = p.in.neighbors + offsets[v + 1];
    T followed = 0;
    for (; at != end; ++at) followed += sent[*at];
    const T rank = base + damping * followed, share = shares[v];
    change += __builtin_fabs(static_cast<double>(rank - ranks[v]));
    if (__builtin_expect(share == 0, 0)) dangling += static_cast<double>(rank);
    ranks[v] = rank;
    next_sent[v] = rank * share;
  }
  return {change, dangling};
}

template <class Pass>
Sums over_all(const Team& team, const Pass& pass) {
  if (team.threads == 1) return pass(0, team.nodes);
  double change = 0, dangling = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(team.threads) reduction(+ : change, dangling)
  for (std::int32_t c = 0; c < team.chunks; ++c) {
    const Sums part = pass(team.bounds[c], team.bounds[c + 1]);
    change += part.change;
    dangling += part.dangling;
  }
  return {change, dangling};
}

template <class T>
std::int64_t run(PageRank<T>& p) {
  const auto n = static_cast<T>(p.team.nodes);
  Sums sums = over_all(p.team, [&](std::int32_t a, std::int32_t b) { return start(p, a, b); });
  for (std::int64_t i = 1; i <= p.iterations; ++i) {
    const T base = (T(1) - p.damping) / n + p.damping * static_cast<T>(sums.dangling) / n;
    sums = over_all(p.team, [&](std::int32_t a, std::int32_t b) { return update(p, base, a, b); });
    exchange(p.sent, p.next_sent);
    if (sums.change < p.tolerance) return i;
  }
  return p.iterations;
}

}  // namespace

std::int64_t pagerank(PageRank<double> p) { return run(p); }
std::int64_t pagerank(PageRank<float> p) { return run(p); }

}  // namespace monograph::bench::native
