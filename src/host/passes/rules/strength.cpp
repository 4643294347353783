// Cheaper operations that give the same bits.
#include <bit>
#include <cmath>

#include "host/ops/dispatch.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// 1 / c where that is exact and neither is subnormal: c is a power of two.
template <class T>
std::optional<Constant> exact_reciprocal(T c) {
  int exponent = 0;
  if (!std::isnormal(c) || std::abs(std::frexp(c, &exponent)) != T(0.5)) return std::nullopt;
  const T reciprocal = T(1) / c;
  return std::isnormal(reciprocal) ? std::optional(Constant::of(reciprocal)) : std::nullopt;
}

/// k where the constant is the integer 2^k. With `wrapped`, of its bits read without a sign.
std::optional<int> power_of_two(const std::optional<Constant>& c, bool wrapped) {
  if (!c || !std::has_single_bit(c->bits)) return std::nullopt;
  const int k = std::countr_zero(c->bits);
  const bool sign = k == 8 * size_of(c->type) - 1;
  return sign && !wrapped ? std::nullopt : std::optional(k);
}

Found shifted(Match& m, Op op, ValueId x, int k) {
  return m.op(op, {x, m.scalar(number_of(m.element(), k))});
}

constexpr Rule kRules[] = {
    // x / 2^k = x * 2^-k: both round the same real number once
    {"divide-by-power-of-two", at<Op::Div>,
     [](Match& m) {
       const auto c = m.constant(m.operand(1));
       if (!c || !m.on_floats()) return Found();
       const auto reciprocal =
           c->type == ScalarType::F32 ? exact_reciprocal(c->as<float>()) : exact_reciprocal(c->as<double>());
       return reciprocal ? m.op(Op::Mul, {m.operand(0), m.scalar(*reciprocal)}) : Found();
     }},
    // x * 2^k = x << k, of integers: both wrap
    {"multiply-by-power-of-two", at<Op::Mul>,
     [](Match& m) {
       if (!m.on_integers()) return Found();
       return m.either_way([&](ValueId x, ValueId c) {
         const auto k = power_of_two(m.constant(c), true);
         return k ? shifted(m, Op::Shl, x, *k) : Found();
       });
     }},
    // x idiv 2^k = x >> k: both round down
    {"idiv-by-power-of-two", at<Op::Idiv>,
     [](Match& m) {
       const auto k = power_of_two(m.constant(m.operand(1)), false);
       return k ? shifted(m, Op::Shr, m.operand(0), *k) : Found();
     }},
    // x mod 2^k = x & (2^k - 1), of integers: mod is floored
    {"mod-power-of-two", at<Op::Mod>,
     [](Match& m) {
       const auto c = m.constant(m.operand(1));
       if (!m.on_integers() || !power_of_two(c, false)) return Found();
       return m.op(Op::BitAnd, {m.operand(0), m.scalar({c->type, c->bits - 1})});
     }},
};

}  // namespace

std::span<const Rule> strength() { return kRules; }

}  // namespace monograph::passes::rules
