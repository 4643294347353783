// Whether loops compute only the rows that read a changed one, where plan/active_set.h says that they may.
#pragma once

#include <cstdint>

namespace monograph::cpu {

enum class ActiveRows : std::uint8_t {
  Auto,    ///< where that is less work
  Never,   ///< all rows, in each iteration
  Always,  ///< wherever the changed rows are known, whatever it costs
};

}  // namespace monograph::cpu
