#include "host/passes/grouping.h"

#include <map>

#include "host/ir/builder.h"
#include "host/passes/partition.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Program;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;
using Role = Partition::Role;

/// Copies one region, with its groups.
class Copy {
 public:
  Copy(const Program& from, RegionIndex source, ir::Builder& to, RegionIndex target, Grouping how)
      : from_(from),
        region_(from.regions[source]),
        to_(to),
        target_(target),
        how_(how),
        parts_(region_, how) {}

  void run() {
    find_results();
    const std::vector<bool> needed = needed_outside();
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i)
      if (parts_.role(i) == Role::Static && needed[i]) moved_[{i, 0}] = to_.emit(target_, region_.nodes[i]);
    for (std::uint32_t e : parts_.order())
      if (parts_.entities()[e].is_group)
        group(e);
      else
        alone(parts_.entities()[e].nodes[0]);
    std::vector<ValueId> results;
    for (ValueId v : region_.results) results.push_back(outside(v));
    to_.set_results(target_, std::move(results));
  }

 private:
  ValueId outside(ValueId v) const {
    if (v.is_none() || v.is_argument()) return v;
    return moved_.at(v);
  }

  /// Static nodes that are wanted outside of groups, which make constants for themselves.
  std::vector<bool> needed_outside() const {
    std::vector<bool> needed(region_.nodes.size());
    const auto visit = [&](ValueId v) {
      if (!v.is_none() && !v.is_argument()) needed[v.node] = true;
    };
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      const Node& n = region_.nodes[i];
      if (ops::def(n.op).bound) needed[i] = true;
      if (parts_.role(i) == Role::Alone) std::ranges::for_each(n.operands, visit);
    }
    std::ranges::for_each(region_.results, visit);
    return needed;
  }

  /// Values of groups that are read outside of them.
  void find_results() {
    results_.resize(parts_.entities().size());
    const auto visit = [&](ValueId v, std::uint32_t reader) {
      if (v.is_none() || v.is_argument() || parts_.role(v.node) != Role::Member) return;
      const std::uint32_t e = parts_.entity(v.node);
      if (e == reader || std::ranges::find(results_[e], v) != results_[e].end()) return;
      results_[e].push_back(v);
    };
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      if (parts_.role(i) != Role::Alone && parts_.role(i) != Role::Member) continue;
      walk(i, [&](ValueId v) { visit(v, parts_.entity(i)); });
    }
    for (ValueId v : region_.results) visit(v, 0xffffffff);
    for (auto& list : results_) std::ranges::sort(list);
  }

  /// What node `i` reads, seeing through what a group computes for itself.
  template <class Visit>
  void walk(std::uint32_t i, const Visit& visit) const {
    const bool in_group = parts_.role(i) != Role::Alone;
    for (ValueId v : region_.nodes[i].operands) {
      if (v.is_none() || v.is_argument()) continue;
      const bool own = in_group && parts_.is_cloned(v.node) && !is_whole(region_.nodes[i], v);
      if (parts_.role(v.node) == Role::Inline || own)
        walk(v.node, visit);
      else
        visit(v);
    }
  }

  void alone(std::uint32_t i) {
    Node n = region_.nodes[i];
    for (ValueId& v : n.operands) v = outside(v);
    for (RegionIndex& child : n.regions) {
      const RegionIndex copy = to_.add_region(from_.regions[child].args);
      if (n.op == ir::OpId::Fused)
        verbatim(child, copy);
      else
        Copy(from_, child, to_, copy, how_).run();
      child = copy;
    }
    const auto count = static_cast<std::uint32_t>(n.results.size());
    const ValueId first = to_.emit(target_, std::move(n));
    for (std::uint32_t k = 0; k < count; ++k) moved_[{i, k}] = {first.node, k};
  }

  /// The region of a group that is there already: it has no regions of its own.
  void verbatim(RegionIndex source, RegionIndex copy) {
    for (const Node& n : from_.regions[source].nodes) to_.emit(copy, n);
    to_.set_results(copy, from_.regions[source].results);
  }

  void group(std::uint32_t e) {
    Inside inside{.region = to_.add_region(), .operands = {}, .known = {}, .whole = {}};
    std::vector<std::uint32_t> nodes = parts_.entities()[e].nodes;
    std::ranges::sort(nodes);
    for (std::uint32_t i : nodes) member(inside, i);
    std::vector<ValueId> results;
    for (ValueId v : results_[e]) results.push_back(inside.known.at(v));
    to_.set_results(inside.region, std::move(results));
    std::vector<Location> where;
    for (std::uint32_t i : nodes) ir::add_lines(where, region_.nodes[i].where);
    const ValueId fused = to_.emit(target_, Node{.op = ir::OpId::Fused,
                                                 .operands = std::move(inside.operands),
                                                 .attrs = {},
                                                 .regions = {inside.region},
                                                 .results = {},
                                                 .where = std::move(where)});
    for (std::uint32_t k = 0; k < results_[e].size(); ++k) moved_[results_[e][k]] = {fused.node, k};
  }

  /// A group's region while it is made.
  struct Inside {
    RegionIndex region;
    std::vector<ValueId> operands;
    std::map<ValueId, ValueId> known, whole;  // whole: columns that the group also computes for itself
  };

  ValueId inside_value(Inside& in, ValueId v) {
    if (v.is_none()) return v;
    if (const auto it = in.known.find(v); it != in.known.end()) return it->second;
    if (!v.is_argument()) {
      const Node& n = region_.nodes[v.node];
      const Role role = parts_.role(v.node);
      const bool constant = role == Role::Static && !ops::def(n.op).bound;
      if (constant || role == Role::Inline || parts_.is_cloned(v.node)) return member(in, v.node);
    }
    return in.known[v] = argument(in, v);
  }

  ValueId whole_column(Inside& in, ValueId v) {
    if (v.is_argument() || !parts_.is_cloned(v.node)) return inside_value(in, v);
    const auto [known, fresh] = in.whole.try_emplace(v);
    if (fresh) known->second = argument(in, v);
    return known->second;
  }

  ValueId argument(Inside& in, ValueId v) {
    in.operands.push_back(outside(v));
    Region& r = to_.region(in.region);
    r.args.push_back(ir::type_of(region_, v));
    return ValueId::argument(static_cast<std::uint32_t>(r.args.size() - 1));
  }

  ValueId member(Inside& in, std::uint32_t i) {
    if (const auto it = in.known.find({i, 0}); it != in.known.end()) return it->second;
    Node n = region_.nodes[i];
    for (ValueId& v : n.operands)
      v = is_whole(region_.nodes[i], v) ? whole_column(in, v) : inside_value(in, v);
    return in.known[{i, 0}] = to_.emit(in.region, std::move(n));
  }

  const Program& from_;
  const Region& region_;
  ir::Builder& to_;
  const RegionIndex target_;
  const Grouping how_;
  const Partition parts_;
  std::map<ValueId, ValueId> moved_;
  std::vector<std::vector<ValueId>> results_;  // per entity
};

}  // namespace

ir::Program group(const ir::Program& program, Grouping how) {
  ir::Builder out(program.name);
  Copy(program, 0, out, 0, how).run();
  return out.finish();
}

}  // namespace monograph::passes
