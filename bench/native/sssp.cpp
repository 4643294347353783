// Delta-stepping: nodes wait in buckets by distance, `delta` wide, and the nearest bucket is done over and
// over until nothing falls into it again.
#include <cstdlib>

#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

constexpr double kInfinity = __builtin_huge_val();
constexpr std::uint32_t kNone = 0xffffffff;
constexpr std::int64_t kNoBucket = 0x7fffffffffffffff;
constexpr std::int64_t kFew = 1000;  // of its own bucket that a thread does at once

/// A growing array: std::vector would bring inline code of this machine's into the program.
template <class T>
struct Array {
  T* items;
  std::int64_t count, room;
  void grow(std::int64_t least) {
    if (least <= room) return;
    room = least > 2 * room ? least : 2 * room;
    items = static_cast<T*>(std::realloc(items, static_cast<std::size_t>(room) * sizeof(T)));
    if (!items) std::abort();  // a benchmark that does not fit
  }
};

struct Buckets {
  Array<Array<std::int32_t>> all;
  void add(std::int64_t bucket, std::int32_t v) {
    if (bucket >= all.count) {
      const std::int64_t before = all.count;
      all.grow(bucket + 1);
      for (std::int64_t b = before; b <= bucket; ++b) all.items[b] = {nullptr, 0, 0};
      all.count = bucket + 1;
    }
    Array<std::int32_t>& to = all.items[bucket];
    if (to.count == to.room) to.grow(to.count + 16);
    to.items[to.count++] = v;
  }
  /// The first from `bucket` on that has something.
  std::int64_t first(std::int64_t bucket) const {
    for (; bucket < all.count; ++bucket)
      if (all.items[bucket].count > 0) return bucket;
    return kNoBucket;
  }
};

std::int64_t bucket_of(const ShortestPaths& p, double distance) {
  return static_cast<std::int64_t>(distance / p.delta);
}

double read(const double* d) {
  double value;
  __atomic_load(d, &value, __ATOMIC_RELAXED);
  return value;
}

void relax(const ShortestPaths& p, std::int32_t u, Buckets& mine) {
  const double here = read(&p.distance[u]);
  for (std::int64_t k = p.out.offsets[u]; k < p.out.offsets[u + 1]; ++k) {
    const std::int32_t v = p.out.neighbors[k];
    double through = here + p.weights[k], old = read(&p.distance[v]);
    while (through < old) {
      if (p.team.threads == 1)
        p.distance[v] = through;
      else if (!__atomic_compare_exchange(&p.distance[v], &old, &through, true, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED))
        continue;
      mine.add(bucket_of(p, through), v);
      break;
    }
  }
}

/// What all threads know: the front of this round and of the next one, in turns.
struct Rounds {
  std::int64_t bucket[2] = {0, kNoBucket};
  std::int64_t size[2] = {1, 0};
};

/// The own bucket at once, while it is small.
void run_ahead(const ShortestPaths& p, std::int64_t bucket, Buckets& mine, Array<std::int32_t>& spare) {
  while (bucket < mine.all.count) {
    Array<std::int32_t>& own = mine.all.items[bucket];
    if (own.count == 0 || own.count >= kFew) return;
    exchange(own, spare);
    for (std::int64_t i = 0; i < spare.count; ++i) relax(p, spare.items[i], mine);
    spare.count = 0;
  }
}

/// Hands a thread's share of the next front over. What does not fit stays where it is, for the round after.
void hand_over(const ShortestPaths& p, Array<std::int32_t>& from, std::int64_t* size) {
  const std::int64_t at = __atomic_fetch_add(size, from.count, __ATOMIC_RELAXED);
  const std::int64_t room = at < p.room ? p.room - at : 0;
  const std::int64_t fits = from.count < room ? from.count : room;
  for (std::int64_t i = 0; i < fits; ++i) p.front[at + i] = from.items[from.count - 1 - i];
  from.count -= fits;
}

void lower_bucket(std::int64_t* to, std::int64_t bucket) {
  std::int64_t old = __atomic_load_n(to, __ATOMIC_RELAXED);
  while (bucket < old &&
         !__atomic_compare_exchange_n(to, &old, bucket, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

void search_alone(const ShortestPaths& p, Buckets& mine, Array<std::int32_t>& spare) {
  mine.add(0, p.source);
  for (std::int64_t bucket = 0; (bucket = mine.first(bucket)) != kNoBucket;) {
    exchange(mine.all.items[bucket], spare);
    for (std::int64_t i = 0; i < spare.count; ++i)
      if (bucket_of(p, p.distance[spare.items[i]]) >= bucket) relax(p, spare.items[i], mine);
    spare.count = 0;
  }
}

/// One thread of all.
void search(const ShortestPaths& p, Rounds& rounds, Buckets& mine, Array<std::int32_t>& spare) {
  for (std::int64_t round = 0; rounds.bucket[round & 1] != kNoBucket; ++round) {
    const std::int64_t bucket = rounds.bucket[round & 1];
    const std::int64_t size = rounds.size[round & 1] < p.room ? rounds.size[round & 1] : p.room;
    std::int64_t& next_bucket = rounds.bucket[(round + 1) & 1];
#pragma omp for nowait schedule(dynamic, 64)
    for (std::int64_t i = 0; i < size; ++i)
      if (bucket_of(p, read(&p.distance[p.front[i]])) >= bucket) relax(p, p.front[i], mine);
    run_ahead(p, bucket, mine, spare);
    lower_bucket(&next_bucket, mine.first(bucket));
#pragma omp barrier
#pragma omp single nowait
    rounds.bucket[round & 1] = kNoBucket, rounds.size[round & 1] = 0;
    if (next_bucket < mine.all.count)
      hand_over(p, mine.all.items[next_bucket], &rounds.size[(round + 1) & 1]);
#pragma omp barrier
  }
}

/// Parents on edges u -> v where distance(u) + weight = distance(v) and u is nearer; how many found none.
std::int64_t nearer_parents(const ShortestPaths& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t u = first; u < last; ++u) {
      const double here = p.distance[u];
      if (here == kInfinity) continue;
      for (std::int64_t k = p.out.offsets[u]; k < p.out.offsets[u + 1]; ++k) {
        const std::int32_t v = p.out.neighbors[k];
        if (here + p.weights[k] == p.distance[v] && here < p.distance[v] && v != p.source)
          lower(&p.parent[v], static_cast<std::uint32_t>(u));
      }
    }
  });
  return count_over(p.team, [&](std::int32_t first, std::int32_t last, int) {
    std::int64_t waiting = 0;
    for (std::int32_t v = first; v < last; ++v) waiting += p.parent[v] == kNone && p.distance[v] != kInfinity;
    return waiting;
  });
}

/// Nodes that only edges of no length reach: round after round, from neighbours that have their parent.
void waiting_parents(const ShortestPaths& p, std::int64_t waiting) {
  while (waiting > 0) {
    for (std::int32_t v = 0; v < p.team.nodes; ++v) p.ready[v] = kNone;
    for (std::int32_t u = 0; u < p.team.nodes; ++u) {
      if (p.parent[u] == kNone) continue;
      for (std::int64_t k = p.out.offsets[u]; k < p.out.offsets[u + 1]; ++k) {
        const std::int32_t v = p.out.neighbors[k];
        if (p.parent[v] == kNone && p.distance[u] + p.weights[k] == p.distance[v])
          lower(&p.ready[v], static_cast<std::uint32_t>(u));
      }
    }
    for (std::int32_t v = 0; v < p.team.nodes; ++v)
      if (p.ready[v] != kNone) p.parent[v] = p.ready[v], --waiting;
  }
}

}  // namespace

struct Waiting {
  int threads;
  Buckets* buckets;             ///< per thread
  Array<std::int32_t>* spares;  ///< per thread
};

Waiting* new_waiting(int threads) {
  const auto count = static_cast<std::size_t>(threads);
  auto* waiting = static_cast<Waiting*>(std::malloc(sizeof(Waiting)));
  auto* buckets = static_cast<Buckets*>(std::calloc(count, sizeof(Buckets)));
  auto* spares = static_cast<Array<std::int32_t>*>(std::calloc(count, sizeof(Array<std::int32_t>)));
  if (!waiting || !buckets || !spares) std::abort();
  *waiting = {threads, buckets, spares};
  return waiting;
}

void delete_waiting(Waiting* waiting) {
  for (int t = 0; t < waiting->threads; ++t) {
    const Array<Array<std::int32_t>>& all = waiting->buckets[t].all;
    for (std::int64_t b = 0; b < all.count; ++b) std::free(all.items[b].items);
    std::free(all.items);
    std::free(waiting->spares[t].items);
  }
  std::free(waiting->buckets);
  std::free(waiting->spares);
  std::free(waiting);
}

void delta_stepping(ShortestPaths& p) {
  if (p.team.nodes == 0) return;
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) p.distance[v] = kInfinity, p.parent[v] = kNone;
  });
  p.distance[p.source] = 0;
  p.parent[p.source] = static_cast<std::uint32_t>(p.source);
  if (p.team.threads == 1) {
    search_alone(p, p.waiting->buckets[0], p.waiting->spares[0]);
  } else {
    p.front[0] = p.source;
    Rounds rounds;
#pragma omp parallel num_threads(p.team.threads)
    search(p, rounds, p.waiting->buckets[omp_get_thread_num()], p.waiting->spares[omp_get_thread_num()]);
  }
  waiting_parents(p, nearer_parents(p));
}

}  // namespace monograph::bench::native
