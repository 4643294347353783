#include "host/ops/neighborhood.h"
#include "host/ops/node_column.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"node", "an i32 or i64 column: nodes, in whose rows to look"},
                                     {"k", "i32 or i64, over the same domain: which neighbour, from 0"}};
constexpr AttrSpec kAttrs[] = {direction_attr(Direction::Out)};

std::vector<Type> infer(const InferContext& c) {
  const Type node = node_column(c, 0);
  expect_elements(c, 1, Allowed::Int);
  c.expect(with_scalar(c.operand(1), node.scalar) == node, "a column over the domain of node", 1);
  return {with_scalar(node, ScalarType::I64)};
}

void evaluate(EvalContext& c) {
  const Neighborhoods at(c.run.graph(), c.enumeration<Direction>(0));
  const auto node = integers(c.in(0)), k = integers(c.in(1));
  const auto out = c.out<std::int64_t>();
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool here = node[i] >= 0 && node[i] < c.run.graph().node_count();
    std::int64_t left = k[i];
    out[i] = -1;
    if (here)
      at.for_each(static_cast<std::int32_t>(node[i]), [&](std::int32_t u, std::int64_t) {
        if (left-- == 0) out[i] = u;
      });
  }
}

}  // namespace

extern const OpDef neighbor_at{.name = "graph.neighbor_at",
                               .doc =
                                   "the k-th neighbour of each node, i64 over their domain; -1 where node is "
                                   "none or has no such neighbour",
                               .access = Access::Whole,
                               .operands = kOperands,
                               .attrs = kAttrs,
                               .walks = true,
                               .infer = infer,
                               .evaluate = evaluate};

}  // namespace monograph::ops
