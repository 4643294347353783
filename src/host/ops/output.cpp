#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a scalar or a column"}};
constexpr AttrSpec kAttrs[] = {
    name_attr("of the result"),
    enum_attr("role", "node: elements are node indices, shown as the user's ids (-1: none)", kRoleNames, 0)};

std::vector<Type> infer(const InferContext& c) {
  name_of(c);
  if (c.enumeration<Role>(1) == Role::Node) expect_elements(c, 0, Allowed::Int, " (node indices)");
  c.operand(0);
  return {};
}

void evaluate(EvalContext& c) {
  c.run.output(std::get<std::string>(c.attrs[0]), c.in(0), c.enumeration<Role>(1));
}

}  // namespace

extern const OpDef output{.name = "attr.output",
                          .doc = "a named result of the run; no result in the program",
                          .access = Access::Elementwise,
                          .effect = Effect::Write,
                          .operands = kOperands,
                          .attrs = kAttrs,
                          .infer = infer,
                          .evaluate = evaluate};

}  // namespace monograph::ops
