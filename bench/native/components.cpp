// Components by labels that spread: the synchronous minimum, and FastSV.
#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

std::int32_t smaller(std::int32_t a, std::int32_t b) { return a < b ? a : b; }

/// The smallest label of v's neighbours in `rows`, or `least`.
std::int32_t row_min(const Rows& rows, const std::int32_t* label, std::int32_t v, std::int32_t least) {
  const std::int32_t* at = rows.neighbors + rows.offsets[v];
  const std::int32_t* const end = rows.neighbors + rows.offsets[v + 1];
  std::int32_t b = least, c = least, d = least;
  for (; end - at >= 4; at += 4) {
    least = smaller(least, label[at[0]]);
    b = smaller(b, label[at[1]]);
    c = smaller(c, label[at[2]]);
    d = smaller(d, label[at[3]]);
  }
  least = smaller(smaller(least, b), smaller(c, d));
  if (at != end) least = smaller(least, label[*at++]);
  if (at != end) least = smaller(least, label[*at++]);
  if (at != end) least = smaller(least, label[*at]);
  return least;
}

/// next(v) = min over label(v) and the labels of v's neighbours, one direction after the other.
void neighbor_min(const Rows (&all)[2], const std::int32_t* label, std::int32_t* next, std::int32_t first,
                  std::int32_t last) {
  constexpr std::int32_t kTile = 256;  // stays in the cache in between
  for (; first < last; first += kTile) {
    const std::int32_t end = last - first < kTile ? last : first + kTile;
    for (std::int32_t v = first; v < end; ++v) next[v] = row_min(all[0], label, v, label[v]);
    if (all[1].offsets)
      for (std::int32_t v = first; v < end; ++v) next[v] = row_min(all[1], label, v, next[v]);
  }
}

void number_nodes(const Team& team, std::int32_t* label) {
  for_all(team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) label[v] = v;
  });
}

/// *to = min(*to, value) while other threads do the same.
void lower(std::int32_t* to, std::int32_t value) {
  std::int32_t old = __atomic_load_n(to, __ATOMIC_RELAXED);
  while (value < old &&
         !__atomic_compare_exchange_n(to, &old, value, true, __ATOMIC_RELAXED, __ATOMIC_RELAXED)) {
  }
}

/// next = min over: the own parent, the neighbours' least grandparent, the own grandparent. What was found
/// among the neighbours is also hung below the parent, in `hook`, which holds the parents when the pass
/// begins.
void hook_all(const FastSv& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    neighbor_min(p.rows, p.grandparent, p.next, first, last);
    for (std::int32_t v = first; v < last; ++v) {
      const std::int32_t least = p.next[v];
      if (p.team.threads > 1)
        lower(&p.hook[p.parent[v]], least);
      else
        p.hook[p.parent[v]] = smaller(p.hook[p.parent[v]], least);
    }
  });
}

/// parent = hook = min(next, hook): now every parent is known.
void settle(const FastSv& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) p.parent[v] = p.hook[v] = smaller(p.next[v], p.hook[v]);
  });
}

std::int64_t shortcut(const FastSv& p) {
  return count_over(p.team, [&](std::int32_t first, std::int32_t last, int) {
    std::int64_t moved = 0;
    for (std::int32_t v = first; v < last; ++v) {
      const std::int32_t grandparent = p.parent[p.parent[v]];
      moved += grandparent != p.grandparent[v];
      p.grandparent[v] = grandparent;
    }
    return moved;
  });
}

}  // namespace

std::int64_t min_label(MinLabel& p) {
  number_nodes(p.team, p.label);
  for (std::int64_t i = 1; i <= p.iterations; ++i) {
    const auto changed = count_over(p.team, [&](std::int32_t first, std::int32_t last, int) {
      neighbor_min(p.rows, p.label, p.next, first, last);
      std::int64_t moved = 0;
      for (std::int32_t v = first; v < last; ++v) moved += p.next[v] != p.label[v];
      return moved;
    });
    exchange(p.label, p.next);
    if (changed == 0) return i;
  }
  return p.iterations;
}

std::int64_t fast_sv(FastSv& p) {
  number_nodes(p.team, p.parent);
  number_nodes(p.team, p.grandparent);
  number_nodes(p.team, p.hook);
  for (std::int64_t i = 1; i <= p.iterations; ++i) {
    hook_all(p);
    settle(p);
    if (shortcut(p) == 0) return i;
  }
  return p.iterations;
}

}  // namespace monograph::bench::native
