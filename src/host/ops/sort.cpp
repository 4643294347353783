#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};
constexpr AttrSpec kAttrs[] = {descending_attr(false)};

std::vector<Type> infer(const InferContext& c) { return {column_operand(c, 0)}; }

void evaluate(EvalContext& c) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto x = c.in<T>(0);
    const auto order = order_of(x, std::get<bool>(c.attrs[0]));
    std::ranges::transform(order, c.out<T>().begin(),
                           [&](std::int64_t i) { return x[static_cast<std::size_t>(i)]; });
  });
}

}  // namespace

extern const OpDef sort{.name = "core.sort",
                        .doc = "the elements in order, a column like x",
                        .access = Access::Whole,
                        .operands = kOperands,
                        .attrs = kAttrs,
                        .infer = infer,
                        .evaluate = evaluate};

}  // namespace monograph::ops
