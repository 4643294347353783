#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

std::int32_t smaller(std::int32_t a, std::int32_t b) { return a < b ? a : b; }

/// The labels of v's neighbours; how many there are.
std::int64_t collect(const LabelPropagation& p, std::int32_t v, std::int32_t* labels) {
  std::int64_t count = 0;
  for (const Rows& rows : p.rows) {
    if (!rows.offsets) continue;
    const std::int32_t* neighbors = rows.neighbors + rows.offsets[v];
    const std::int64_t degree = rows.offsets[v + 1] - rows.offsets[v];
    const std::int32_t* const __restrict label = p.label;
    std::int32_t* const __restrict into = labels + count;
    for (std::int64_t k = 0; k < degree; ++k) into[k] = label[neighbors[k]];
    count += degree;
  }
  return count;
}

bool is_majority(const std::int32_t* labels, std::int64_t count, std::int32_t label) {
  std::int32_t votes = 0;
  for (std::int64_t i = 0; i < count; ++i) votes += labels[i] == label;
  return 2 * votes > count;
}

/// Few labels, each counted by itself.
std::int32_t elect_few(const std::int32_t* labels, std::int64_t count) {
  std::int32_t best = labels[0], most = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    std::int32_t votes = 0;
    for (std::int64_t k = 0; k < count; ++k) votes += labels[k] == labels[i];
    const bool wins = votes > most || (votes == most && labels[i] < best);
    most = wins ? votes : most;
    best = wins ? labels[i] : best;
  }
  return best;
}

/// Every label compared with all others at once: no branch to guess wrong. What is beyond `count` equals
/// none.
template <int lanes>
std::int32_t elect_compared(const std::int32_t* labels, std::int64_t count) {
  std::int32_t mine[lanes], votes[lanes] = {};
  for (int i = 0; i < lanes; ++i) mine[i] = i < count ? labels[i] : -1;
  for (std::int64_t k = 0; k < count; ++k)
    for (int i = 0; i < lanes; ++i) votes[i] += mine[i] == labels[k];
  std::int32_t most = 0, best = 0x7fffffff;
  for (int i = 0; i < lanes; ++i) most = votes[i] > most ? votes[i] : most;
  for (int i = 0; i < lanes; ++i) best = votes[i] == most && mine[i] < best ? mine[i] : best;
  return best;
}

/// A table with linear probing: label above, votes below, 0 where free.
std::int32_t elect_counted(const std::int32_t* labels, std::int64_t count, std::uint64_t* slots) {
  const int bits = 65 - __builtin_clzll(static_cast<std::uint64_t>(count));  // at most half full
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (std::uint64_t s = 0; s <= mask; ++s) slots[s] = 0;
  std::int32_t best = 0;
  std::uint32_t most = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto label = static_cast<std::uint32_t>(labels[i]);
    std::uint64_t s = (label * std::uint64_t{0x9e3779b97f4a7c15}) >> (64 - bits);
    while (slots[s] != 0 && slots[s] >> 32 != label) s = (s + 1) & mask;
    slots[s] = (std::uint64_t{label} << 32) | ((slots[s] & 0xffffffff) + 1);
    const auto votes = static_cast<std::uint32_t>(slots[s]);
    if (votes > most || (votes == most && labels[i] < best)) most = votes, best = labels[i];
  }
  return best;
}

std::int32_t elect(std::int32_t* labels, std::int64_t count, std::int32_t own, std::uint64_t* slots) {
  if (count == 0) return own;
  if (count == 1) return labels[0];
  if (count == 2) return smaller(labels[0], labels[1]);
  if (count <= 8) return elect_few(labels, count);
  if (is_majority(labels, count, own)) return own;  // as most nodes soon have it
  if (count <= 16) return elect_compared<16>(labels, count);
  if (count <= 32) return elect_compared<32>(labels, count);
  if (count <= 64) return elect_compared<64>(labels, count);
  return elect_counted(labels, count, slots);
}

}  // namespace

std::int64_t label_propagation(LabelPropagation& p) {
  for_all(p.team, [&](std::int32_t first, std::int32_t last) {
    for (std::int32_t v = first; v < last; ++v) p.label[v] = v;
  });
  for (std::int64_t i = 1; i <= p.iterations; ++i) {
    const auto changed = count_over(p.team, [&](std::int32_t first, std::int32_t last, int thread) {
      const Ballot& ballot = p.ballots[thread];
      std::int64_t moved = 0;
      for (std::int32_t v = first; v < last; ++v) {
        const std::int64_t count = collect(p, v, ballot.labels);
        p.next[v] = elect(ballot.labels, count, p.label[v], ballot.slots);
        moved += p.next[v] != p.label[v];
      }
      return moved;
    });
    exchange(p.label, p.next);
    if (changed == 0) return i;
  }
  return p.iterations;
}

}  // namespace monograph::bench::native
