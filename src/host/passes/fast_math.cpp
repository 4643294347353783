// Rules that change the last digits, and what they open: a quotient in a loop by what does not change in it
// becomes a product with a reciprocal, which licm then takes out of the loop.
#include <algorithm>

#include "host/passes/passes.h"
#include "host/passes/rebuild.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Region;
using ir::ValueId;

/// The body of a loop with `carried` values, its quotients by invariants rewritten.
class Body {
 public:
  Body(const Region& body, std::uint32_t carried) : from_(body), carried_(carried), moved_(body) {}

  Region run() {
    to_.args = from_.args;
    for (std::size_t i = 0; i < from_.nodes.size(); ++i) {
      Node n = from_.nodes[i];
      fixed_.push_back(is_fixed(n));
      const bool rewrite = is_quotient_by_invariant(n);
      n.operands = moved_(std::move(n.operands));
      if (rewrite) {
        n.operands[1] = reciprocal(n);
        n.op = ops::scalar_id(ops::ScalarOp::Mul);
      }
      const std::size_t results = n.results.size();
      moved_.set(i, add(std::move(n)), results);
    }
    to_.results = moved_(from_.results);
    return std::move(to_);
  }

 private:
  /// Has it one value while the loop runs?
  bool is_fixed(ValueId v) const {
    if (v.is_none()) return true;
    return v.is_argument() ? v.result > carried_ : fixed_[v.node];
  }
  bool is_fixed(const Node& n) const {
    return n.regions.empty() && ops::def(n.op).effect == ops::Effect::Pure &&
           std::ranges::all_of(n.operands, [&](ValueId v) { return is_fixed(v); });
  }

  bool is_quotient_by_invariant(const Node& n) const {
    if (n.op != ops::scalar_id(ops::ScalarOp::Div)) return false;
    const ValueId y = n.operands[1];
    return is_float(ir::type_of(from_, y).scalar) && !is_fixed(n.operands[0]) && is_fixed(y) &&
           !ir::constant_of(from_, y);  // those have a rule
  }

  ValueId add(Node n) {
    to_.nodes.push_back(std::move(n));
    return {static_cast<std::uint32_t>(to_.nodes.size() - 1), 0};
  }

  /// 1 / y of the quotient x / y.
  ValueId reciprocal(const Node& quotient) {
    const ValueId y = quotient.operands[1];
    const Type type = ir::type_of(to_, y);
    const ValueId one = add({.op = ir::OpId::Constant,
                             .operands = {},
                             .attrs = {rules::number_of(type.scalar, 1)},
                             .regions = {},
                             .results = {scalar_of(type.scalar)},
                             .where = quotient.where});
    return add({.op = quotient.op,
                .operands = {one, y},
                .attrs = {},
                .regions = {},
                .results = {type},
                .where = quotient.where});
  }

  const Region& from_;
  const std::uint32_t carried_;
  ValueMap moved_;
  std::vector<bool> fixed_;  // per node
  Region to_;
};

}  // namespace

ir::Program fast_math(const ir::Program& program) {
  ir::Builder out(program.name);
  copy_region(program, 0, out, 0, [&](ir::RegionIndex r, Node n) {
    if (n.op == ir::OpId::While) {
      Region& body = out.region(n.regions[0]);
      body = Body(body, static_cast<std::uint32_t>(std::get<std::int64_t>(n.attrs[0]))).run();
    }
    const std::size_t results = n.results.size();
    return values_from(out.emit(r, std::move(n)), results);
  });
  std::vector<rules::Rule> all(rules::fast_math().begin(), rules::fast_math().end());
  for (const rules::Rule& rule : rules::canonical_rules()) all.push_back(rule);
  return rules::canonicalise(out.finish(), all);
}

}  // namespace monograph::passes
