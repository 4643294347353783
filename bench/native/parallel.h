// Loops over a team's chunks. Everything here has internal linkage: see native.h.
#pragma once

#include <omp.h>

#include "bench/native/native.h"

namespace monograph::bench::native {
namespace {

/// body(first, last, thread) -> how much; the sum over all nodes.
template <class Body>
inline std::int64_t count_over(const Team& team, const Body& body) {
  if (team.threads == 1) return body(0, team.nodes, 0);
  std::int64_t total = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(team.threads) reduction(+ : total)
  for (std::int32_t c = 0; c < team.chunks; ++c)
    total += body(team.bounds[c], team.bounds[c + 1], omp_get_thread_num());
  return total;
}

/// body(first, last) for all nodes.
template <class Body>
inline void for_all(const Team& team, const Body& body) {
  count_over(team, [&](std::int32_t first, std::int32_t last, int) -> std::int64_t {
    body(first, last);
    return 0;
  });
}

/// body(first, last, thread) for pieces of 0 .. count - 1 of at most `grain` each; the sum.
template <class Body>
inline std::int64_t count_pieces(int threads, std::int64_t count, std::int64_t grain, const Body& body) {
  if (threads == 1 || count <= grain) return count > 0 ? body(std::int64_t{0}, count, 0) : 0;
  const std::int64_t pieces = (count + grain - 1) / grain;
  std::int64_t total = 0;
#pragma omp parallel for schedule(dynamic, 1) num_threads(threads) reduction(+ : total)
  for (std::int64_t i = 0; i < pieces; ++i) {
    const std::int64_t first = i * grain, rest = count - first;
    total += body(first, first + (rest < grain ? rest : grain), omp_get_thread_num());
  }
  return total;
}

/// *to = min(*to, value), also while other threads do the same; what was there.
inline std::uint32_t lower(std::uint32_t* to, std::uint32_t value) {
  std::uint32_t old = __atomic_load_n(to, __ATOMIC_RELAXED);
  while (value < old &&
         !__atomic_compare_exchange_n(to, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
  return old;
}

template <class T>
inline void exchange(T& a, T& b) {
  const T old = a;
  a = b;
  b = old;
}

}  // namespace
}  // namespace monograph::bench::native
