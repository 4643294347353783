#include "host/ops/dispatch.h"
#include "host/passes/rebuild.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {

Constant number_of(ScalarType t, int k) {
  return ops::dispatch(t, [&]<class T>(std::type_identity<T>) { return Constant::of(static_cast<T>(k)); });
}

Constant zero_to_add(ScalarType t) {
  return ops::dispatch(t, [&]<class T>(std::type_identity<T>) {
    return Constant::of(static_cast<T>(is_float(t) ? -0.0 : 0.0));
  });
}

// ------------------------------------------------------------------------------------------------------
// match

const Type& Match::type(ValueId v) const { return rewriter_.out().type(region_, v); }

std::optional<Constant> Match::constant(ValueId v) const {
  const ir::Region& r = rewriter_.out().region(region_);
  if (computes(v, OpId::Broadcast)) v = r.nodes[v.node].operands[0];
  const Constant* c = ir::constant_of(r, v);
  return c ? std::optional(*c) : std::nullopt;
}

bool Match::is(ValueId v, int number) const { return is(v, number_of(type(v).scalar, number)); }

bool Match::computes(ValueId v, OpId op) const {
  return !v.is_none() && !v.is_argument() && rewriter_.out().region(region_).nodes[v.node].op == op;
}

std::vector<ValueId> Match::operands_of(ValueId v, OpId op) const {
  if (!computes(v, op)) return {};
  return rewriter_.out().region(region_).nodes[v.node].operands;
}

Match::Found Match::beside(Constant c) const {
  return either_way([&](ValueId a, ValueId b) { return is(a, c) ? Found(b) : std::nullopt; });
}
Match::Found Match::beside(int number) const { return beside(number_of(element(), number)); }

Match::Found Match::value(Found v) {
  if (!v || type(*v) == node_.results[0]) return v;
  if (type(*v).domain != Domain::Scalar) return std::nullopt;
  return op(OpId::Broadcast, {*v}, {node_.results[0]});
}

ValueId Match::scalar(Constant c) { return rewriter_.out().constant(region_, c, node_.where); }
Match::Found Match::constant_value(Constant c) { return value(scalar(c)); }
Match::Found Match::number(int k) { return constant_value(number_of(node_.results[0].scalar, k)); }

Match::Found Match::op(OpId op, std::vector<ValueId> operands, std::vector<ops::Attr> attrs) {
  return value(rewriter_.emit(region_, ir::Node{.op = op,
                                                .operands = std::move(operands),
                                                .attrs = std::move(attrs),
                                                .regions = {},
                                                .results = {},
                                                .where = node_.where}));
}
Match::Found Match::op(ScalarOp op, std::vector<ValueId> operands, std::vector<ops::Attr> attrs) {
  return this->op(ops::scalar_id(op), std::move(operands), std::move(attrs));
}

ValueId Match::make(OpId op, std::vector<ValueId> operands) {
  return rewriter_.emit(region_, ir::Node{.op = op,
                                          .operands = std::move(operands),
                                          .attrs = {},
                                          .regions = {},
                                          .results = {},
                                          .where = node_.where});
}

// ---------------------------------------------------------------------------------------------------
// rewriter

std::vector<Rule> canonical_rules() {
  std::vector<Rule> all;
  for (const auto& table : {columns(), identities(), integers(), logic(), selections(), conversions()})
    all.insert(all.end(), table.begin(), table.end());
  return all;
}

Rewriter::Rewriter(std::string name, std::vector<Rule> rules, ir::BuilderOptions options)
    : out_(std::move(name), options), rules_(std::move(rules)), at_(ops::op_table().size()) {
  for (const Rule& rule : rules_)
    for (std::size_t op = 0; op < at_.size(); ++op)
      if (rule.at(static_cast<OpId>(op))) at_[op].push_back(&rule);
}

ValueId Rewriter::emit(ir::RegionIndex r, ir::Node node) {
  node.results = ir::infer(out_.program(), out_.region(r), node);
  Match match(*this, r, node);
  for (const Rule* rule : at_[static_cast<std::size_t>(node.op)]) {
    const auto found = rule->apply(match);
    if (!found) continue;
    if (out_.type(r, *found) != node.results[0])
      throw InternalError("rule \"" + std::string(rule->name) + "\" changes the type of a value");
    return *found;
  }
  return out_.emit(r, std::move(node));
}

ir::Program apply(const ir::Program& program, std::vector<Rule> rules, ir::BuilderOptions options) {
  Rewriter rewriter(program.name, std::move(rules), options);
  copy_region(program, 0, rewriter.out(), 0, [&](ir::RegionIndex r, ir::Node n) {
    const std::size_t results = n.results.size();
    return values_from(rewriter.emit(r, std::move(n)), results);
  });
  return rewriter.out().finish();
}

namespace {

ir::Program canonicalise_once(const ir::Program& program, const std::vector<Rule>& rules) {
  Rewriter rewriter(program.name, rules, ir::kRewrite);
  copy_region(program, 0, rewriter.out(), 0, [&](ir::RegionIndex r, ir::Node n) {
    if (!n.regions.empty()) return emit_control(rewriter, r, std::move(n));
    const std::size_t results = n.results.size();
    return values_from(rewriter.emit(r, std::move(n)), results);
  });
  return rewriter.out().finish();
}

}  // namespace

ir::Program canonicalise(const ir::Program& program, const std::vector<Rule>& rules) {
  ir::Program before, after = program;
  do {  // what a loop no longer carries is numbered anew, and the order of operands goes by numbers
    before = std::move(after);
    after = canonicalise_once(before, rules);
  } while (after != before);
  return after;
}

}  // namespace monograph::passes::rules
