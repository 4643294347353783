// Columns that are the same everywhere, or that only rename what is there.
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using Op = ScalarOp;
using Found = Match::Found;

/// The scalar that `v` repeats.
Found repeated(const Match& m, ValueId v) {
  const auto in = m.operands_of(v, OpId::Broadcast);
  return in.empty() ? Found() : in[0];
}

constexpr Rule kRules[] = {
    // f(broadcast(s), x) = f(s, x) for a column x; f(broadcast(s), t) = broadcast(f(s, t)) for scalars
    {"broadcast-operand", [](OpId op) { return ops::is_scalar(op); },
     [](Match& m) {
       std::vector<ValueId> operands = m.node().operands;
       bool changed = false;
       for (ValueId& v : operands)
         if (const Found s = repeated(m, v)) v = *s, changed = true;
       return changed ? m.op(m.node().op, std::move(operands), m.node().attrs) : Found();
     }},
    // broadcast(s) over nothing but itself = s
    {"broadcast-scalar", at<OpId::Broadcast>,
     [](Match& m) {
       return m.type(m.operand(0)) == m.node().results[0] ? Found(m.operand(0)) : std::nullopt;
     }},
    // the element type of `over` does not count: it is written as that of the result
    {"broadcast-type", at<OpId::Broadcast>,
     [](Match& m) {
       const Type& type = m.node().results[0];
       return m.node().attrs[0] == ops::Attr(type) ? Found() : m.op(OpId::Broadcast, {m.operand(0)}, {type});
     }},
    // gather(broadcast(s)) = broadcast(s) over the edges
    {"gather-broadcast", at<OpId::GatherSrc, OpId::GatherDst>,
     [](Match& m) { return m.value(repeated(m, m.operand(0))); }},
    // the ends of edges, gathered: gather_src(node_index) = edge_src, gather_dst(node_index) = edge_dst
    {"gather-index", at<OpId::GatherSrc, OpId::GatherDst>,
     [](Match& m) {
       if (!m.computes(m.operand(0), OpId::NodeIndex)) return Found();
       return m.op(m.node().op == OpId::GatherSrc ? OpId::EdgeSrc : OpId::EdgeDst, {});
     }},
    // take(x, node_index) = x: no index is out of range
    {"take-own", at<OpId::Take>,
     [](Match& m) { return m.computes(m.operand(1), OpId::NodeIndex) ? m.value(m.operand(0)) : Found(); }},
    // the reduction of a scalar is the scalar, in the type of the result
    {"reduce-scalar", at<OpId::Reduce>,
     [](Match& m) {
       if (m.type(m.operand(0)).domain != Domain::Scalar) return Found();
       return m.op(Op::Cast, {m.operand(0)}, {m.node().results[0]});
     }},
};

}  // namespace

std::span<const Rule> columns() { return kRules; }

}  // namespace monograph::passes::rules
