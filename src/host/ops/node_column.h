// Columns whose elements are meant to be nodes, but may be anything.
#pragma once

#include <vector>

#include "host/ops/signature.h"

namespace monograph::ops {

inline const Type& node_column(const InferContext& c, std::size_t i) {
  c.expect(c.operand(i).domain != Domain::Scalar, "a column", i);
  expect_elements(c, i, Allowed::Int);
  return c.operand(i);
}

/// The elements of an i32 or i64 column.
inline std::vector<std::int64_t> integers(const Value& v) {
  if (v.type.scalar == ScalarType::I32) {
    const auto x = v.column.span<std::int32_t>();
    return {x.begin(), x.end()};
  }
  const auto x = v.column.span<std::int64_t>();
  return {x.begin(), x.end()};
}

}  // namespace monograph::ops
