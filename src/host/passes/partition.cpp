#include "host/passes/partition.h"

#include <algorithm>
#include <functional>
#include <queue>

namespace monograph::passes {
namespace {

using ir::Node;
using ir::ValueId;
using ops::Access;

constexpr std::uint32_t kNone = 0xffffffff;
// What more of them gather no longer stays in the cache from one to the next.
constexpr std::size_t kAggregatesAtMost = 8;

bool stands_alone(const Node& n) {
  const ops::OpDef& d = ops::def(n.op);
  if (checks_rows(n)) return false;
  return d.effect != ops::Effect::Pure || d.regions > 0 || d.expand || d.access == Access::Scatter ||
         d.access == Access::Whole || d.access == Access::Control;
}
bool is_static(const Node& n) {
  const ops::OpDef& d = ops::def(n.op);
  return d.bound || (d.access == Access::Source && n.results[0].domain == Domain::Scalar);
}
bool is_reduction(const Node& n) { return ops::def(n.op).access == Access::Global; }
bool is_gather(const Node& n) { return ops::def(n.op).access == Access::Gather && !checks_rows(n); }
/// The ends of edges: which of them is the neighbour depends on the direction from which an edge is seen.
bool is_edge_end(const Node& n) {
  return ops::def(n.op).access == Access::Source && n.results[0].domain == Domain::Edges;
}

}  // namespace

bool checks_rows(const Node& n) {
  const ops::OpDef& d = ops::def(n.op);
  return d.access == Access::Gather && d.effect == ops::Effect::Check &&
         n.results[0].domain != Domain::Scalar;
}

bool is_aggregate(const Node& n) { return ops::def(n.op).access == Access::Segmented; }

ops::Direction direction_of(const Node& n) {
  if (n.op == ops::OpId::ReduceEdges) {
    constexpr ops::Direction kRows[] = {ops::Direction::Out, ops::Direction::In, ops::Direction::Both};
    return kRows[std::get<ops::EnumValue>(n.attrs[0]).index];
  }
  const auto specs = ops::def(n.op).attrs;
  const auto it = std::ranges::find(specs, "direction", &ops::AttrSpec::name);
  return static_cast<ops::Direction>(
      std::get<ops::EnumValue>(n.attrs[static_cast<std::size_t>(it - specs.begin())]).index);
}

Partition::Partition(const ir::Region& region, Grouping how)
    : region_(region),
      how_(how),
      role_(region.nodes.size()),
      cloned_(region.nodes.size()),
      through_(region.nodes.size()),
      given_(region.nodes.size()),
      entity_(region.nodes.size(), kNone),
      phase_(region.nodes.size()) {
  classify();
  if (how_ != Grouping::Single) find_inline();
  for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) assign(i);
  materialise();
}

// ---- roles

/// Static, Alone and Member; Lazy is decided on the way, since it depends on where the operands went.
void Partition::classify() {
  for (std::size_t i = 0; i < role_.size(); ++i) {
    const Node& n = region_.nodes[i];
    role_[i] = stands_alone(n) ? Role::Alone : is_static(n) ? Role::Static : Role::Member;
  }
}

/// Edge values that nothing but aggregates of this region reads. Both directions together see an edge from
/// either end, so gathers cannot be part of those; nor can checks, which look at each edge once.
void Partition::find_inline() {
  const std::size_t count = region_.nodes.size();
  std::vector<bool> used(count), elsewhere(count), both(count), gathers(count);
  for (std::size_t i = 0; i < count; ++i) {
    const Node& n = region_.nodes[i];
    gathers[i] = is_gather(n) || is_edge_end(n);
    for (ValueId v : n.operands)
      if (!v.is_none() && !v.is_argument() && !is_scalar(v) && gathers[v.node]) gathers[i] = true;
  }
  for (ValueId v : region_.results)
    if (!v.is_argument()) elsewhere[v.node] = true;
  for (std::size_t i = count; i-- > 0;) {
    const Node& n = region_.nodes[i];
    const bool edge_value = role_[i] == Role::Member && n.results[0].domain == Domain::Edges &&
                            !is_aggregate(n) && !checks_rows(n);
    const bool inlined = edge_value && used[i] && !elsewhere[i] && !(both[i] && gathers[i]);
    if (inlined) role_[i] = Role::Inline;
    for (ValueId v : n.operands) {
      if (v.is_none() || v.is_argument()) continue;
      if (!inlined && !(role_[i] == Role::Member && is_aggregate(n))) elsewhere[v.node] = true;
      used[v.node] = true;
      if (is_aggregate(n) ? direction_of(n) == ops::Direction::Both : both[i]) both[v.node] = true;
    }
  }
}

// ---- dependencies

std::set<std::uint32_t> Partition::dependencies(const Node& n) const {
  std::set<std::uint32_t> all;
  for (ValueId v : n.operands) {
    if (v.is_none() || v.is_argument() || role_[v.node] == Role::Static) continue;
    if (role_[v.node] == Role::Lazy || role_[v.node] == Role::Inline || cloned_[v.node])
      all.insert(through_[v.node].begin(), through_[v.node].end());
    else
      all.insert(entity_[v.node]);
  }
  if (checks_rows(n) && last_effect_) all.insert(*last_effect_);
  return all;
}

bool Partition::is_ancestor(std::uint32_t ancestor, std::uint32_t of) const {
  std::vector<bool> seen(entities_.size());
  std::vector<std::uint32_t> open{of};
  while (!open.empty()) {
    const std::uint32_t e = open.back();
    open.pop_back();
    if (e == ancestor) return true;
    for (std::uint32_t b : entities_[e].before)
      if (!seen[b]) seen[b] = true, open.push_back(b);
  }
  return false;
}

Type Partition::domain_of(const Node& n) const {
  return with_scalar(is_reduction(n) ? ir::type_of(region_, n.operands[0]) : n.results[0], ScalarType::F64);
}

// ---- groups

/// Is `v` a column of rows that `group` computes? Lazy values are computed anywhere.
bool Partition::reads_row_of(ValueId v, std::uint32_t group) const {
  return !v.is_none() && !v.is_argument() && !is_scalar(v) && role_[v.node] == Role::Member &&
         entity_[v.node] == group;
}

/// Does the edge value (or gathered column) `v` reach a row of `group`, or a late scalar of it? Each value is
/// looked at once, however many ways lead to it.
bool Partition::aggregates_from(ValueId v, std::uint32_t group) const {
  std::set<std::uint32_t> seen;
  std::vector<ValueId> open{v};
  while (!open.empty()) {
    const ValueId at = open.back();
    open.pop_back();
    if (at.is_none() || at.is_argument() || !seen.insert(at.node).second) continue;
    if (role_[at.node] == Role::Member && entity_[at.node] == group) {
      if (phase_[at.node] != Phase::Entry) return true;
    } else if (role_[at.node] == Role::Inline || role_[at.node] == Role::Lazy) {
      // what follows from nothing of the group does not lead there
      if (!through_[at.node].contains(group)) continue;
      const auto& operands = region_.nodes[at.node].operands;
      open.insert(open.end(), operands.begin(), operands.end());
    }
  }
  return false;
}

/// The phase of `node` in `group`, or nothing where an operand comes too late for it.
std::optional<Partition::Phase> Partition::phase_in(std::uint32_t node, std::uint32_t group) const {
  const Node& n = region_.nodes[node];
  if (is_aggregate(n) || is_gather(n)) {
    if (std::ranges::any_of(n.operands, [&](ValueId v) { return aggregates_from(v, group); })) return {};
    return Phase::Row;
  }
  if (checks_rows(n) && aggregates_from(n.operands[0], group)) return {};
  const bool scalar = domain_of(n).domain == Domain::Scalar;
  Phase latest = Phase::Entry;
  for (ValueId v : n.operands) {
    if (v.is_none() || v.is_argument() || role_[v.node] != Role::Member || entity_[v.node] != group) continue;
    latest = std::max(latest, phase_[v.node]);
  }
  if (scalar) return latest;
  if (latest == Phase::Late) return {};
  return is_reduction(n) ? Phase::Late : Phase::Row;
}

/// Does the value of `node` change from run to run on one graph? What does not can be kept for the next run.
bool Partition::varies(std::uint32_t node) const {
  return std::ranges::any_of(region_.nodes[node].operands, [&](ValueId v) {
    if (v.is_none()) return false;
    if (v.is_argument()) return true;
    switch (role_[v.node]) {
      case Role::Static:
        return ops::def(region_.nodes[v.node].op).bound;
      case Role::Alone:
        return true;
      case Role::Member:
        if (!cloned_[v.node]) return entities_[entity_[v.node]].varies;
        [[fallthrough]];
      default:
        return given_[v.node] || std::ranges::any_of(through_[v.node], [&](std::uint32_t e) {
                 return !entities_[e].is_group || entities_[e].varies;
               });
    }
  });
}

/// Does a lazy or inline node follow from an argument, a parameter or an attribute, through no entity?
bool Partition::is_given(const Node& n) const {
  return std::ranges::any_of(n.operands, [&](ValueId v) {
    if (v.is_none()) return false;
    if (v.is_argument()) return true;
    if (role_[v.node] == Role::Static) return ops::def(region_.nodes[v.node].op).bound;
    return role_[v.node] == Role::Lazy || role_[v.node] == Role::Inline || cloned_[v.node] ? given_[v.node]
                                                                                           : false;
  });
}

bool Partition::can_join(std::uint32_t node, std::uint32_t group) const {
  const Node& n = region_.nodes[node];
  const Entity& g = entities_[group];
  if (!g.is_group) return false;
  const Type domain = domain_of(n);
  if (domain.domain != Domain::Scalar && g.domain.domain != Domain::Scalar && domain != g.domain)
    return false;
  if (is_aggregate(n) && g.has_aggregate && g.direction != direction_of(n)) return false;
  for (std::uint32_t d : dependencies(n))
    if (d != group && is_ancestor(group, d)) return false;
  return phase_in(node, group).has_value();
}

void Partition::join(std::uint32_t node, std::uint32_t group) {
  const Node& n = region_.nodes[node];
  phase_[node] = *phase_in(node, group);
  entity_[node] = group;
  role_[node] = Role::Member;
  Entity& g = entities_[group];
  g.nodes.push_back(node);
  g.varies = g.varies || varies(node);
  if (g.domain.domain == Domain::Scalar) g.domain = domain_of(n);
  if (is_aggregate(n)) g.has_aggregate = true, g.direction = direction_of(n);
  for (std::uint32_t d : dependencies(n))
    if (d != group) g.before.insert(d);
}

std::uint32_t Partition::add_entity(std::uint32_t node, bool is_group) {
  const auto id = static_cast<std::uint32_t>(entities_.size());
  entities_.push_back(
      {.is_group = is_group, .domain = scalar_of(ScalarType::F64), .nodes = {}, .before = {}});
  if (is_group) {
    join(node, id);
  } else {
    entity_[node] = id;
    entities_[id].nodes.push_back(node);
    entities_[id].before = dependencies(region_.nodes[node]);
  }
  return id;
}

void Partition::assign(std::uint32_t node) {
  const Node& n = region_.nodes[node];
  if (role_[node] == Role::Static) return;
  place(node);
  if (checks_rows(n)) last_effect_ = entity_[node];
}

void Partition::place(std::uint32_t node) {
  const Node& n = region_.nodes[node];
  if (role_[node] == Role::Alone) {
    const std::uint32_t e = add_entity(node, false);
    if (ops::def(n.op).effect == ops::Effect::Pure && n.regions.empty()) return;
    if (last_effect_) entities_[e].before.insert(*last_effect_);  // effects keep their order
    last_effect_ = e;
    return;
  }
  const std::set<std::uint32_t> from = dependencies(n);
  const auto in_group = [&](std::uint32_t e) { return entities_[e].is_group; };
  const bool cheap =
      (ops::def(n.op).access == Access::Source && !is_edge_end(n)) ||
      (ops::def(n.op).access == Access::Elementwise && (is_scalar({node, 0}) || n.operands.size() == 1) &&
       std::ranges::all_of(n.operands, [&](ValueId v) { return is_scalar(v); }));
  if (how_ != Grouping::Single && role_[node] == Role::Member && cheap &&
      std::ranges::none_of(from, in_group))
    role_[node] = Role::Lazy, cloned_[node] = true;
  if (role_[node] != Role::Member) {
    through_[node] = from;
    given_[node] = is_given(n);
    return;
  }
  if (how_ != Grouping::Single)
    for (auto e = from.rbegin(); e != from.rend(); ++e)
      if (can_join(node, *e)) return join_all(node, *e, from);
  add_entity(node, true);
}

/// Into `group`, and with it what else it reads: groups that only this node connects become one.
void Partition::join_all(std::uint32_t node, std::uint32_t group, const std::set<std::uint32_t>& from) {
  for (const std::uint32_t other : from)
    if (other != group && can_merge(other, group) && can_join(node, other)) merge(other, group);
  join(node, group);
}

/// How many aggregates the two groups have together.
std::size_t Partition::aggregates(const Entity& x, const Entity& y) const {
  const auto is = [&](std::uint32_t node) { return is_aggregate(region_.nodes[node]); };
  return static_cast<std::size_t>(std::ranges::count_if(x.nodes, is) + std::ranges::count_if(y.nodes, is));
}

/// Groups of which neither waits for the other. What a run computes once stays apart from what each computes,
/// and checks stay in their order.
bool Partition::can_merge(std::uint32_t a, std::uint32_t b) const {
  const Entity &x = entities_[a], &y = entities_[b];
  const auto checks = [&](std::uint32_t node) { return checks_rows(region_.nodes[node]); };
  return x.is_group && y.is_group && x.domain == y.domain && x.varies == y.varies &&
         !(x.has_aggregate && y.has_aggregate && x.direction != y.direction) &&
         std::ranges::none_of(x.nodes, checks) && std::ranges::none_of(y.nodes, checks) &&
         aggregates(x, y) <= kAggregatesAtMost && !is_ancestor(a, b) && !is_ancestor(b, a);
}

/// Moves all of group `from` to group `to`; `from` is left without nodes.
void Partition::merge(std::uint32_t from, std::uint32_t to) {
  const auto rename = [&](std::set<std::uint32_t>& entities) {
    if (entities.erase(from) != 0) entities.insert(to);
  };
  Entity &x = entities_[from], &y = entities_[to];
  for (const std::uint32_t node : x.nodes) entity_[node] = to;
  y.nodes.insert(y.nodes.end(), x.nodes.begin(), x.nodes.end());
  std::ranges::sort(y.nodes);
  if (x.has_aggregate) y.has_aggregate = true, y.direction = x.direction;
  y.before.insert(x.before.begin(), x.before.end());
  x.nodes.clear(), x.before.clear(), x.is_group = false;
  for (Entity& e : entities_) rename(e.before);
  for (std::set<std::uint32_t>& e : through_) rename(e);
}

/// Lazy values that control operations or the region's results need, or that are read as whole columns: they
/// join any group that can run before those.
void Partition::materialise() {
  std::vector<std::set<std::uint32_t>> users(region_.nodes.size());
  std::vector<bool> wanted(region_.nodes.size());
  const auto want = [&](ValueId v) {
    if (v.is_none() || v.is_argument() || role_[v.node] != Role::Lazy) return false;
    wanted[v.node] = true;
    return true;
  };
  for (std::uint32_t e = 0; e < entities_.size(); ++e)
    for (std::uint32_t i : entities_[e].nodes)
      for (ValueId v : region_.nodes[i].operands)
        if ((!entities_[e].is_group || is_whole(region_.nodes[i], v)) && want(v)) users[v.node].insert(e);
  for (ValueId v : region_.results) want(v);
  for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
    if (!wanted[i]) continue;
    std::uint32_t group = kNone;
    for (std::uint32_t e = 0; e < entities_.size() && group == kNone; ++e) {
      const bool before_users =
          std::ranges::none_of(users[i], [&](std::uint32_t u) { return is_ancestor(u, e); });
      const bool spoils = entities_[e].is_group && !entities_[e].varies && varies(i);
      if (before_users && !spoils && can_join(i, e)) group = e;
    }
    if (group == kNone)
      group = add_entity(i, true);
    else
      join(i, group);
    for (std::uint32_t u : users[i]) entities_[u].before.insert(group);
  }
}

std::vector<std::uint32_t> Partition::order() const {
  std::vector<std::vector<std::uint32_t>> after(entities_.size());
  std::vector<std::size_t> waits_for(entities_.size());
  using Ready = std::pair<std::uint32_t, std::uint32_t>;  // last node, entity
  std::priority_queue<Ready, std::vector<Ready>, std::greater<>> ready;
  for (std::uint32_t e = 0; e < entities_.size(); ++e) {
    waits_for[e] = entities_[e].before.size();
    for (std::uint32_t b : entities_[e].before) after[b].push_back(e);
    if (waits_for[e] == 0 && !entities_[e].nodes.empty()) ready.emplace(entities_[e].nodes.back(), e);
  }
  std::vector<std::uint32_t> order;
  while (!ready.empty()) {
    const std::uint32_t next = ready.top().second;
    ready.pop();
    order.push_back(next);
    for (std::uint32_t e : after[next])
      if (--waits_for[e] == 0) ready.emplace(entities_[e].nodes.back(), e);
  }
  const auto merged = std::ranges::count_if(entities_, [](const Entity& e) { return e.nodes.empty(); });
  if (order.size() + static_cast<std::size_t>(merged) < entities_.size())
    throw InternalError("fuse: groups depend on each other in a circle");
  return order;
}

}  // namespace monograph::passes
