// What argmin and argmax share: which of two candidates is ahead, and the search through a column.
#pragma once

#include <cstdint>

#include "host/ops/dispatch.h"
#include "host/ops/signature.h"

namespace monograph::ops {

/// The best candidate so far. NaN is skipped; of equal values (-0 equals +0) the lowest index stays.
template <class T>
struct Extreme {
  bool smallest;
  std::int64_t index = -1;
  T value{};

  void offer(T candidate, std::int64_t at) {
    if (candidate != candidate) return;
    const bool ahead = smallest ? candidate < value : candidate > value;
    if (index < 0 || ahead || (candidate == value && at < index)) value = candidate, index = at;
  }
};

inline std::vector<Type> infer_arg_extreme(const InferContext& c) {
  expect_elements(c, 0, Allowed::Num);
  return {scalar_of(ScalarType::I64)};
}

inline void evaluate_arg_extreme(EvalContext& c, bool smallest) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    Extreme<T> best{smallest};
    std::int64_t i = 0;
    for (const T x : c.in<T>(0)) best.offer(x, i++);
    c.out<std::int64_t>()[0] = best.index;
  });
}

}  // namespace monograph::ops
