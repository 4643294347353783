// The steps of kernels/bulk_steps.h by the C++ library: what stands in for CUB and Thrust where there is no
// device.
#pragma once

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "kernels/bulk_steps.h"

namespace monograph::test {
namespace host_steps {

// What a step writes into its room shows when a room is too small or two pieces of it overlap.
inline constexpr std::size_t kRoom = 512;

inline bool asks(void* memory, std::size_t& bytes) {
  if (!memory) bytes = kRoom;
  if (memory) std::memset(memory, 0xee, kRoom);
  return !memory;
}

struct Host {
  explicit Host(cuda::Bulk::Stream) {}
  template <class K>
  int sort(void* memory, std::size_t& bytes, const K* in, K* out, const std::int64_t* from, std::int64_t* to,
           std::int64_t n, int bits) const {
    if (asks(memory, bytes)) return 0;
    const K mask = bits == 8 * static_cast<int>(sizeof(K)) ? ~K{0} : (K{1} << bits) - 1;
    std::vector<std::int64_t> order(static_cast<std::size_t>(n));
    std::iota(order.begin(), order.end(), 0);
    std::ranges::stable_sort(order, {}, [&](std::int64_t i) { return in[i] & mask; });
    for (std::int64_t i = 0; i < n; ++i) out[i] = in[order[i]], to[i] = from[order[i]];
    return 0;
  }
  int scan(void* memory, std::size_t& bytes, const std::int64_t* in, std::int64_t* out,
           std::int64_t n) const {
    if (asks(memory, bytes)) return 0;
    std::uint64_t sum = 0;  // wraps
    for (std::int64_t i = 0; i < n; ++i) {
      const auto next = sum + static_cast<std::uint64_t>(in[i]);
      out[i] = static_cast<std::int64_t>(std::exchange(sum, next));
    }
    return 0;
  }
  int select(void* memory, std::size_t& bytes, const bool* flags, std::int32_t* indices, std::int64_t* count,
             std::int64_t n) const {
    if (asks(memory, bytes)) return 0;
    *count = 0;
    for (std::int64_t i = 0; i < n; ++i)
      if (flags[i]) indices[(*count)++] = static_cast<std::int32_t>(i);
    return 0;
  }
  template <class K>
  int encode(void* memory, std::size_t& bytes, const K* in, K* first, std::int64_t* lengths,
             std::int64_t* runs, std::int64_t n) const {
    if (asks(memory, bytes)) return 0;
    *runs = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (i == 0 || in[i] != in[i - 1]) first[*runs] = in[i], lengths[(*runs)++] = 0;
      ++lengths[*runs - 1];
    }
    return 0;
  }
  int reduce(void* memory, std::size_t& bytes, const std::int32_t* keys, std::int32_t* first,
             const std::int64_t* values, std::int64_t* sums, std::int64_t* runs, std::int64_t n) const {
    if (asks(memory, bytes)) return 0;
    *runs = 0;
    for (std::int64_t i = 0; i < n; ++i) {
      if (i == 0 || keys[i] != keys[i - 1]) first[*runs] = keys[i], sums[(*runs)++] = 0;
      sums[*runs - 1] += values[i];
    }
    return 0;
  }
  template <class F>
  int each(std::int64_t n, const F& f) const {
    for (std::int64_t i = 0; i < n; ++i) f(i);
    return 0;
  }
};

}  // namespace host_steps

inline const cuda::Bulk& host_bulk() {
  static const cuda::BulkOn<host_steps::Host> bulk;
  return bulk;
}

}  // namespace monograph::test
