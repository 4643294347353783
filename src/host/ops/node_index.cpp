#include <numeric>

#include "host/ops/op_def.h"

namespace monograph::ops {
namespace {

std::vector<Type> infer(const InferContext&) { return {nodes_of(ScalarType::I32)}; }

void evaluate(EvalContext& c) {
  const auto out = c.out<std::int32_t>();
  std::iota(out.begin(), out.end(), 0);
}

}  // namespace

extern const OpDef node_index{.name = "core.node_index",
                              .doc = "0, 1, ..., V - 1 as i32[V]; in the order of the user's ids",
                              .access = Access::Source,
                              .infer = infer,
                              .evaluate = evaluate};

}  // namespace monograph::ops
