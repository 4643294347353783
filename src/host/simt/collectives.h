// What a warp collective yields, once all its lanes are there.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "host/simt/simt_abi.h"

namespace monograph::simt {

constexpr unsigned kWarp = 32;
/// Every float and double of a region filled with it is NaN, every integer far out of range.
constexpr std::uint64_t kPoison = 0x7ff8dead7fc0deadull;

struct WarpValues {
  unsigned mask = 0;
  std::array<std::uint64_t, kWarp> value{};  ///< by lane
  std::array<unsigned, kWarp> parameter{};   ///< of a shuffle: the lane asked for
};

/// What `lane` gets. A shuffle from a lane outside the mask yields poison (CUDA: undefined).
std::uint64_t collective_result(mg_simt_collective kind, const WarpValues& warp, unsigned lane);
/// CUDA's name of a collective or barrier.
std::string_view collective_name(mg_simt_collective kind);

}  // namespace monograph::simt
