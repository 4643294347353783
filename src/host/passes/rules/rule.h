// Rewrite rules: what one operation may become when its operands are this or that. A rule is one entry of one
// table; canonicalise, strength and fast_math run the tables. For every rule holds: the same bits (NaN,
// infinities, -0 and wrapping included; but for fast_math), the same type, never more work, and no two rules
// undo each other.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/ir/builder.h"

namespace monograph::passes::rules {

using ir::ValueId;
using ops::OpId;
using ops::ScalarOp;

class Rewriter;

/// A node about to be added to a region, with what is known of its operands, and the means to say what stands
/// in its place. Means return nothing when given nothing, so a rule is a chain that any link may end.
class Match {
 public:
  using Found = std::optional<ValueId>;
  Match(Rewriter& rewriter, ir::RegionIndex region, const ir::Node& node)
      : rewriter_(rewriter), region_(region), node_(node) {}

  // ---- what is there
  const ir::Node& node() const { return node_; }
  ValueId operand(std::size_t i) const { return node_.operands[i]; }
  const Type& type(ValueId v) const;
  /// The element type T of an element-wise operation's row.
  ScalarType element() const { return type(node_.operands.back()).scalar; }
  bool on_integers() const { return is_integer(element()); }
  bool on_floats() const { return is_float(element()); }
  /// The constant that every element of `v` is: of a constant, or of one broadcast.
  std::optional<Constant> constant(ValueId v) const;
  bool is(ValueId v, Constant c) const { return constant(v) == c; }
  bool is(ValueId v, int number) const;
  /// Does a node of operation `op` compute `v`?
  bool computes(ValueId v, OpId op) const;
  /// The operands of the node that computes `v`, if it is this operation; else none.
  std::vector<ValueId> operands_of(ValueId v, OpId op) const;
  std::vector<ValueId> operands_of(ValueId v, ScalarOp op) const {
    return operands_of(v, ops::scalar_id(op));
  }
  /// Of two operands the one beside a constant.
  Found beside(Constant c) const;
  Found beside(int number) const;
  /// Operand i of two and the other one, tried both ways: the first for which f finds something.
  template <class F>
  Found either_way(F f) const {
    if (Found found = f(operand(0), operand(1))) return found;
    return f(operand(1), operand(0));
  }

  // ---- what stands in its place
  /// `v`, over the domain of the node.
  Found value(Found v);
  Found constant_value(Constant c);
  Found number(int k);  ///< in the node's element type
  Found op(ScalarOp op, std::vector<ValueId> operands, std::vector<ops::Attr> attrs = {});
  Found op(OpId op, std::vector<ValueId> operands, std::vector<ops::Attr> attrs = {});
  /// An operation as an operand: over the domain that follows from its own operands.
  ValueId make(OpId op, std::vector<ValueId> operands);
  /// A scalar constant as an operand.
  ValueId scalar(Constant c);

 private:
  Rewriter& rewriter_;
  const ir::RegionIndex region_;
  const ir::Node& node_;
};

/// `k` as a constant of type `t`.
Constant number_of(ScalarType t, int k);
/// What added to anything changes nothing: 0, and -0.0 for floats, since -0.0 + 0.0 is 0.0.
Constant zero_to_add(ScalarType t);

struct Rule {
  std::string_view name;
  bool (*at)(OpId);
  Match::Found (*apply)(Match&);
};

template <ScalarOp... Ops>
constexpr bool at(OpId op) {
  return ((op == ops::scalar_id(Ops)) || ...);
}
template <OpId... Ops>
constexpr bool at(OpId op) {
  return ((op == Ops) || ...);
}

// The tables, a file each.
std::span<const Rule> identities();  ///< neutral and absorbing elements, signs, repeated operations
std::span<const Rule> integers();    ///< what holds for integers only
std::span<const Rule> logic();       ///< and, or, xor, not, comparisons
std::span<const Rule> selections();  ///< where, clip, min and max
std::span<const Rule> conversions();
std::span<const Rule> columns();    ///< broadcasts, gathers and reductions of what is the same everywhere
std::span<const Rule> strength();   ///< the same value from cheaper operations
std::span<const Rule> fast_math();  ///< the same real number, but other last digits

/// All that canonicalise applies.
std::vector<Rule> canonical_rules();

/// Rebuilds programs, each node becoming what the rules make of it.
class Rewriter {
 public:
  Rewriter(std::string name, std::vector<Rule> rules, ir::BuilderOptions options);
  /// Adds a node, rewritten until no rule applies; a node of one result may come back as an older value.
  ValueId emit(ir::RegionIndex r, ir::Node node);
  ir::Builder& out() { return out_; }

 private:
  ir::Builder out_;
  const std::vector<Rule> rules_;
  std::vector<std::vector<const Rule*>> at_;  // by operation
};

/// `program` with `rules` applied everywhere.
ir::Program apply(const ir::Program& program, std::vector<Rule> rules, ir::BuilderOptions options);
/// The same with branches and loops simplified too: what the pass canonicalise is.
ir::Program canonicalise(const ir::Program& program, const std::vector<Rule>& rules);

/// Adds a branch, loop or other operation with regions, simplified; its values.
std::vector<ValueId> emit_control(Rewriter& rewriter, ir::RegionIndex r, ir::Node node);

}  // namespace monograph::passes::rules
