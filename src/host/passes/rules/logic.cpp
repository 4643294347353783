// Truth values and comparisons. A comparison with NaN is false (!= is true), so a negated < is no >=.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// The operand of v if v is "not" of it.
Found inverted(const Match& m, ValueId v) {
  const auto in = m.operands_of(v, Op::Not);
  return in.empty() ? Found() : in[0];
}
bool opposites(const Match& m) {
  return inverted(m, m.operand(0)) == m.operand(1) || inverted(m, m.operand(1)) == m.operand(0);
}
bool same(const Match& m) { return m.operand(0) == m.operand(1); }

Found truth(Match& m, bool value) { return m.constant_value(Constant::of(value)); }

/// The bool that v is the number 0 or 1 of.
Found from_bool(const Match& m, ValueId v) {
  if (m.type(v).scalar == ScalarType::Bool) return v;
  const auto in = m.operands_of(v, Op::Cast);
  return !in.empty() && m.type(in[0]).scalar == ScalarType::Bool ? Found(in[0]) : std::nullopt;
}

/// "not" of the comparison a op b is a `inverse` b.
Found invert(Match& m, Op op, Op inverse, bool integers_only) {
  const auto in = m.operands_of(m.operand(0), op);
  if (in.empty() || (integers_only && is_float(m.type(in[0]).scalar))) return Found();
  return m.op(inverse, {in[0], in[1]});
}

constexpr Rule kRules[] = {
    // x and true = x
    {"and-true", at<Op::And>, [](Match& m) { return m.value(m.beside(1)); }},
    // x or false = x, x xor false = x
    {"or-false", at<Op::Or, Op::Xor>, [](Match& m) { return m.value(m.beside(0)); }},
    // x and false = false
    {"and-false", at<Op::And>, [](Match& m) { return m.beside(0) ? truth(m, false) : Found(); }},
    // x or true = true
    {"or-true", at<Op::Or>, [](Match& m) { return m.beside(1) ? truth(m, true) : Found(); }},
    // x xor true = not x
    {"xor-true", at<Op::Xor>,
     [](Match& m) {
       const Found x = m.beside(1);
       return x ? m.op(Op::Not, {*x}) : Found();
     }},
    // x xor x = false
    {"xor-same", at<Op::Xor>, [](Match& m) { return same(m) ? truth(m, false) : Found(); }},
    // x and not x = false
    {"and-opposite", at<Op::And>, [](Match& m) { return opposites(m) ? truth(m, false) : Found(); }},
    // x or not x = true, x xor not x = true
    {"or-opposite", at<Op::Or, Op::Xor>, [](Match& m) { return opposites(m) ? truth(m, true) : Found(); }},
    // not not x = x
    {"not-not", at<Op::Not>, [](Match& m) { return m.value(inverted(m, m.operand(0))); }},
    // not (a == b) = a != b
    {"not-equal", at<Op::Not>, [](Match& m) { return invert(m, Op::Eq, Op::Ne, false); }},
    // not (a != b) = a == b
    {"not-unequal", at<Op::Not>, [](Match& m) { return invert(m, Op::Ne, Op::Eq, false); }},
    // not (a < b) = b <= a, of integers
    {"not-less", at<Op::Not>, [](Match& m) { return invert(m, Op::Lt, Op::Ge, true); }},
    // not (a <= b) = b < a, of integers
    {"not-less-or-equal", at<Op::Not>, [](Match& m) { return invert(m, Op::Le, Op::Gt, true); }},
    // a > b = b < a
    {"greater", at<Op::Gt>,
     [](Match& m) {
       return m.op(Op::Lt, {m.operand(1), m.operand(0)});
     }},
    // a >= b = b <= a
    {"greater-or-equal", at<Op::Ge>,
     [](Match& m) {
       return m.op(Op::Le, {m.operand(1), m.operand(0)});
     }},
    // x == x and x <= x, but for floats
    {"equal-same", at<Op::Eq, Op::Le>,
     [](Match& m) { return same(m) && !m.on_floats() ? truth(m, true) : Found(); }},
    // not x != x, but for floats
    {"unequal-same", at<Op::Ne>,
     [](Match& m) { return same(m) && !m.on_floats() ? truth(m, false) : Found(); }},
    // not x < x
    {"less-same", at<Op::Lt>, [](Match& m) { return same(m) ? truth(m, false) : Found(); }},
    // (x as number) == 1 = x; (x as number) != 0 = x, for a bool x
    {"truth-of-number", at<Op::Eq, Op::Ne>,
     [](Match& m) {
       const Found number = m.beside(m.node().op == ops::scalar_id(Op::Eq) ? 1 : 0);
       return number ? m.value(from_bool(m, *number)) : Found();
     }},
    // (x as number) == 0 = not x; (x as number) != 1 = not x, for a bool x
    {"falsehood-of-number", at<Op::Eq, Op::Ne>,
     [](Match& m) {
       const Found number = m.beside(m.node().op == ops::scalar_id(Op::Eq) ? 0 : 1);
       const Found x = number ? from_bool(m, *number) : Found();
       return x ? m.op(Op::Not, {*x}) : Found();
     }},
};

}  // namespace

std::span<const Rule> logic() { return kRules; }

}  // namespace monograph::passes::rules
