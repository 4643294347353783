// The most frequent label against counting in a map, at every number of votes at which the way of counting
// changes.
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

#include "host/cpu/host_rows.h"

namespace monograph {
namespace {

constexpr int kTies[] = {scalar::mg_ties_lowest, scalar::mg_ties_highest, scalar::mg_ties_keep};

template <class L, class A>
L by_map(const std::vector<L>& labels, const std::vector<A>& weights, int ties, L own) {
  std::map<L, A> totals;
  for (std::size_t i = 0; i < labels.size(); ++i) totals[labels[i]] += weights[i];
  if (totals.empty()) return own;
  A most = totals.begin()->second;
  for (const auto& [label, total] : totals) most = std::max(most, total);
  std::vector<L> ahead;
  for (const auto& [label, total] : totals)
    if (total == most) ahead.push_back(label);
  if (ties == scalar::mg_ties_highest) return ahead.back();
  const bool keeps = ties == scalar::mg_ties_keep && std::ranges::find(ahead, own) != ahead.end();
  return keeps ? own : ahead.front();
}

/// Votes for few and for many labels, small and large, negative ones among them.
template <class L>
std::vector<L> random_labels(std::mt19937_64& random, std::int64_t n) {
  constexpr std::int64_t kKinds[] = {1, 2, 5, 40, 100000};
  const std::int64_t kinds = kKinds[random() % std::size(kKinds)];
  const L scale = random() % 2 ? L(1) : std::numeric_limits<L>::max() / 100001;
  std::vector<L> labels;
  for (std::int64_t i = 0; i < n; ++i)
    labels.push_back(
        static_cast<L>((static_cast<L>(random() % static_cast<std::uint64_t>(kinds)) - L(1)) * scale));
  return labels;
}

template <class L>
void check_votes(std::int64_t n, std::mt19937_64& random) {
  const std::vector<L> labels = random_labels<L>(random, n);
  const L own = n > 0 && random() % 2 ? labels[random() % labels.size()] : L(1);
  const std::vector<std::int64_t> ones(labels.size(), 1);
  for (int ties : kTies) {
    std::vector<std::int64_t> space(static_cast<std::size_t>(scalar::mg_mode_bytes(n) / 8 + 1),
                                    -1);  // of another row
    auto* workspace = reinterpret_cast<unsigned char*>(space.data());
    std::ranges::copy(labels, reinterpret_cast<L*>(workspace));
    EXPECT_EQ((scalar::mg_mode_of<L>(workspace, n, ties, own)), by_map(labels, ones, ties, own))
        << n << " votes, ties " << ties;
  }
}

template <class L>
void check_weights(std::int64_t n, std::mt19937_64& random) {
  const std::vector<L> labels = random_labels<L>(random, n);
  std::vector<std::int64_t> weights;
  for (std::int64_t i = 0; i < n; ++i) weights.push_back(static_cast<std::int64_t>(random() % 7) - 3);
  for (int ties : kTies) {
    std::vector<std::int64_t> space(static_cast<std::size_t>(scalar::mg_mode_bytes(n) / 8 + 1), -1);
    auto* workspace = reinterpret_cast<unsigned char*>(space.data());
    std::ranges::copy(labels, reinterpret_cast<L*>(workspace));
    std::ranges::copy(weights, scalar::mg_mode_weights<std::int64_t>(workspace, n));
    EXPECT_EQ((scalar::mg_weighted_mode_of<L, std::int64_t>(workspace, n, ties, L(1))),
              by_map(labels, weights, ties, L(1)))
        << n << " votes, ties " << ties;
  }
}

TEST(Modes, AgreeWithCountingInAMap) {
  std::mt19937_64 random(7);
  for (std::int64_t n = 0; n < 140; ++n)
    for (int turn = 0; turn < 12; ++turn) {
      check_votes<std::int32_t>(n, random), check_votes<std::int64_t>(n, random);
      check_weights<std::int32_t>(n, random), check_weights<std::int64_t>(n, random);
    }
  for (std::int64_t n : {255, 256, 1000, 40000}) {
    check_votes<std::int32_t>(n, random), check_votes<std::int64_t>(n, random);
    check_weights<std::int32_t>(n, random), check_weights<std::int64_t>(n, random);
  }
}

}  // namespace
}  // namespace monograph
