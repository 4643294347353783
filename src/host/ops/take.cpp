#include <algorithm>

#include "host/ops/dispatch.h"
#include "host/ops/index_check.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column over the nodes"},
                                     {"index", "i32 or i64 over any domain: node indices"}};

std::vector<Type> infer(const InferContext& c) {
  nodes_operand(c, 0);
  expect_elements(c, 1, Allowed::Int);
  return {with_scalar(c.operand(1), c.operand(0).scalar)};
}

template <class T, class I>
void take_all(EvalContext& c) {
  const auto x = c.in<T>(0);
  const auto index = c.in<I>(1);
  check_indices(c, index, static_cast<std::int64_t>(x.size()));
  std::ranges::transform(index, c.out<T>().begin(), [&](I i) { return x[static_cast<std::size_t>(i)]; });
}

void evaluate(EvalContext& c) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    if (c.in(1).type.scalar == ScalarType::I32)
      take_all<T, std::int32_t>(c);
    else
      take_all<T, std::int64_t>(c);
  });
}

}  // namespace

extern const OpDef take{
    .name = "graph.take",
    .doc = "x[index[i]] for each i, over index's domain; an index outside of 0..V-1 stops the run",
    .access = Access::Gather,
    .effect = Effect::Check,
    .operands = kOperands,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
