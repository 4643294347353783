// Neutral elements, signs, repeated operations: for floats only what keeps NaN, infinities and the sign of
// zero.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

bool has_trait(OpId op, ops::Trait trait, int arity) {
  if (!ops::is_scalar(op)) return false;
  const ops::ScalarInfo& row = ops::info(ops::scalar_op(op));
  return row.arity == arity && (row.traits & trait);
}

/// The operand of v if v negates it.
Found negated(const Match& m, ValueId v) {
  const auto in = m.operands_of(v, Op::Neg);
  return in.empty() ? Found() : in[0];
}

bool is_rounded(const Match& m, ValueId v) {
  for (Op op : {Op::Floor, Op::Ceil, Op::Round, Op::Trunc})
    if (!m.operands_of(v, op).empty()) return true;
  return false;
}

constexpr Rule kRules[] = {
    // x + 0 = x; of floats x + -0.0 = x
    {"add-zero", at<Op::Add>, [](Match& m) { return m.value(m.beside(zero_to_add(m.element()))); }},
    // x - 0 = x
    {"subtract-zero", at<Op::Sub>,
     [](Match& m) { return m.is(m.operand(1), 0) ? m.value(m.operand(0)) : Found(); }},
    // 0 - x = -x; of floats -0.0 - x = -x
    {"subtract-from-zero", at<Op::Sub>,
     [](Match& m) {
       return m.is(m.operand(0), zero_to_add(m.element())) ? m.op(Op::Neg, {m.operand(1)}) : Found();
     }},
    // x + (-y) = x - y
    {"add-negated", at<Op::Add>,
     [](Match& m) {
       return m.either_way([&](ValueId x, ValueId y) {
         const Found positive = negated(m, y);
         return positive ? m.op(Op::Sub, {x, *positive}) : Found();
       });
     }},
    // x - (-y) = x + y
    {"subtract-negated", at<Op::Sub>,
     [](Match& m) {
       const Found y = negated(m, m.operand(1));
       return y ? m.op(Op::Add, {m.operand(0), *y}) : Found();
     }},
    // x * 1 = x
    {"multiply-by-one", at<Op::Mul>, [](Match& m) { return m.value(m.beside(1)); }},
    // x * -1 = -x
    {"multiply-by-minus-one", at<Op::Mul>,
     [](Match& m) {
       const Found x = m.beside(-1);
       return x ? m.op(Op::Neg, {*x}) : Found();
     }},
    // (-x) * (-y) = x * y, (-x) / (-y) = x / y
    {"signs-cancel", at<Op::Mul, Op::Div>,
     [](Match& m) {
       const Found x = negated(m, m.operand(0)), y = negated(m, m.operand(1));
       // integers: -MIN is MIN, and its quotients would change sign
       if (!x || !y || (m.node().op != ops::scalar_id(Op::Mul) && !m.on_floats())) return Found();
       return m.op(ops::scalar_op(m.node().op), {*x, *y});
     }},
    // x / 1 = x, as f64 if x is an integer
    {"divide-by-one", at<Op::Div>,
     [](Match& m) {
       if (!m.is(m.operand(1), 1)) return Found();
       return m.on_floats() ? m.value(m.operand(0))
                            : m.op(Op::Cast, {m.operand(0)}, {scalar_of(ScalarType::F64)});
     }},
    // x / -1 = -x
    {"divide-by-minus-one", at<Op::Div>,
     [](Match& m) {
       return m.on_floats() && m.is(m.operand(1), -1) ? m.op(Op::Neg, {m.operand(0)}) : Found();
     }},
    // -(-x) = x
    {"negate-negated", at<Op::Neg>, [](Match& m) { return m.value(negated(m, m.operand(0))); }},
    // |-x| = |x|
    {"absolute-of-negated", at<Op::Abs>,
     [](Match& m) {
       const Found x = negated(m, m.operand(0));
       return x ? m.op(Op::Abs, {*x}) : Found();
     }},
    // f(f(x)) = f(x)
    {"idempotent-twice", [](OpId op) { return has_trait(op, ops::Idempotent, 1); },
     [](Match& m) {
       return m.operands_of(m.operand(0), m.node().op).empty() ? Found() : m.value(m.operand(0));
     }},
    // floor, ceil, round, trunc of a rounded value change nothing
    {"round-rounded", at<Op::Floor, Op::Ceil, Op::Round, Op::Trunc>,
     [](Match& m) { return is_rounded(m, m.operand(0)) ? m.value(m.operand(0)) : Found(); }},
    // x op x = x
    {"idempotent-same", [](OpId op) { return has_trait(op, ops::Idempotent, 2); },
     [](Match& m) { return m.operand(0) == m.operand(1) ? m.value(m.operand(0)) : Found(); }},
    // fma(x, 1, y) = x + y
    {"fma-by-one", at<Op::Fma>,
     [](Match& m) {
       const Found x = m.beside(1);
       return x ? m.op(Op::Add, {*x, m.operand(2)}) : Found();
     }},
    // fma(x, y, -0.0) = x * y
    {"fma-plus-zero", at<Op::Fma>,
     [](Match& m) {
       return m.is(m.operand(2), zero_to_add(m.element())) ? m.op(Op::Mul, {m.operand(0), m.operand(1)})
                                                           : Found();
     }},
    // safe_div(x, 0, y) = y; safe_div(x, c, y) = x / c for any other constant c
    {"safe-division-by-constant", at<Op::SafeDiv>,
     [](Match& m) {
       const auto c = m.constant(m.operand(1));
       if (!c) return Found();
       const bool zero = *c == number_of(c->type, 0) || *c == zero_to_add(c->type);
       return zero ? m.value(m.operand(2)) : m.op(Op::Div, {m.operand(0), m.operand(1)});
     }},
};

}  // namespace

std::span<const Rule> identities() { return kRules; }

}  // namespace monograph::passes::rules
