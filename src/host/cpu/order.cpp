#include "host/cpu/order.h"

#include <monograph/error.h>

#include <algorithm>

#include "host/cpu/chunks.h"
#include "host/ops/dispatch.h"
#include "host/ops/scalar_math.h"

namespace monograph::cpu {
namespace {

constexpr int kDigitBits = 11, kDigits = 1 << kDigitBits;

std::int64_t digit(std::uint64_t key, int shift) {
  return static_cast<std::int64_t>(key >> shift & (kDigits - 1));
}

/// run(first, last) for each run of equal keys that begins in [begin, end).
template <class Run>
void for_runs(std::span<const std::uint64_t> keys, std::int64_t begin, std::int64_t end, const Run& run) {
  const auto n = static_cast<std::int64_t>(keys.size());
  const auto key = [&](std::int64_t k) { return keys[static_cast<std::size_t>(k)]; };
  std::int64_t first = begin;
  while (first > 0 && first < end && key(first) == key(first - 1)) ++first;  // belongs to whoever came before
  for (std::int64_t last = first; first < end; first = last) {
    while (last < n && key(last) == key(first)) ++last;
    run(first, last);
  }
}

}  // namespace

void Order::run(const OrderJob& job) {
  ops::dispatch(job.type, [&]<class T>(std::type_identity<T>) { run_as<T>(job); });
}

template <class T>
void Order::run_as(const OrderJob& job) {
  using ops::OpId;
  const auto* x = static_cast<const T*>(job.x);
  const auto n = static_cast<std::size_t>(job.count);
  for (int i = 0; i < 2; ++i) keys_[i].resize(n), numbers_[i].resize(n);
  const std::size_t flag = job.op == OpId::TopK || job.op == OpId::Rank ? 1 : 0;
  const bool has_flag = job.op == OpId::ArgSort || job.op == OpId::Sort || flag == 1;
  const bool descending = has_flag && std::get<bool>(job.attrs[flag]);
  for_chunks(threads_, job.count, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
    for (auto i = static_cast<std::size_t>(begin); i < static_cast<std::size_t>(end); ++i)
      keys_[0][i] = scalar::mg_order_key<T>(x[i], descending), numbers_[0][i] = static_cast<std::int64_t>(i);
  });
  sort(job.count, static_cast<int>(8 * sizeof(T)));

  const std::span<const std::int64_t> order(numbers_[0]);
  const std::span<const std::uint64_t> keys(keys_[0]);
  auto* out = static_cast<std::int64_t*>(job.out);
  const auto at = [&](std::int64_t k) { return order[static_cast<std::size_t>(k)]; };
  const auto each = [&](const auto& put) {
    for_chunks(threads_, job.count, [&](std::int64_t, std::int64_t begin, std::int64_t end) {
      for (std::int64_t k = begin; k < end; ++k) put(k);
    });
  };
  const auto each_run = [&](const auto& put) {
    for_chunks(threads_, job.count,
               [&](std::int64_t, std::int64_t begin, std::int64_t end) { for_runs(keys, begin, end, put); });
  };
  switch (job.op) {
    case OpId::ArgSort:
      return each([&](std::int64_t k) { out[k] = at(k); });
    case OpId::Sort:
      return each([&](std::int64_t k) { static_cast<T*>(job.out)[k] = x[at(k)]; });
    case OpId::TopK:
      for (std::int64_t k = 0; k < job.out_count; ++k) out[k] = k < job.count ? at(k) : -1;
      return;
    case OpId::Rank: {
      const auto ties = std::get<ops::EnumValue>(job.attrs[0]).index;
      if (ties == 0) return each([&](std::int64_t k) { out[at(k)] = k; });
      return each_run([&](std::int64_t first, std::int64_t last) {
        for (std::int64_t k = first; k < last; ++k) out[at(k)] = ties == 1 ? first : last - 1;
      });
    }
    case OpId::Frequency:
      return each_run([&](std::int64_t first, std::int64_t last) {
        for (std::int64_t k = first; k < last; ++k) out[at(k)] = last - first;
      });
    case OpId::IsFirst:
      return each_run([&](std::int64_t first, std::int64_t last) {
        for (std::int64_t k = first; k < last; ++k) static_cast<bool*>(job.out)[at(k)] = k == first;
      });
    default:
      throw InternalError("order: expected an operation that sorts");
  }
}

/// Least significant digits first, stable; digits that all keys share are left out.
void Order::sort(std::int64_t count, int key_bits) {
  for (int shift = 0; shift < key_bits; shift += kDigitBits)
    if (pass(count, shift)) std::swap(keys_[0], keys_[1]), std::swap(numbers_[0], numbers_[1]);
}

bool Order::pass(std::int64_t count, int shift) {
  const std::int64_t chunks = chunk_count(threads_, count);
  places_.assign(static_cast<std::size_t>(chunks) * kDigits, 0);
  const auto places_of = [&](std::int64_t chunk) { return places_.data() + chunk * kDigits; };
  for_chunks(threads_, count, [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
    std::int64_t* const found = places_of(chunk);
    for (std::int64_t k = begin; k < end; ++k) ++found[digit(keys_[0][static_cast<std::size_t>(k)], shift)];
  });
  std::int64_t before = 0;
  for (std::int64_t d = 0; d < kDigits; ++d) {
    const std::int64_t first = before;
    for (std::int64_t c = 0; c < chunks; ++c) before += std::exchange(places_of(c)[d], before);
    if (before - first == count) return false;
  }
  for_chunks(threads_, count, [&](std::int64_t chunk, std::int64_t begin, std::int64_t end) {
    std::int64_t* const next = places_of(chunk);
    for (auto k = static_cast<std::size_t>(begin); k < static_cast<std::size_t>(end); ++k) {
      const auto to = static_cast<std::size_t>(next[digit(keys_[0][k], shift)]++);
      keys_[1][to] = keys_[0][k], numbers_[1][to] = numbers_[0][k];
    }
  });
  return true;
}

}  // namespace monograph::cpu
