#include "host/io/id_index.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <numeric>
#include <random>

namespace monograph::io {
namespace {

constexpr std::size_t kMostNodes = std::numeric_limits<std::int32_t>::max();

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

}  // namespace

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

TextIndex::TextIndex() : slots_(1024) {
  std::random_device device;
  seed_ = (std::uint64_t{device()} << 32) | device();
}

TextIndex::TextIndex(std::vector<std::string_view> ids) : TextIndex() {
  for (const auto id : ids) add(id);
}

std::uint32_t TextIndex::hash_of(std::string_view id) const {
  constexpr std::uint64_t kOdd = 0xd6e8feb86659fd93ull;
  std::uint64_t h = seed_ ^ (id.size() * kOdd);
  for (std::size_t i = 0; i < id.size(); i += sizeof h) {
    std::uint64_t word = 0;
    std::memcpy(&word, id.data() + i, std::min(sizeof word, id.size() - i));
    h = (h ^ word) * kOdd;
    h = (h ^ (h >> 32)) * kOdd;
  }
  return static_cast<std::uint32_t>(h ^ (h >> 32));
}

/// The slot that holds `id`, or the empty one where it belongs.
std::size_t TextIndex::slot_of(std::string_view id, std::uint32_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash & mask;; at = (at + 1) & mask) {
    const Slot& slot = slots_[at];
    if (slot.position < 0 || (slot.hash == hash && ids_[static_cast<std::size_t>(slot.position)] == id))
      return at;
  }
}

std::int32_t TextIndex::add(std::string_view id) {
  const auto hash = hash_of(id);
  Slot& slot = slots_[slot_of(id, hash)];
  if (slot.position >= 0) return slot.position;
  if (ids_.size() == kMostNodes) throw InputError("expected at most 2147483647 nodes, found more");
  const auto position = static_cast<std::int32_t>(ids_.size());
  slot = {hash, position};
  ids_.push_back(id);
  if (2 * ids_.size() > slots_.size()) grow();
  return position;
}

std::int32_t TextIndex::find(std::string_view id) const { return slots_[slot_of(id, hash_of(id))].position; }

void TextIndex::grow() {
  std::vector<Slot> larger(2 * slots_.size());
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.position < 0) continue;
    std::size_t at = slot.hash & mask;
    while (larger[at].position >= 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

NodeIds TextIndex::sort(std::initializer_list<std::vector<std::int32_t>*> positions) {
  std::vector<std::int32_t> order(ids_.size()), rank(ids_.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::sort(order, {}, [&](std::int32_t p) { return ids_[static_cast<std::size_t>(p)]; });
  std::vector<std::string> names;
  names.reserve(ids_.size());
  for (const auto p : order) {
    rank[static_cast<std::size_t>(p)] = static_cast<std::int32_t>(names.size());
    names.emplace_back(ids_[static_cast<std::size_t>(p)]);
  }
  for (auto* list : positions)
    for (auto& p : *list) p = rank[static_cast<std::size_t>(p)];
  return NodeIds::strings(std::move(names));
}

}  // namespace monograph::io
