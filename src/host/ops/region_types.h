// Type rules of control operations: comparing the types of a region with those its node provides.
#pragma once

#include <string>
#include <vector>

#include "host/ops/op_def.h"

namespace monograph::ops {

/// "(f64[V], bool)"
std::string to_string(const std::vector<Type>& types);
/// The types of operands `first`, `first` + 1, ...: all present.
std::vector<Type> operand_types(const InferContext& c, std::size_t first, std::size_t count);
/// CompileError unless `got` is `expected`; `what` names it: "arguments of the body".
void expect_types(const InferContext& c, const std::string& what, const std::vector<Type>& expected,
                  const std::vector<Type>& got);
/// CompileError unless the node has as many regions as its signature says.
void expect_regions(const InferContext& c);

}  // namespace monograph::ops
