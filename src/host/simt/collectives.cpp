#include "host/simt/collectives.h"

#include <algorithm>

namespace monograph::simt {
namespace {

/// Combines the values of the mask's lanes, as 32-bit words of type T.
template <class T, class Combine>
std::uint64_t reduce(const WarpValues& warp, Combine combine) {
  bool first = true;
  T result{};
  for (unsigned lane = 0; lane < kWarp; ++lane) {
    if (!(warp.mask >> lane & 1)) continue;
    const T value = static_cast<T>(static_cast<std::uint32_t>(warp.value[lane]));
    result = first ? value : combine(result, value);
    first = false;
  }
  return static_cast<std::uint32_t>(result);
}

template <class Test>
std::uint64_t lanes_where(const WarpValues& warp, Test test) {
  unsigned lanes = 0;
  for (unsigned lane = 0; lane < kWarp; ++lane)
    if ((warp.mask >> lane & 1) && test(warp.value[lane])) lanes |= 1u << lane;
  return lanes;
}

std::uint64_t shuffle(const WarpValues& warp, unsigned lane) {
  const unsigned from = warp.parameter[lane];
  return from < kWarp && (warp.mask >> from & 1) ? warp.value[from] : kPoison;
}

}  // namespace

std::uint64_t collective_result(mg_simt_collective kind, const WarpValues& warp, unsigned lane) {
  using U = std::uint32_t;
  using I = std::int32_t;
  switch (kind) {
    case mg_simt_shuffle:
      return shuffle(warp, lane);
    case mg_simt_ballot:
      return lanes_where(warp, [](std::uint64_t v) { return v != 0; });
    case mg_simt_match_any:
      return lanes_where(warp, [&](std::uint64_t v) { return v == warp.value[lane]; });
    case mg_simt_match_all:
      return lanes_where(warp, [&](std::uint64_t v) { return v == warp.value[lane]; }) == warp.mask
                 ? warp.mask
                 : 0;
    case mg_simt_reduce_add:
      return reduce<U>(warp, [](U a, U b) { return a + b; });
    case mg_simt_reduce_min:
      return reduce<U>(warp, [](U a, U b) { return std::min(a, b); });
    case mg_simt_reduce_max:
      return reduce<U>(warp, [](U a, U b) { return std::max(a, b); });
    case mg_simt_reduce_min_signed:
      return reduce<I>(warp, [](I a, I b) { return std::min(a, b); });
    case mg_simt_reduce_max_signed:
      return reduce<I>(warp, [](I a, I b) { return std::max(a, b); });
    case mg_simt_reduce_and:
      return reduce<U>(warp, [](U a, U b) { return a & b; });
    case mg_simt_reduce_or:
      return reduce<U>(warp, [](U a, U b) { return a | b; });
    case mg_simt_reduce_xor:
      return reduce<U>(warp, [](U a, U b) { return a ^ b; });
    default:
      return 0;
  }
}

std::string_view collective_name(mg_simt_collective kind) {
  constexpr std::string_view names[] = {"__syncwarp",        "__shfl_sync",       "__ballot_sync",
                                        "__match_any_sync",  "__match_all_sync",  "__reduce_add_sync",
                                        "__reduce_min_sync", "__reduce_max_sync", "__reduce_min_sync",
                                        "__reduce_max_sync", "__reduce_and_sync", "__reduce_or_sync",
                                        "__reduce_xor_sync", "__syncthreads",     "__syncthreads_count",
                                        "__syncthreads_and", "__syncthreads_or"};
  return names[kind];
}

}  // namespace monograph::simt
