// The best known components code of GAPBS, in its own words: trees grow by linking the first two neighbours
// of each node; then the largest tree, found by sampling, need not be looked at again. Another algorithm than
// ours.
#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

constexpr std::int64_t kRounds = 2;
constexpr int kSamples = 1024;

std::int32_t read(const std::int32_t* p) { return __atomic_load_n(p, __ATOMIC_RELAXED); }

void link(std::int32_t* component, std::int32_t u, std::int32_t v) {
  std::int32_t a = read(&component[u]), b = read(&component[v]);
  while (a != b) {
    const std::int32_t high = a > b ? a : b, low = a > b ? b : a;
    std::int32_t root = read(&component[high]);
    if (root == low) return;
    if (root == high &&
        __atomic_compare_exchange_n(&component[high], &root, low, false, __ATOMIC_RELAXED, __ATOMIC_RELAXED))
      return;
    a = read(&component[read(&component[high])]);
    b = read(&component[low]);
  }
}

void compress(const Afforest& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v)
      while (read(&p.component[v]) != read(&p.component[read(&p.component[v])]))
        __atomic_store_n(&p.component[v], read(&p.component[read(&p.component[v])]), __ATOMIC_RELAXED);
  });
}

/// The component that most of a sample of nodes belong to.
std::int32_t frequent_component(const Afforest& p) {
  std::int32_t sample[kSamples], best = -1;
  std::uint64_t state = 1;
  for (std::int32_t& s : sample) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    s = p.component[((state >> 33) * static_cast<std::uint64_t>(p.team.nodes)) >> 31];
  }
  int most = 0;
  for (const std::int32_t candidate : sample) {
    int votes = 0;
    for (const std::int32_t s : sample) votes += s == candidate;
    if (votes > most) most = votes, best = candidate;
    if (2 * votes > kSamples) break;
  }
  return best;
}

void link_row(const Afforest& p, const Rows& rows, std::int32_t v, std::int64_t first) {
  for (std::int64_t k = rows.offsets[v] + first; k < rows.offsets[v + 1]; ++k)
    link(p.component, v, rows.neighbors[k]);
}

}  // namespace

void afforest(const Afforest& p) {
  if (p.team.nodes == 0) return;
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) p.component[v] = v;
  });
  for (std::int64_t round = 0; round < kRounds; ++round) {
    for_all(p.team, [&](std::int32_t first, std::int32_t last) {
      for (std::int32_t v = first; v < last; ++v) {
        const std::int64_t k = p.rows[0].offsets[v] + round;
        if (k < p.rows[0].offsets[v + 1]) link(p.component, v, p.rows[0].neighbors[k]);
      }
    });
    compress(p);
  }
  const std::int32_t largest = frequent_component(p);
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) {
      if (read(&p.component[v]) == largest) continue;
      link_row(p, p.rows[0], v, kRounds);
      if (p.rows[1].offsets) link_row(p, p.rows[1], v, 0);
    }
  });
  compress(p);
}

}  // namespace monograph::bench::native
