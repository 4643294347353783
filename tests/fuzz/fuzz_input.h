// What the first byte of an input of fuzz_plan_bytes means.
#pragma once

namespace monograph::fuzz {

inline constexpr char kWhole = 'w';  ///< the rest is what a file holds
inline constexpr char kInside =
    'i';  ///< the rest is what is under the checksum, which no fuzzer would ever get right

}  // namespace monograph::fuzz
