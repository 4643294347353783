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

template <class T>
inline void exchange(T& a, T& b) {
  const T old = a;
  a = b;
  b = old;
}

}  // namespace
}  // namespace monograph::bench::native
