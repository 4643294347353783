// Bounds of indices that a program computes (nothing out of range is ever touched), and what a failed check
// says.
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

/// The message of a check; `at` is -1 where a scalar was checked.
[[noreturn]] inline void fail_check(const EvalContext& c, std::int64_t at) {
  const std::string& what = std::get<std::string>(c.attrs[0]);
  c.fail(at < 0 ? what : what + " at index " + std::to_string(at));
}

/// Stops the run unless every element lies in 0..count-1; names the first that does not.
template <class I>
void check_indices(const EvalContext& c, std::span<const I> index, std::int64_t count) {
  for (std::size_t i = 0; i < index.size(); ++i)
    if (index[i] < 0 || index[i] >= count) fail_index(c, static_cast<std::int64_t>(i), index[i], count);
}

}  // namespace monograph::ops
