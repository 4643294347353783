#include <algorithm>

#include "host/ops/neighborhood.h"
#include "host/ops/node_column.h"
#include "host/ops/scalar_math.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {
    {"node", "an i32 or i64 column: nodes, in whose rows to look"},
    {"u", "f64, over the same domain: which neighbour, from 0 to below 1"},
    {"weights", "f64[E]: neighbours in proportion to what is positive", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {direction_attr(Direction::Out)};

std::vector<Type> infer(const InferContext& c) {
  const Type node = node_column(c, 0);
  c.expect(c.operand(1) == with_scalar(node, ScalarType::F64), "f64 over the domain of node", 1);
  if (c.has(2)) c.expect(c.operand(2) == edges_of(ScalarType::F64), "f64[E]", 2);
  return {with_scalar(node, ScalarType::I64)};
}

std::int64_t evenly(const Neighborhoods& at, std::int32_t v, double u) {
  const std::int64_t degree = at.size(v);
  const auto place = scalar::mg_cast<std::int64_t, double>(u * static_cast<double>(degree));
  std::int64_t left = std::clamp<std::int64_t>(place, 0, std::max<std::int64_t>(degree - 1, 0)), found = -1;
  at.for_each(v, [&](std::int32_t neighbor, std::int64_t) {
    if (left-- == 0) found = neighbor;
  });
  return found;
}

/// The running sum is that of one addition after the other, in neighbour order.
std::int64_t by_weight(const Neighborhoods& at, std::int32_t v, double u, std::span<const double> weights) {
  double total = 0, sum = 0;
  std::int64_t last = -1, found = -1;
  at.for_each(v, [&](std::int32_t neighbor, std::int64_t edge) {
    if (element(weights, edge) > 0) total += element(weights, edge), last = neighbor;
  });
  const double target = u * total;
  at.for_each(v, [&](std::int32_t neighbor, std::int64_t edge) {
    if (found >= 0 || !(element(weights, edge) > 0)) return;
    sum += element(weights, edge);
    if (sum > target) found = neighbor;
  });
  return found >= 0 ? found : last;  // u is not below 1, or sums are not finite
}

void evaluate(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(0));
  const auto node = integers(c.in(0));
  const auto u = c.in<double>(1);
  const auto out = c.out<std::int64_t>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool here = node[i] >= 0 && node[i] < c.run.graph().node_count();
    const auto v = here ? static_cast<std::int32_t>(node[i]) : 0;
    out[i] = !here ? -1 : c.has(2) ? by_weight(at, v, u[i], c.in<double>(2)) : evenly(at, v, u[i]);
  }
}

}  // namespace

extern const OpDef pick_neighbor{
    .name = "graph.pick_neighbor",
    .doc =
        "a neighbour of each node, i64: the floor(u * degree)-th, or the first whose running sum of positive "
        "weights exceeds u * their sum (the last of these where none does); -1 where node is none or there "
        "is "
        "none",
    .access = Access::Whole,
    .operands = kOperands,
    .attrs = kAttrs,
    .walks = true,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
