#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};
constexpr AttrSpec kAttrs[] = {{.name = "k", .kind = AttrKind::Int, .doc = "how many"},
                               descending_attr(true)};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  const std::int64_t k = std::get<std::int64_t>(c.attrs[0]);
  if (k < 0) c.fail("a k of 0 or more", std::to_string(k));
  return {fixed_of(ScalarType::I64, k)};
}

void evaluate(EvalContext& c) {
  const auto out = c.out<std::int64_t>();
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto order = order_of(c.in<T>(0), std::get<bool>(c.attrs[1]));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = i < order.size() ? order[i] : -1;
  });
}

}  // namespace

extern const OpDef top_k{.name = "core.top_k",
                         .doc = "indices of the first k elements in order, i64[k]; -1 where there are fewer",
                         .access = Access::Whole,
                         .operands = kOperands,
                         .attrs = kAttrs,
                         .infer = infer,
                         .evaluate = evaluate};

}  // namespace monograph::ops
