// where, min, max and clip: which operand it is.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// What min and max leave alone: the greatest value there is, and the least.
Constant highest(ScalarType t) { return ops::identity(ops::MonoidKind::Min, t); }
Constant lowest(ScalarType t) { return ops::identity(ops::MonoidKind::Max, t); }

constexpr Rule kRules[] = {
    // where(true, x, y) = x, where(false, x, y) = y
    {"where-constant", at<Op::Where>,
     [](Match& m) {
       const auto c = m.constant(m.operand(0));
       return c ? m.value(m.operand(c->as<bool>() ? 1 : 2)) : Found();
     }},
    // where(c, x, x) = x
    {"where-same", at<Op::Where>,
     [](Match& m) { return m.operand(1) == m.operand(2) ? m.value(m.operand(1)) : Found(); }},
    // where(not c, x, y) = where(c, y, x)
    {"where-not", at<Op::Where>,
     [](Match& m) {
       const auto in = m.operands_of(m.operand(0), Op::Not);
       return in.empty() ? Found() : m.op(Op::Where, {in[0], m.operand(2), m.operand(1)});
     }},
    // where(c, where(c, x, y), z) = where(c, x, z)
    {"where-in-first", at<Op::Where>,
     [](Match& m) {
       const auto in = m.operands_of(m.operand(1), Op::Where);
       if (in.empty() || in[0] != m.operand(0)) return Found();
       return m.op(Op::Where, {in[0], in[1], m.operand(2)});
     }},
    // where(c, x, where(c, y, z)) = where(c, x, z)
    {"where-in-second", at<Op::Where>,
     [](Match& m) {
       const auto in = m.operands_of(m.operand(2), Op::Where);
       if (in.empty() || in[0] != m.operand(0)) return Found();
       return m.op(Op::Where, {in[0], m.operand(1), in[2]});
     }},
    // where(c, true, y) = c or y; so where(c, true, false) = c
    {"where-true-else", at<Op::Where>,
     [](Match& m) {
       if (m.element() != ScalarType::Bool || !m.is(m.operand(1), 1)) return Found();
       return m.op(Op::Or, {m.operand(0), m.operand(2)});
     }},
    // where(c, x, false) = c and x
    {"where-else-false", at<Op::Where>,
     [](Match& m) {
       if (m.element() != ScalarType::Bool || !m.is(m.operand(2), 0)) return Found();
       return m.op(Op::And, {m.operand(0), m.operand(1)});
     }},
    // where(c, false, true) = not c
    {"where-inverted", at<Op::Where>,
     [](Match& m) {
       const bool inverts = m.element() == ScalarType::Bool && m.is(m.operand(1), 0) && m.is(m.operand(2), 1);
       return inverts ? m.op(Op::Not, {m.operand(0)}) : Found();
     }},
    // min(x, greatest) = x
    {"min-greatest", at<Op::Min>, [](Match& m) { return m.value(m.beside(highest(m.element()))); }},
    // max(x, least) = x
    {"max-least", at<Op::Max>, [](Match& m) { return m.value(m.beside(lowest(m.element()))); }},
    // clip(x, least, c) = min(x, c)
    {"clip-above-only", at<Op::Clip>,
     [](Match& m) {
       if (!m.is(m.operand(1), lowest(m.element()))) return Found();
       return m.op(Op::Min, {m.operand(0), m.operand(2)});
     }},
    // clip(x, b, greatest) = max(x, b)
    {"clip-below-only", at<Op::Clip>,
     [](Match& m) {
       if (!m.is(m.operand(2), highest(m.element()))) return Found();
       return m.op(Op::Max, {m.operand(0), m.operand(1)});
     }},
    // clip(clip(x, b, c), b, c) = clip(x, b, c)
    {"clip-clipped", at<Op::Clip>,
     [](Match& m) {
       const auto in = m.operands_of(m.operand(0), Op::Clip);
       if (in.empty() || in[1] != m.operand(1) || in[2] != m.operand(2)) return Found();
       return m.value(m.operand(0));
     }},
};

}  // namespace

std::span<const Rule> selections() { return kRules; }

}  // namespace monograph::passes::rules
