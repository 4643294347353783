#include "host/ops/dispatch.h"
#include "host/ops/neighborhood.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"weights", "a column over the edges, summed", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {direction_attr(Direction::Out)};

std::vector<Type> infer(const InferContext& c) {
  if (!c.has(0)) return {nodes_of(ScalarType::I64)};
  return {nodes_of(accumulator_type(MonoidKind::Sum, edges_operand(c, 0).scalar))};
}

template <class T, class R>
void sum_weights(std::span<const T> weights, const Neighborhoods& at, std::span<R> out) {
  const auto sum = monoid_of<R>(MonoidKind::Sum);
  std::int32_t v = 0;
  for (R& d : out)
    d = at.fold<R>(
        v++, [&](std::int32_t, std::int64_t edge) { return static_cast<R>(element(weights, edge)); }, sum);
}

void evaluate(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(0));
  if (!c.has(0)) {
    std::int32_t v = 0;
    for (std::int64_t& d : c.out<std::int64_t>()) d = at.size(v++);
    return;
  }
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    dispatch(c.results[0].type.scalar,
             [&]<class R>(std::type_identity<R>) { sum_weights(c.in<T>(0), at, c.out<R>()); });
  });
}

}  // namespace

extern const OpDef degree{
    .name = "graph.degree",
    .doc =
        "number of edges at each node, i64[V], or the sum of their weights; both counts a "
        "directed self-loop twice",
    .access = Access::Segmented,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
