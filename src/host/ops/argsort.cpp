#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};
constexpr AttrSpec kAttrs[] = {descending_attr(false)};

std::vector<Type> infer(const InferContext& c) {
  return {with_scalar(column_operand(c, 0), ScalarType::I64)};
}

void evaluate(EvalContext& c) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    std::ranges::copy(order_of(c.in<T>(0), std::get<bool>(c.attrs[0])), c.out<std::int64_t>().begin());
  });
}

}  // namespace

extern const OpDef argsort{.name = "core.argsort",
                           .doc = "indices of the elements in order, i64 over x's domain",
                           .access = Access::Whole,
                           .operands = kOperands,
                           .attrs = kAttrs,
                           .infer = infer,
                           .evaluate = evaluate};

}  // namespace monograph::ops
