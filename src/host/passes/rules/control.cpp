// Branches and loops, after what is inside has been simplified.
#include <algorithm>

#include "host/passes/rebuild.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes::rules {
namespace {

using ir::Node;
using ir::Region;
using ir::RegionIndex;

/// The nodes of `region`, which loses its owner, as nodes of `home`, where its arguments are `args`; its
/// results.
std::vector<ValueId> inline_region(Rewriter& rewriter, RegionIndex home, RegionIndex region,
                                   const std::vector<ValueId>& args) {
  const Region body = rewriter.out().region(region);
  std::vector<std::vector<ValueId>> values(body.nodes.size());
  const auto moved = [&](ValueId v) {
    return v.is_none() ? v : v.is_argument() ? args[v.result] : values[v.node][v.result];
  };
  for (std::size_t i = 0; i < body.nodes.size(); ++i) {
    Node n = body.nodes[i];
    for (ValueId& v : n.operands) v = moved(v);
    const std::size_t results = n.results.size();
    values[i] = n.regions.empty() ? values_from(rewriter.emit(home, std::move(n)), results)
                                  : emit_control(rewriter, home, std::move(n));
  }
  std::vector<ValueId> results;
  for (ValueId v : body.results) results.push_back(moved(v));
  return results;
}

/// What a side of a branch yields as result i, as a value of `home`, if it computes nothing for it.
Match::Found handed_on(Rewriter& rewriter, RegionIndex home, const Node& n, std::size_t side, std::size_t i) {
  const Region& r = rewriter.out().region(n.regions[side]);
  const ValueId v = r.results[i];
  if (v.is_argument()) return n.operands[v.result + ops::def(n.op).argument_offset];
  const Constant* c = ir::constant_of(r, v);
  return c ? Match::Found(rewriter.out().constant(home, Constant(*c), n.where)) : std::nullopt;
}

/// Result i of a branch without the branch: what both sides hand on alike, or a scalar chosen between two.
Match::Found chosen(Rewriter& rewriter, RegionIndex home, const Node& n, std::size_t i) {
  const Match::Found a = handed_on(rewriter, home, n, 0, i), b = handed_on(rewriter, home, n, 1, i);
  if (!a || !b || a == b) return a && b ? a : std::nullopt;
  if (n.results[i].domain != Domain::Scalar) return std::nullopt;
  return rewriter.emit(home, Node{.op = ops::scalar_id(ScalarOp::Where),
                                  .operands = {n.operands[0], *a, *b},
                                  .attrs = {},
                                  .regions = {},
                                  .results = {},
                                  .where = n.where});
}

/// if true: the first side, if false: the second; results that no side computes need no branch.
std::vector<ValueId> emit_branch(Rewriter& rewriter, RegionIndex home, Node n) {
  if (const Constant* c = ir::constant_of(rewriter.out().region(home), n.operands[0]))
    return inline_region(rewriter, home, n.regions[c->as<bool>() ? 0 : 1],
                         {n.operands.begin() + ops::def(n.op).argument_offset, n.operands.end()});
  std::vector<Match::Found> known;
  for (std::size_t i = 0; i < n.results.size(); ++i) known.push_back(chosen(rewriter, home, n, i));
  for (RegionIndex r : n.regions) {
    std::vector<ValueId> rest;
    for (std::size_t i = 0; i < known.size(); ++i)
      if (!known[i]) rest.push_back(rewriter.out().region(r).results[i]);
    rewriter.out().set_results(r, std::move(rest));
  }
  ValueId next = rewriter.out().emit(home, std::move(n));
  std::vector<ValueId> values;
  for (const Match::Found& v : known) {
    values.push_back(v ? *v : next);
    if (!v) ++next.result;
  }
  return values;
}

/// The arguments of a loop's body, by their old numbers, in the order in which they are to come: the
/// iteration, the carried values that change, the captures, the carried values that the body yields as they
/// came.
struct LoopOrder {
  std::vector<std::uint32_t> order;
  std::uint32_t carried = 0;  ///< how many still are
};
LoopOrder captures_last(const Region& body, std::uint32_t carried) {
  LoopOrder result{.order = {0}};
  std::vector<std::uint32_t> unchanged;
  for (std::uint32_t a = 1; a < body.args.size(); ++a) {
    if (a <= carried && body.results[a] == ValueId::argument(a)) {
      unchanged.push_back(a);
      continue;
    }
    result.order.push_back(a);
    if (a <= carried) ++result.carried;
  }
  result.order.insert(result.order.end(), unchanged.begin(), unchanged.end());
  return result;
}

/// A carried value that the body yields as it came is a capture.
std::vector<ValueId> emit_loop(Rewriter& rewriter, RegionIndex home, Node n) {
  Region& body = rewriter.out().region(n.regions[0]);
  const auto carried = static_cast<std::uint32_t>(std::get<std::int64_t>(n.attrs[0]));
  const LoopOrder to = captures_last(body, carried);
  const std::size_t offset = ops::def(n.op).argument_offset;
  const Region before = body;
  const std::vector<ValueId> operands = n.operands;
  std::vector<std::uint32_t> number(to.order.size());
  body.results.resize(1);
  for (std::uint32_t i = 0; i < to.order.size(); ++i) {
    const std::uint32_t a = to.order[i];
    number[a] = i;
    body.args[i] = before.args[a];
    if (i > 0) n.operands[i + offset] = operands[a + offset];
    if (i > 0 && i <= to.carried) body.results.push_back(before.results[a]);
  }
  for_each_argument(body, [&](ValueId& v) { v.result = number[v.result]; });
  n.attrs[0] = std::int64_t{to.carried};
  const ValueId first = rewriter.out().emit(home, std::move(n));
  std::vector<ValueId> values;
  for (std::uint32_t a = 1; a <= carried; ++a)
    values.push_back(number[a] <= to.carried ? ValueId{first.node, number[a] - 1} : operands[a + offset]);
  values.push_back({first.node, to.carried});      // iterations
  values.push_back({first.node, to.carried + 1});  // finished
  return values;
}

}  // namespace

std::vector<ValueId> emit_control(Rewriter& rewriter, RegionIndex r, Node node) {
  if (node.op == OpId::If) return emit_branch(rewriter, r, std::move(node));
  if (node.op == OpId::While) return emit_loop(rewriter, r, std::move(node));
  // a group is no more than its operations: what belongs together is decided anew
  if (node.op == OpId::Fused) return inline_region(rewriter, r, node.regions[0], node.operands);
  const std::size_t results = node.results.size();
  return values_from(rewriter.out().emit(r, std::move(node)), results);
}

}  // namespace monograph::passes::rules
