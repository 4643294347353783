#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};

std::vector<Type> infer(const InferContext& c) {
  return {with_scalar(column_operand(c, 0), ScalarType::I64)};
}

void evaluate(EvalContext& c) {
  const auto out = c.out<std::int64_t>();
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto order = order_of(c.in<T>(0), false);
    for_each_run<T>(c.in<T>(0), order, [&](std::size_t first, std::size_t last) {
      for (std::size_t k = first; k < last; ++k)
        out[static_cast<std::size_t>(order[k])] = static_cast<std::int64_t>(last - first);
    });
  });
}

}  // namespace

extern const OpDef frequency{.name = "core.frequency",
                             .doc = "how many elements equal each, itself included, i64 over x's domain",
                             .access = Access::Whole,
                             .operands = kOperands,
                             .infer = infer,
                             .evaluate = evaluate};

}  // namespace monograph::ops
