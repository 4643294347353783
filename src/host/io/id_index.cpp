#include "host/io/id_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <random>
#include <unordered_set>

namespace monograph::io {
namespace {

/// Ids below a small multiple of their number: a bit for each, no sorting.
std::vector<std::int64_t> distinct_by_bits(std::span<const std::int64_t> a, std::span<const std::int64_t> b,
                                           std::int64_t largest) {
  std::vector<std::uint64_t> bits(static_cast<std::size_t>(largest / 64 + 1));
  for (const auto ids : {a, b})
    for (const auto id : ids) bits[static_cast<std::size_t>(id / 64)] |= std::uint64_t{1} << (id % 64);
  std::vector<std::int64_t> found;
  for (std::size_t w = 0; w < bits.size(); ++w)
    for (auto word = bits[w]; word; word &= word - 1)
      found.push_back(static_cast<std::int64_t>(w * 64) + std::countr_zero(word));
  return found;
}

/// Least significant digit first, 11 bits at a time, as many digits as the largest id has.
void radix_sort(std::vector<std::int64_t>& ids, std::int64_t largest) {
  constexpr int kBits = 11;
  std::vector<std::int64_t> other(ids.size());
  for (int shift = 0; shift < 63 && (largest >> shift) > 0; shift += kBits) {
    std::vector<std::size_t> next((std::size_t{1} << kBits) + 1);
    const auto digit = [shift](std::int64_t id) {
      return static_cast<std::size_t>(id >> shift) & ((1u << kBits) - 1);
    };
    for (const auto id : ids) ++next[digit(id) + 1];
    for (std::size_t d = 1; d < next.size(); ++d) next[d] += next[d - 1];
    for (const auto id : ids) other[next[digit(id)]++] = id;
    ids.swap(other);
  }
}

/// No file can be made to collide under a seed that is drawn when it is read. What is found does not depend
/// on it.
std::uint64_t random_seed() {
  std::random_device device;
  return (std::uint64_t{device()} << 32) | device();
}

}  // namespace

std::size_t TextHash::operator()(std::string_view text) const {
  const auto mix = [](std::uint64_t h) {
    h = (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
    return (h ^ (h >> 32)) * 0xd6e8feb86659fd93ull;
  };
  std::uint64_t h = mix(seed ^ text.size());
  for (std::size_t i = 0; i < text.size(); i += sizeof h) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data() + i, std::min(sizeof word, text.size() - i));
    h = mix(h ^ word);
  }
  return static_cast<std::size_t>(h ^ (h >> 32));
}

std::vector<std::int64_t> distinct_ids(std::span<const std::int64_t> a, std::span<const std::int64_t> b) {
  std::int64_t largest = -1;
  for (const auto ids : {a, b})
    for (const auto id : ids) largest = std::max(largest, id);
  const auto count = static_cast<std::int64_t>(a.size() + b.size());
  if (largest / 64 <= count) return distinct_by_bits(a, b, largest);
  std::vector<std::int64_t> ids;
  ids.reserve(a.size() + b.size());
  ids.insert(ids.end(), a.begin(), a.end());
  ids.insert(ids.end(), b.begin(), b.end());
  radix_sort(ids, largest);
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

std::vector<std::string_view> distinct_ids(std::span<const std::string_view> a,
                                           std::span<const std::string_view> b) {
  std::unordered_set<std::string_view, TextHash> seen(0, TextHash(random_seed()));
  for (const auto ids : {a, b})
    for (const auto id : ids) seen.insert(id);
  std::vector<std::string_view> ids(seen.begin(), seen.end());
  std::ranges::sort(ids);
  return ids;
}

NumberIndex::NumberIndex(std::vector<std::int64_t> ascending) : ids_(std::move(ascending)) {
  if (ids_.empty()) return;
  smallest_ = static_cast<std::uint64_t>(ids_.front());
  span_ = static_cast<std::uint64_t>(ids_.back()) - smallest_;
  gaps_ = span_ != ids_.size() - 1;
  if (!gaps_) return;
  while ((span_ >> shift_) >= 2 * ids_.size()) ++shift_;
  first_.resize(static_cast<std::size_t>(span_ >> shift_) + 2);
  std::size_t range = 0;
  for (std::size_t i = 0; i < ids_.size(); ++i) {
    const auto r = static_cast<std::size_t>((static_cast<std::uint64_t>(ids_[i]) - smallest_) >> shift_);
    while (range <= r) first_[range++] = static_cast<std::int32_t>(i);
  }
  while (range < first_.size()) first_[range++] = static_cast<std::int32_t>(ids_.size());
}

std::int32_t NumberIndex::find(std::int64_t id) const {
  const auto offset = static_cast<std::uint64_t>(id) - smallest_;
  if (ids_.empty() || offset > span_) return -1;
  if (!gaps_) return static_cast<std::int32_t>(offset);
  const auto r = static_cast<std::size_t>(offset >> shift_);
  const auto begin = ids_.begin() + first_[r], end = ids_.begin() + first_[r + 1];
  const auto found = std::lower_bound(begin, end, id);
  return found != end && *found == id ? static_cast<std::int32_t>(found - ids_.begin()) : -1;
}

TextIndex::TextIndex(std::vector<std::string_view> ascending)
    : ids_(std::move(ascending)), positions_(ids_.size(), TextHash(random_seed())) {
  for (std::size_t i = 0; i < ids_.size(); ++i) positions_.emplace(ids_[i], static_cast<std::int32_t>(i));
}

std::int32_t TextIndex::find(std::string_view id) const {
  const auto found = positions_.find(id);
  return found == positions_.end() ? -1 : found->second;
}

}  // namespace monograph::io
