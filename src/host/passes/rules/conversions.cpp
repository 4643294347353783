// Conversions that change nothing, and those whose detour changes nothing.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// Is every value of `from` a value of `to`?
constexpr bool holds_all(ScalarType to, ScalarType from) {
  switch (from) {
    case ScalarType::Bool:
      return true;
    case ScalarType::I32:
      return to == ScalarType::I64 || to == ScalarType::F64;
    case ScalarType::F32:
      return to == ScalarType::F64;
    default:
      return false;
  }
}

constexpr Rule kRules[] = {
    // x as its own type = x
    {"cast-same", at<Op::Cast>,
     [](Match& m) {
       return m.type(m.operand(0)).scalar == m.node().results[0].scalar ? m.value(m.operand(0)) : Found();
     }},
    // (x as B) as C = x as C, where B holds every value of x's type
    {"cast-detour", at<Op::Cast>,
     [](Match& m) {
       const auto in = m.operands_of(m.operand(0), Op::Cast);
       if (in.empty() || !holds_all(m.element(), m.type(in[0]).scalar)) return Found();
       return m.op(Op::Cast, {in[0]}, m.node().attrs);
     }},
};

}  // namespace

std::span<const Rule> conversions() { return kRules; }

}  // namespace monograph::passes::rules
