#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  return {scalar_of(ScalarType::I64)};
}

Expansion::Handle expand(Expansion& e, std::span<const std::optional<Expansion::Handle>> in,
                         std::span<const Attr>) {
  return e.op(OpId::Count, {e.op(OpId::IsFirst, {*in[0]})});
}

}  // namespace

extern const OpDef unique_count{
    .name = "core.unique_count",
    .doc = "how many different elements there are, i64; -0 and +0 are two, NaN one",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer,
    .expand = expand};

}  // namespace monograph::ops
