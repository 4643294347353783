// A node's evaluation by the definition of its operation.
#pragma once

#include "host/ir/program.h"

namespace monograph::ir {

/// What `OpDef::evaluate` sees of `n` on these operands; operations with regions also need `region`.
inline ops::EvalContext evaluation_of(const Node& n, std::span<const ops::Value* const> operands,
                                      std::span<ops::Value> results, ops::RunContext& run) {
  return {.op = ops::def(n.op),
          .operands = operands,
          .attrs = n.attrs,
          .results = results,
          .run = run,
          .where = location_of(n),
          .region = {}};
}

}  // namespace monograph::ir
