#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a bool column"}};

std::vector<Type> infer(const InferContext& c) {
  expect_elements(c, 0, Allowed::Bool);
  return {scalar_of(ScalarType::I64)};
}

Handle expand(Expansion& e, Handles in, std::span<const Attr>) { return reduced(e, *in[0], MonoidKind::Sum); }

}  // namespace

extern const OpDef count{.name = "core.count",
                         .doc = "how many elements are true, i64",
                         .access = Access::Global,
                         .operands = kOperands,
                         .infer = infer,
                         .expand = expand};

}  // namespace monograph::ops
