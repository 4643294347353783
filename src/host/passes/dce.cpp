#include <algorithm>

#include "host/ir/builder.h"
#include "host/passes/passes.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Program;
using ir::RegionIndex;
using ir::ValueId;

/// Does running the node do anything besides yielding its results? A loop inside of no other loop reports its
/// course.
bool has_effect(const Program& p, bool in_loop, const Node& n) {
  const ops::Effect effect = ops::def(n.op).effect;
  if (effect == ops::Effect::Check || effect == ops::Effect::Write) return true;
  const bool loops = effect == ops::Effect::Report;
  if (loops && !in_loop) return true;
  return std::any_of(n.regions.begin(), n.regions.end(), [&](RegionIndex r) {
    const auto& inside = p.regions[r].nodes;
    return std::any_of(inside.begin(), inside.end(),
                       [&](const Node& inner) { return has_effect(p, in_loop || loops, inner); });
  });
}

std::vector<bool> live_nodes(const Program& p, const ir::Region& r, bool in_loop) {
  std::vector<bool> live(r.nodes.size(), false);
  const auto mark = [&](ValueId v) {
    if (!v.is_none() && !v.is_argument()) live[v.node] = true;
  };
  std::for_each(r.results.begin(), r.results.end(), mark);
  for (std::size_t i = r.nodes.size(); i-- > 0;) {
    if (!live[i] && !has_effect(p, in_loop, r.nodes[i])) continue;
    live[i] = true;
    std::for_each(r.nodes[i].operands.begin(), r.nodes[i].operands.end(), mark);
  }
  return live;
}

/// Drops the captures of a node with regions that none of them uses. A loop's iteration and carried values
/// stay.
void drop_unused_captures(ir::Builder& out, Node& n) {
  const std::size_t kept =
      n.op == ir::OpId::While ? 1 + static_cast<std::size_t>(std::get<std::int64_t>(n.attrs[0])) : 0;
  std::vector<bool> used(out.region(n.regions[0]).args.size(), false);
  std::fill_n(used.begin(), kept, true);
  std::vector<std::uint32_t> number(used.size());
  const auto visit_arguments = [&](const auto& f) {
    for (RegionIndex r : n.regions) {
      const auto visit = [&](ValueId& v) {
        if (v.is_argument()) f(v);
      };
      for (Node& inner : out.region(r).nodes)
        std::for_each(inner.operands.begin(), inner.operands.end(), visit);
      std::for_each(out.region(r).results.begin(), out.region(r).results.end(), visit);
    }
  };
  visit_arguments([&](ValueId v) { used[v.result] = true; });
  std::vector<Type> args;
  const std::size_t offset = ops::def(n.op).argument_offset;
  std::vector<ValueId> operands(n.operands.begin(), n.operands.begin() + static_cast<std::ptrdiff_t>(offset));
  for (std::size_t a = 0; a < used.size(); ++a) {
    number[a] = static_cast<std::uint32_t>(args.size());
    if (!used[a]) continue;
    args.push_back(out.region(n.regions[0]).args[a]);
    operands.push_back(n.operands[a + offset]);
  }
  visit_arguments([&](ValueId& v) { v.result = number[v.result]; });
  for (RegionIndex r : n.regions) out.region(r).args = args;
  n.operands = std::move(operands);
}

void copy_live(const Program& p, RegionIndex source, bool in_loop, ir::Builder& out, RegionIndex target) {
  const ir::Region& r = p.regions[source];
  const std::vector<bool> live = live_nodes(p, r, in_loop);
  std::vector<ValueId> first(r.nodes.size());
  const auto moved = [&](ValueId v) {
    return v.is_none() || v.is_argument() ? v : ValueId{first[v.node].node, v.result};
  };
  for (std::size_t i = 0; i < r.nodes.size(); ++i) {
    if (!live[i]) continue;
    Node n = r.nodes[i];
    for (ValueId& v : n.operands) v = moved(v);
    for (RegionIndex& child : n.regions) {
      const RegionIndex copy = out.add_region(p.regions[child].args);
      copy_live(p, child, in_loop || ops::def(n.op).effect == ops::Effect::Report, out, copy);
      child = copy;
    }
    if (!n.regions.empty()) drop_unused_captures(out, n);
    first[i] = out.emit(target, std::move(n));
  }
  std::vector<ValueId> results;
  for (ValueId v : r.results) results.push_back(moved(v));
  out.set_results(target, std::move(results));
}

}  // namespace

ir::Program dce(const ir::Program& program) {
  ir::Program before, after = program;
  do {  // what only fed a dropped capture is dead in the next round
    before = std::move(after);
    ir::Builder out(before.name);
    copy_live(before, 0, false, out, 0);
    after = out.finish();
  } while (after != before);
  return after;
}

}  // namespace monograph::passes
