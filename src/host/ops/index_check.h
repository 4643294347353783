// Bounds of indices that a program computes: nothing out of range is ever touched.
#pragma once

#include <cstdint>
#include <string>

#include "host/ops/op_def.h"

namespace monograph::ops {

[[noreturn]] inline void fail_index(const EvalContext& c, std::int64_t at, std::int64_t index,
                                    std::int64_t count) {
  c.fail("index[" + std::to_string(at) + "] is " + std::to_string(index) + ", but there are " +
         std::to_string(count) + " nodes");
}

/// Stops the run unless every element lies in 0..count-1; names the first that does not.
template <class I>
void check_indices(const EvalContext& c, std::span<const I> index, std::int64_t count) {
  for (std::size_t i = 0; i < index.size(); ++i)
    if (index[i] < 0 || index[i] >= count) fail_index(c, static_cast<std::int64_t>(i), index[i], count);
}

}  // namespace monograph::ops
