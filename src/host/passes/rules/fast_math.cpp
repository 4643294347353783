// What holds for real numbers but not for every bit of floats: run only where `fast_math` was asked for.
// Given up are the last digits of results, and what NaN, infinities, -0 and overflow or underflow in between
// would give. Integers are left alone.
#include <cmath>

#include "host/ops/dispatch.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// f of two float constants of one type, where that neither overflows nor underflows.
template <class F>
std::optional<Constant> computed(const Constant& a, const Constant& b, F f) {
  const auto of = [&](auto x, auto y) {
    const auto value = f(x, y);
    return std::isnormal(value) || value == 0 ? std::optional(Constant::of(value)) : std::nullopt;
  };
  return a.type == ScalarType::F32 ? of(a.as<float>(), b.as<float>()) : of(a.as<double>(), b.as<double>());
}

/// 1 / c where both are normal.
std::optional<Constant> reciprocal_of(const std::optional<Constant>& c) {
  if (!c) return std::nullopt;
  const auto r = computed(number_of(c->type, 1), *c, [](auto one, auto x) { return one / x; });
  return r && *r != number_of(c->type, 0) && *r != zero_to_add(c->type) ? r : std::nullopt;
}

/// 1 / v, over v's own domain.
ValueId reciprocal(Match& m, ValueId v) {
  return m.make(ops::scalar_id(Op::Div), {m.scalar(number_of(m.type(v).scalar, 1)), v});
}

/// `v` as x + c, if it is one.
struct Shifted {
  ValueId x;
  Constant by;
};
std::optional<Shifted> shifted(const Match& m, ValueId v) {
  if (const auto in = m.operands_of(v, Op::Add); !in.empty())
    for (const auto& [x, c] : {std::pair(in[0], in[1]), std::pair(in[1], in[0])})
      if (const auto by = m.constant(c)) return Shifted{x, *by};
  if (const auto in = m.operands_of(v, Op::Sub); !in.empty())
    if (const auto c = m.constant(in[1]))
      if (const auto by = computed(zero_to_add(c->type), *c, [](auto zero, auto y) { return zero - y; }))
        return Shifted{in[0], *by};
  return std::nullopt;
}

constexpr Rule kRules[] = {
    // x / c = x * (1/c)
    {"divide-by-constant", at<Op::Div>,
     [](Match& m) {
       const auto r = m.on_floats() ? reciprocal_of(m.constant(m.operand(1))) : std::nullopt;
       return r ? m.op(Op::Mul, {m.operand(0), m.scalar(*r)}) : Found();
     }},
    // x / s = x * (1/s) for a column x and a scalar s: one division
    {"divide-by-scalar", at<Op::Div>,
     [](Match& m) {
       const ValueId s = m.operand(1);
       const bool column = m.type(m.operand(0)).domain != Domain::Scalar;
       if (!m.on_floats() || !column || m.type(s).domain != Domain::Scalar || m.constant(s)) return Found();
       return m.op(Op::Mul, {m.operand(0), reciprocal(m, s)});
     }},
    // x / gather(y) = x * gather(1/y): a division per node, not per edge
    {"divide-by-gathered", at<Op::Div>,
     [](Match& m) {
       for (OpId gather : {OpId::GatherSrc, OpId::GatherDst})
         if (const auto y = m.operands_of(m.operand(1), gather); m.on_floats() && !y.empty())
           return m.op(Op::Mul, {m.operand(0), m.make(gather, {reciprocal(m, y[0])})});
       return Found();
     }},
    // (x * a) * b = x * (a * b)
    {"multiply-constants", at<Op::Mul>,
     [](Match& m) {
       if (!m.on_floats()) return Found();
       return m.either_way([&](ValueId product, ValueId second) {
         const auto b = m.constant(second);
         const auto in = m.operands_of(product, Op::Mul);
         if (!b || in.empty()) return Found();
         for (const auto& [x, first] : {std::pair(in[0], in[1]), std::pair(in[1], in[0])})
           if (const auto a = m.constant(first))
             if (const auto c = computed(*a, *b, [](auto p, auto q) { return p * q; }))
               return m.op(Op::Mul, {x, m.scalar(*c)});
         return Found();
       });
     }},
    // (x + a) + b = x + (a + b), and with - in place of either +
    {"add-constants", at<Op::Add, Op::Sub>,
     [](Match& m) {
       if (!m.on_floats()) return Found();
       const bool adds = m.node().op == ops::scalar_id(Op::Add);
       const auto join = [&](ValueId inner, ValueId outer) {
         const auto a = shifted(m, inner);
         const auto b = m.constant(outer);
         if (!a || !b) return Found();
         const auto c = computed(a->by, *b, [&](auto p, auto q) { return adds ? p + q : p - q; });
         return c ? m.op(Op::Add, {a->x, m.scalar(*c)}) : Found();
       };
       return adds ? m.either_way(join) : join(m.operand(0), m.operand(1));
     }},
    // x - x = 0
    {"subtract-itself", at<Op::Sub>,
     [](Match& m) { return m.on_floats() && m.operand(0) == m.operand(1) ? m.number(0) : Found(); }},
    // x / x = 1
    {"divide-by-itself", at<Op::Div>,
     [](Match& m) { return m.on_floats() && m.operand(0) == m.operand(1) ? m.number(1) : Found(); }},
    // x * 0 = 0
    {"multiply-by-zero", at<Op::Mul>,
     [](Match& m) { return m.on_floats() && m.beside(0) ? m.number(0) : Found(); }},
    // 0 / x = 0
    {"divide-zero", at<Op::Div>,
     [](Match& m) { return m.on_floats() && m.is(m.operand(0), 0) ? m.number(0) : Found(); }},
    // x^2 = x * x, x^3 = x * x * x, x^(1/2) = sqrt(x), x^-1 = 1 / x
    {"power-by-constant", at<Op::Pow>,
     [](Match& m) {
       const ValueId x = m.operand(0), e = m.operand(1);
       if (!m.on_floats()) return Found();
       if (m.is(e, 1)) return m.value(x);
       if (m.is(e, 2)) return m.op(Op::Mul, {x, x});
       if (m.is(e, 3)) return m.op(Op::Mul, {m.make(ops::scalar_id(Op::Mul), {x, x}), x});
       if (m.is(e, -1)) return m.value(reciprocal(m, x));
       const auto two = number_of(m.element(), 2), one = number_of(m.element(), 1);
       if (m.constant(e) == computed(one, two, [](auto p, auto q) { return p / q; }))
         return m.op(Op::Sqrt, {x});
       return Found();
     }},
};

}  // namespace

std::span<const Rule> fast_math() { return kRules; }

}  // namespace monograph::passes::rules
