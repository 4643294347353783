#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a column over the nodes"}};
constexpr AttrSpec kAttrs[] = {name_attr("of the attribute")};

std::vector<Type> infer(const InferContext& c) {
  name_of(c);
  nodes_operand(c, 0);
  return {};
}

void evaluate(EvalContext& c) { c.run.store(std::get<std::string>(c.attrs[0]), c.in(0)); }

}  // namespace

extern const OpDef store_node{
    .name = "attr.store_node",
    .doc = "sets a node attribute of the graph, in the element type of x; no result",
    .access = Access::Elementwise,
    .effect = Effect::Write,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
