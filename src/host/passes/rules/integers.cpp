// Integers wrap, so their algebra is that of a ring: sums and products may be reordered, x - x is 0.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// Associative without rounding: every row so marked, but float sums and products.
bool reorders(const Match& m) {
  const Op op = ops::scalar_op(m.node().op);
  return (ops::info(op).traits & ops::Associative) && (!m.on_floats() || op == Op::Min || op == Op::Max);
}

/// c op d, of type `t`.
Constant folded(Op op, ScalarType t, Constant c, Constant d = {}) {
  Constant result{t, 0};
  const ops::ScalarOperand operands[] = {{&c.bits, 0}, {&d.bits, 0}};
  ops::evaluate_scalar(op, t, t, operands, &result.bits, 1);
  return result;
}

/// The count of a shift by a constant, within the width.
std::optional<std::uint64_t> shift_count(const Match& m) {
  const auto c = m.constant(m.operand(1));
  if (!c) return std::nullopt;
  return c->bits & (8 * static_cast<std::uint64_t>(size_of(c->type)) - 1);
}

Constant highest(ScalarType t) { return ops::identity(ops::MonoidKind::Min, t); }
Constant lowest(ScalarType t) { return ops::identity(ops::MonoidKind::Max, t); }

constexpr Rule kRules[] = {
    // (x op c) op d = x op (c op d)
    {"constants-together",
     [](OpId op) { return ops::is_scalar(op) && ops::info(ops::scalar_op(op)).arity == 2; },
     [](Match& m) {
       if (!reorders(m)) return Found();
       return m.either_way([&](ValueId inner, ValueId d) {
         const auto in = m.operands_of(inner, m.node().op);
         const auto right = m.constant(d);
         if (in.empty() || !right) return Found();
         const bool second = m.constant(in[1]).has_value();
         const auto left = m.constant(in[second ? 1 : 0]);
         if (!left) return Found();
         const Op op = ops::scalar_op(m.node().op);
         return m.op(op, {in[second ? 0 : 1], m.scalar(folded(op, m.element(), *left, *right))});
       });
     }},
    // x - c = x + (-c)
    {"subtract-constant", at<Op::Sub>,
     [](Match& m) {
       const auto c = m.constant(m.operand(1));
       if (!m.on_integers() || !c) return Found();
       return m.op(Op::Add, {m.operand(0), m.scalar(folded(Op::Neg, c->type, *c))});
     }},
    // x - x = 0, x ^ x = 0
    {"cancel", at<Op::Sub, Op::BitXor>,
     [](Match& m) { return m.on_integers() && m.operand(0) == m.operand(1) ? m.number(0) : Found(); }},
    // x * 0 = 0, x & 0 = 0
    {"absorb-zero", at<Op::Mul, Op::BitAnd>,
     [](Match& m) { return m.on_integers() && m.beside(0) ? m.number(0) : Found(); }},
    // x & -1 = x
    {"mask-nothing", at<Op::BitAnd>, [](Match& m) { return m.value(m.beside(-1)); }},
    // x | 0 = x, x ^ 0 = x
    {"set-nothing", at<Op::BitOr, Op::BitXor>, [](Match& m) { return m.value(m.beside(0)); }},
    // x | -1 = -1
    {"set-everything", at<Op::BitOr>, [](Match& m) { return m.beside(-1) ? m.number(-1) : Found(); }},
    // x << 0 = x, x >> 0 = x
    {"shift-by-zero", at<Op::Shl, Op::Shr>,
     [](Match& m) { return shift_count(m) == 0u ? m.value(m.operand(0)) : Found(); }},
    // x idiv 1 = x
    {"idiv-by-one", at<Op::Idiv>,
     [](Match& m) { return m.is(m.operand(1), 1) ? m.value(m.operand(0)) : Found(); }},
    // x idiv -1 = -x
    {"idiv-by-minus-one", at<Op::Idiv>,
     [](Match& m) { return m.is(m.operand(1), -1) ? m.op(Op::Neg, {m.operand(0)}) : Found(); }},
    // x idiv 0 = 0, x mod 0 = 0
    {"idiv-by-zero", at<Op::Idiv, Op::Mod>,
     [](Match& m) { return m.on_integers() && m.is(m.operand(1), 0) ? m.number(0) : Found(); }},
    // x mod 1 = 0, x mod -1 = 0
    {"mod-one", at<Op::Mod>,
     [](Match& m) {
       const bool one = m.is(m.operand(1), 1) || m.is(m.operand(1), -1);
       return m.on_integers() && one ? m.number(0) : Found();
     }},
    // min(x, MIN) = MIN, max(x, MAX) = MAX
    {"absorb-limit", at<Op::Min, Op::Max>,
     [](Match& m) {
       if (!m.on_integers()) return Found();
       const Constant limit =
           m.node().op == ops::scalar_id(Op::Min) ? lowest(m.element()) : highest(m.element());
       return m.beside(limit) ? m.constant_value(limit) : Found();
     }},
};

}  // namespace

std::span<const Rule> integers() { return kRules; }

}  // namespace monograph::passes::rules
