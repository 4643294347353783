// What the first byte of an input of fuzz_plan_bytes and fuzz_graph means.
#pragma once

#include <string_view>

namespace monograph::fuzz {

inline constexpr char kWhole = 'w';  ///< the rest is what a file holds
inline constexpr char kInside =
    'i';  ///< the rest is what is under the checksum, which no fuzzer would ever get right

/// Of graphs: the format of the rest, by its place here.
inline constexpr std::string_view kGraphFormats[] = {
    "mcsr", "sg", "wsg", "npz", "graphml", "gml", "dimacs", "metis", "mtx", "csv", "wel", "ldbc-vertex"};

}  // namespace monograph::fuzz
