// Memory. A slot is free again after the wave of the last use of its value; what lives across the back edge
// of a loop (carried values, captures) keeps its slot for the whole loop.
#include <monograph/error.h>

#include <algorithm>
#include <map>
#include <set>

#include "host/passes/grouping.h"
#include "host/plan/moves.h"
#include "host/plan/plan.h"
#include "host/plan/schedule.h"

namespace monograph::plan {
namespace {

using ir::Node;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;
using ops::OpId;

class Build {
 public:
  explicit Build(ir::Program program) { plan_.program = std::move(program); }

  Plan run() {
    block(0, {}, {});
    return std::move(plan_);
  }

 private:
  /// A block while it is made.
  struct Scope {
    RegionIndex region = 0;
    std::map<ValueId, SlotId> slots;
    std::vector<Wave> waves;
    std::size_t wave = 0;                     // the one being made
    std::map<ValueId, std::size_t> last_use;  // wave; results: one past the last
    std::set<SlotId> dead;                    // free after this wave
    std::set<SlotId> owned;                   // buffers that this block may reuse
    std::set<SlotId> graph_only;              // slots whose value depends on the graph alone
  };

  const Region& region(const Scope& s) const { return plan_.program.regions[s.region]; }

  // ---- slots
  SlotId add_slot(Slot s) {
    plan_.slots.push_back(s);
    return static_cast<SlotId>(plan_.slots.size() - 1);
  }
  SlotId fresh(const Type& t) {
    auto& free = free_[key(t)];
    if (t.domain == Domain::Scalar || free.empty()) return add_slot({.kind = Slot::Kind::Buffer, .type = t});
    const SlotId s = *free.begin();
    free.erase(free.begin());
    return s;
  }
  void release(SlotId s) {
    const Type& t = plan_.slots[s].type;
    if (plan_.slots[s].kind == Slot::Kind::Buffer && t.domain != Domain::Scalar) free_[key(t)].insert(s);
  }
  static std::string key(const Type& t) { return to_string(t); }
  SlotId slot(const Scope& s, ValueId v) const { return v.is_none() ? kNoSlot : s.slots.at(v); }

  static Slot::Kind static_kind(const Node& n) {
    switch (n.op) {
      case OpId::Constant:
        return Slot::Kind::Constant;
      case OpId::Parameter:
        return Slot::Kind::Parameter;
      case OpId::NodeCount:
        return Slot::Kind::NodeCount;
      case OpId::EdgeCount:
        return Slot::Kind::EdgeCount;
      default:
        return Slot::Kind::Attribute;
    }
  }

  // ---- blocks
  void find_last_uses(Scope& s) const {
    const Region& r = region(s);
    for (std::size_t w = 0; w < s.waves.size(); ++w)
      for (std::uint32_t i : s.waves[w])
        for (ValueId v : r.nodes[i].operands)
          if (!v.is_none()) s.last_use[v] = w;
    for (ValueId v : r.results) s.last_use[v] = s.waves.size();
  }

  /// The steps of a region whose arguments are in `arguments`; of these the block may reuse `owned` when they
  /// are dead.
  BlockIndex block(RegionIndex index, std::vector<SlotId> arguments, std::set<SlotId> owned) {
    const auto at = static_cast<BlockIndex>(plan_.blocks.size());
    plan_.blocks.push_back(
        {.region = index, .arguments = arguments, .results = {}, .steps = {}, .leave = {}});
    Scope s{.region = index,
            .slots = {},
            .waves = schedule(plan_.program, plan_.program.regions[index]),
            .last_use = {},
            .dead = {},
            .owned = std::move(owned),
            .graph_only = {}};
    for (std::uint32_t a = 0; a < arguments.size(); ++a) s.slots[ValueId::argument(a)] = arguments[a];
    find_last_uses(s);
    for (std::uint32_t a = 0; a < arguments.size(); ++a)  // an argument that nothing reads
      if (!s.last_use.contains(ValueId::argument(a)) && s.owned.contains(arguments[a])) release(arguments[a]);
    for (std::uint32_t i = 0; i < region(s).nodes.size(); ++i) add_static(s, i);
    std::vector<Step> steps;
    for (; s.wave < s.waves.size(); ++s.wave) {
      for (std::uint32_t i : s.waves[s.wave]) {
        steps.push_back(step(s, i));
        steps.back().together = i != s.waves[s.wave].front();
      }
      for (SlotId d : s.dead) release(d);
      s.dead.clear();
    }
    Block& b = plan_.blocks[at];
    b.steps = std::move(steps);
    for (ValueId v : region(s).results) b.results.push_back(slot(s, v));
    scope_slots_[at] = std::move(s.owned);
    return at;
  }

  void add_static(Scope& s, std::uint32_t i) {
    const Node& n = region(s).nodes[i];
    if (!is_static(n)) return;
    const Slot::Kind kind = static_kind(n);
    const SlotId id = add_slot({.kind = kind, .type = n.results[0], .region = s.region, .node = i});
    s.slots[{i, 0}] = id;
    const bool given = kind == Slot::Kind::Parameter || kind == Slot::Kind::Attribute;
    if (!given) s.graph_only.insert(id);
  }

  Step step(Scope& s, std::uint32_t i) {
    const Node& n = region(s).nodes[i];
    Step step{.kind = Step::Kind::Host, .node = i, .in = {}, .out = {}, .blocks = {}, .enter = {}};
    for (ValueId v : n.operands) step.in.push_back(slot(s, v));
    if (n.op == OpId::Fused)
      group(s, i, step);
    else if (n.op == OpId::While)
      loop(s, i, step);
    else if (n.op == OpId::If)
      branch(s, i, step);
    else
      host(s, i, step);
    for (std::uint32_t k = 0; k < n.results.size(); ++k) s.slots[{i, k}] = step.out[k];
    for (std::uint32_t k = 0; k < n.results.size(); ++k)  // a result that nobody reads
      if (!s.last_use.contains({i, k}) && s.owned.contains(step.out[k])) s.dead.insert(step.out[k]);
    return step;
  }

  /// Buffers of this block that node `i` reads and nobody after its wave.
  std::vector<std::pair<ValueId, SlotId>> dying(const Scope& s, std::uint32_t i) const {
    std::vector<std::pair<ValueId, SlotId>> all;
    for (ValueId v : region(s).nodes[i].operands) {
      if (v.is_none() || s.last_use.at(v) != s.wave || !s.owned.contains(slot(s, v))) continue;
      if (std::ranges::find(all, std::pair(v, slot(s, v))) == all.end()) all.emplace_back(v, slot(s, v));
    }
    return all;
  }

  bool others_read(const Scope& s, std::uint32_t i, SlotId read) const {
    return std::ranges::any_of(s.waves[s.wave], [&](std::uint32_t other) {
      const auto reads = [&](ValueId v) { return slot(s, v) == read; };
      return other != i && std::ranges::any_of(region(s).nodes[other].operands, reads);
    });
  }

  SlotId result_slot(Scope& s, const Type& t) {
    const SlotId id = fresh(t);
    if (t.domain != Domain::Scalar) s.owned.insert(id);
    return id;
  }

  void group(Scope& s, std::uint32_t i, Step& step) {
    step.kind = Step::Kind::Group;
    const Node& n = region(s).nodes[i];
    const Stage stage = lower(plan_.program, n.regions[0]);
    step.once =
        s.region == 0 && std::ranges::all_of(step.in, [&](SlotId in) { return s.graph_only.contains(in); });
    auto dead = dying(s, i);
    for (const auto& d : dead) s.dead.insert(d.second);
    std::erase_if(dead, [&](const auto& d) { return others_read(s, i, d.second); });
    for (const Type& t : n.results) {
      const auto in_place = std::ranges::find_if(dead, [&](const auto& d) {
        if (plan_.slots[d.second].type != t || t.domain == Domain::Scalar) return false;
        for (std::uint32_t a = 0; a < step.in.size(); ++a)
          if (step.in[a] == d.second && stage.gathers(a)) return false;
        return true;
      });
      if (step.once) {  // a slot of its own: nothing may write to it in a later run
        step.out.push_back(add_slot({.kind = Slot::Kind::Buffer, .type = t}));
      } else if (in_place != dead.end()) {
        step.out.push_back(in_place->second);
        s.dead.erase(in_place->second);
        dead.erase(in_place);
      } else {
        step.out.push_back(result_slot(s, t));
      }
    }
    if (!step.once) return;
    s.graph_only.insert(step.out.begin(), step.out.end());
  }

  void host(Scope& s, std::uint32_t i, Step& step) {
    const ops::OpDef& d = ops::def(region(s).nodes[i].op);
    const bool alone = d.access == ops::Access::Scatter || d.access == ops::Access::Whole;
    if (d.expand || (d.effect == ops::Effect::Pure && !alone))
      throw InternalError("plan: " + std::string(d.name) + " stands outside of every group");
    for (const Type& t : region(s).nodes[i].results) step.out.push_back(result_slot(s, t));
    for (const auto& d : dying(s, i)) release(d.second);
  }

  void loop(Scope& s, std::uint32_t i, Step& step) {
    step.kind = Step::Kind::While;
    const Node n = region(s).nodes[i];
    const auto carried = static_cast<std::size_t>(std::get<std::int64_t>(n.attrs[0]));
    const auto dead = dying(s, i);
    std::vector<SlotId> arguments{fresh(scalar_of(ScalarType::I64))}, from;
    std::set<SlotId> own, taken;
    for (std::size_t k = 0; k < carried; ++k) {
      const ValueId v = n.operands[k + 2];
      const SlotId given = slot(s, v);
      const bool ours = std::ranges::find(dead, std::pair(v, given)) != dead.end() &&
                        std::ranges::count(step.in, given) == 1;
      const SlotId home = ours ? given : result_slot(s, ir::type_of(region(s), v));
      if (ours) taken.insert(given);
      arguments.push_back(home);
      from.push_back(given);
      if (ir::type_of(region(s), v).domain != Domain::Scalar) own.insert(home);
    }
    step.enter = moves({arguments.begin() + 1, arguments.end()}, from, {});
    for (std::size_t k = carried + 2; k < n.operands.size(); ++k) arguments.push_back(step.in[k]);
    step.out.assign(arguments.begin() + 1, arguments.begin() + 1 + static_cast<std::ptrdiff_t>(carried));
    const BlockIndex body = block(n.regions[0], arguments, own);
    step.blocks = {body};
    Block& b = plan_.blocks[body];
    b.leave = moves(step.out, {b.results.begin() + 1, b.results.end()}, movable(b, body));
    close_block(body, own);
    for (SlotId home : own) s.owned.insert(home);
    step.out.push_back(fresh(scalar_of(ScalarType::I64)));
    step.out.push_back(fresh(scalar_of(ScalarType::Bool)));
    for (const auto& d : dead)
      if (!taken.contains(d.second)) release(d.second);
  }

  void branch(Scope& s, std::uint32_t i, Step& step) {
    step.kind = Step::Kind::If;
    const Node n = region(s).nodes[i];
    for (const Type& t : n.results) step.out.push_back(result_slot(s, t));
    for (RegionIndex r : n.regions) {
      const BlockIndex at = block(r, {step.in.begin() + 1, step.in.end()}, {});
      Block& b = plan_.blocks[at];
      b.leave = moves(step.out, b.results, movable(b, at));
      close_block(at, {});
      step.blocks.push_back(at);
    }
    for (const auto& d : dying(s, i)) release(d.second);
  }

  /// Slots of a block's results that are its own, so that their memory may be handed on.
  std::set<SlotId> movable(const Block& b, BlockIndex at) const {
    std::set<SlotId> own;
    for (SlotId r : b.results)
      if (scope_slots_.at(at).contains(r)) own.insert(r);
    return own;
  }

  /// After the block: what it allocated is free, what it was given stays with its owner.
  void close_block(BlockIndex at, const std::set<SlotId>& keep) {
    for (SlotId s : scope_slots_.at(at))
      if (keep.contains(s))
        free_[key(plan_.slots[s].type)].erase(s);
      else
        release(s);
  }

  Plan plan_;
  std::map<std::string, std::set<SlotId>> free_;        // by type
  std::map<BlockIndex, std::set<SlotId>> scope_slots_;  // buffers that a finished block owned
};

}  // namespace

Plan build(const ir::Program& program) {
  return Build(passes::group(program, passes::Grouping::Single)).run();
}

std::size_t end_of_wave(const Block& block, std::size_t first) {
  std::size_t end = first + 1;
  while (end < block.steps.size() && block.steps[end].together) ++end;
  return end;
}

void verify(const Plan& plan) {
  ir::verify(plan.program);
  const Plan again = Build(plan.program).run();
  if (again.slots != plan.slots || again.blocks != plan.blocks)
    throw InternalError("plan: steps and slots are not those of its program");
}

std::int64_t buffer_bytes(const Plan& plan, std::int64_t nodes, std::int64_t edges) {
  std::int64_t bytes = 0;
  for (const Slot& s : plan.slots)
    if (s.kind == Slot::Kind::Buffer && s.type.domain != Domain::Scalar)
      bytes += ops::element_count(s.type, nodes, edges) * size_of(s.type.scalar);
  return bytes;
}

base::Hash128 hash(const Plan& plan) {
  base::Hasher h;
  const base::Hash128 program = ir::hash(plan.program);
  h.add(program.low), h.add(program.high);
  h.add(plan.slots.size());
  h.add(static_cast<std::uint64_t>(plan.level));
  return h.finish();
}

}  // namespace monograph::plan
