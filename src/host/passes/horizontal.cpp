// Sibling groups become one: kernels over the same domain (or of scalars alone) where no path leads from one
// to the other.
//
// It pays because the merged group walks the rows once: offsets and indices of the graph, and every column
// that both read, come from memory once, an expression that both compute is computed once, and there is one
// kernel (on a CPU: one barrier) less.
//
// It is not done where
//   a path leads from one to the other: then the second waits for what the first yields in all rows;
//   both aggregate, but over different directions: that is another walk;
//   one hangs on the graph alone and the other does not: the first is computed once per graph and kept;
//   one can stop the run: which failure comes first would change;
//   together they would gather more than kGathered columns, and more than either alone: what a walk gathers
//   should stay in a cache, and columns that are gathered side by side push each other out. Measured on two
//   cores with 2 MiB of cache each, one thread: sums of 2, 3, 4, 8 columns of f64 in one group instead of one
//   each took 0.87, 0.99, 0.91, 1.06 of the time with 50000 nodes and 500000 edges, 0.97, 1.11, 1.25, 1.38
//   with four times as many, and sums of 2, 3 took 1.07, 1.19 on rmat-18.
#include <algorithm>
#include <optional>
#include <set>

#include "host/ir/builder.h"
#include "host/passes/partition.h"
#include "host/passes/passes.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Program;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;

/// Columns that a group made of two gathers, at most.
constexpr std::size_t kGathered = 2;

bool is_node(ValueId v) { return !v.is_none() && !v.is_argument(); }

/// May running the node be seen, apart from its results? Such nodes keep their order.
bool has_effect(const Program& p, const Node& n) {
  if (ops::def(n.op).effect != ops::Effect::Pure) return true;
  return std::ranges::any_of(n.regions, [&](RegionIndex r) {
    return std::ranges::any_of(p.regions[r].nodes, [&](const Node& inner) { return has_effect(p, inner); });
  });
}

/// What decides whether a group can be merged with another.
struct Kernel {
  std::optional<Type> domain;               ///< none: entry scalars only. The element type does not count
  std::optional<ops::Direction> direction;  ///< of its aggregates
  std::set<ValueId> gathered;               ///< operands that edge code reads at the neighbours
  bool kept = false;                        ///< computed once per graph
};

/// The column that the node reads at other nodes than its own, or none.
ValueId gathered_by(const Region& group, const Node& n) {
  const ops::Access access = ops::def(n.op).access;
  if (access != ops::Access::Segmented && access != ops::Access::Gather) return ValueId::none();
  if (n.operands.empty() || n.operands[0].is_none()) return ValueId::none();
  return ir::type_of(group, n.operands[0]).domain == Domain::Nodes ? n.operands[0] : ValueId::none();
}

/// In a region with more groups nothing is merged: every pair is looked at after each merge.
constexpr std::ptrdiff_t kMostGroups = 128;

/// Adds the operands of the group's node from which column `v` of its region follows.
void add_origins(const Region& group, const Node& node, ValueId v, std::set<ValueId>& to) {
  if (v.is_none() || ir::type_of(group, v).domain == Domain::Scalar) return;
  if (v.is_argument()) {
    to.insert(node.operands[v.result]);
    return;
  }
  for (ValueId operand : group.nodes[v.node].operands) add_origins(group, node, operand, to);
}

/// Of a group that is one traversal; nothing for others, which a program file may hold.
std::optional<Kernel> kernel_of(const Region& group, const Node& node) {
  Kernel k;
  bool one = true;
  const auto see = [&](const Type& t) {
    if (t.domain == Domain::Scalar) return;
    const Type domain = with_scalar(t, ScalarType::F64);
    one = one && k.domain.value_or(domain) == domain;
    k.domain = domain;
  };
  for (ValueId v : group.results) see(ir::type_of(group, v));
  for (const Node& n : group.nodes) {
    add_origins(group, node, gathered_by(group, n), k.gathered);
    if (ops::def(n.op).access == ops::Access::Global) see(ir::type_of(group, n.operands[0]));
    if (!is_aggregate(n)) continue;
    one = one && k.direction.value_or(direction_of(n)) == direction_of(n);
    k.direction = direction_of(n);
  }
  return one ? std::optional(k) : std::nullopt;
}

/// The content of two groups in one region, and where the values of the second went.
class Union {
 public:
  Union(const Program& p, const Node& a, const Node& b)
      : node_(a), region_(p.regions[a.regions[0]]), moved_(p.regions[b.regions[0]].nodes.size()) {
    const Region& second = p.regions[b.regions[0]];
    for (ValueId v : b.operands) arguments_.push_back(argument(v, second.args[arguments_.size()]));
    for (std::size_t i = 0; i < second.nodes.size(); ++i) moved_[i] = add(second.nodes[i]);
    for (ValueId v : second.results) results_.push_back(result(moved(v)));
    node_.where = ir::merge(node_.where, b.where);
  }

  const Region& region() const { return region_; }
  /// Of the first group, with the operands and results of both.
  const Node& node() const { return node_; }
  /// Which result of the merged group result `k` of the second one is.
  std::uint32_t result_of_second(std::uint32_t k) const { return results_[k]; }

 private:
  ValueId argument(ValueId operand, const Type& type) {
    const auto known = std::ranges::find(node_.operands, operand);
    const auto number = static_cast<std::uint32_t>(known - node_.operands.begin());
    if (known == node_.operands.end()) {
      node_.operands.push_back(operand);
      region_.args.push_back(type);
    }
    return ValueId::argument(number);
  }

  ValueId moved(ValueId v) const {
    if (v.is_none()) return v;
    return v.is_argument() ? arguments_[v.result] : ValueId{moved_[v.node].node, v.result};
  }

  /// A node of the second group, or the equal one that is there already.
  ValueId add(Node n) {
    for (ValueId& v : n.operands) v = moved(v);
    const auto known = std::ranges::find(region_.nodes, n);
    const ValueId at{static_cast<std::uint32_t>(known - region_.nodes.begin()), 0};
    if (known == region_.nodes.end())
      region_.nodes.push_back(std::move(n));
    else
      ir::add_lines(known->where, n.where);
    return at;
  }

  std::uint32_t result(ValueId v) {
    const auto known = std::ranges::find(region_.results, v);
    const auto number = static_cast<std::uint32_t>(known - region_.results.begin());
    if (known == region_.results.end()) {
      node_.results.push_back(ir::type_of(region_, v));
      region_.results.push_back(v);
    }
    return number;
  }

  Node node_;
  Region region_;
  std::vector<ValueId> arguments_, moved_;
  std::vector<std::uint32_t> results_;
};

/// Merges the groups of one region, in place, two at a time.
class Merge {
 public:
  Merge(Program& p, RegionIndex region) : p_(p), index_(region) {}

  void run() {
    const auto fused = std::ranges::count(region().nodes, ir::OpId::Fused, &Node::op);
    while (fused <= kMostGroups && merge_two()) {
    }
  }

 private:
  Region& region() { return p_.regions[index_]; }
  const Region& region() const { return p_.regions[index_]; }

  /// Finds the first two groups that can be merged, and merges them.
  bool merge_two() {
    find_kernels();
    find_before();
    for (std::uint32_t b = 0; b < kernels_.size(); ++b)
      for (std::uint32_t a = 0; a < b; ++a)
        if (compatible(a, b) && !leads_to(a, b)) {
          merge(a, b);
          return true;
        }
    return false;
  }

  void find_kernels() {
    kernels_.assign(region().nodes.size(), std::nullopt);
    std::vector<bool> kept(region().nodes.size(), false);  // by the graph alone; in region 0 only
    for (std::size_t i = 0; i < region().nodes.size(); ++i) {
      const Node& n = region().nodes[i];
      const bool pure = !has_effect(p_, n);
      kept[i] = index_ == 0 && pure && !ops::def(n.op).bound &&
                (n.regions.empty() || n.op == ir::OpId::Fused) &&
                std::ranges::all_of(n.operands, [&](ValueId v) { return is_node(v) && kept[v.node]; });
      if (n.op == ir::OpId::Fused && pure) kernels_[i] = kernel_of(p_.regions[n.regions[0]], n);
      if (kernels_[i]) kernels_[i]->kept = kept[i];
    }
  }

  bool compatible(std::uint32_t a, std::uint32_t b) const {
    const auto& x = kernels_[a];
    const auto& y = kernels_[b];
    if (!x || !y || x->kept != y->kept) return false;
    if (x->domain && y->domain && x->domain != y->domain) return false;
    if (x->direction && y->direction && x->direction != y->direction) return false;
    std::set<ValueId> gathered = x->gathered;
    gathered.insert(y->gathered.begin(), y->gathered.end());
    return gathered.size() <= std::max({kGathered, x->gathered.size(), y->gathered.size()});
  }

  /// Which nodes each node waits for: operands, and of effects the one before.
  void find_before() {
    before_.assign(region().nodes.size(), {});
    std::optional<std::uint32_t> effect;
    for (std::uint32_t i = 0; i < before_.size(); ++i) {
      for (ValueId v : region().nodes[i].operands)
        if (is_node(v)) before_[i].push_back(v.node);
      if (!has_effect(p_, region().nodes[i])) continue;
      if (effect) before_[i].push_back(*effect);
      effect = i;
    }
  }

  /// Does `b` wait for `a`, directly or not? Nodes wait for earlier ones only.
  bool leads_to(std::uint32_t a, std::uint32_t b) const {
    std::vector<bool> reached(b + 1, false);
    reached[b] = true;
    for (std::uint32_t i = b; i > a; --i)
      if (reached[i])
        for (std::uint32_t earlier : before_[i]) reached[earlier] = true;
    return reached[a];
  }

  /// The merged group stands where the second one stood; what waits for the first, but stood before the
  /// second, follows it. All else keeps its order.
  void merge(std::uint32_t a, std::uint32_t b) {
    const Union both(p_, region().nodes[a], region().nodes[b]);
    std::vector<std::uint32_t> order, late;
    for (std::uint32_t i = 0; i < before_.size(); ++i) {
      const bool waits = i > a && i < b && leads_to(a, i);
      if (i != a && i != b) (waits ? late : order).push_back(i);
      if (i != b) continue;
      order.push_back(b);
      order.insert(order.end(), late.begin(), late.end());
    }
    Region next{.args = region().args, .nodes = {}, .results = {}};
    std::vector<std::uint32_t> number(before_.size());
    for (std::uint32_t k = 0; k < order.size(); ++k) number[order[k]] = k;
    const auto moved = [&](ValueId v) -> ValueId {
      if (!is_node(v)) return v;
      if (v.node == b) return {number[b], both.result_of_second(v.result)};
      return {number[v.node == a ? b : v.node], v.result};
    };
    for (std::uint32_t i : order) {
      Node n = i == b ? both.node() : region().nodes[i];
      for (ValueId& v : n.operands) v = moved(v);
      next.nodes.push_back(std::move(n));
    }
    for (ValueId v : region().results) next.results.push_back(moved(v));
    p_.regions[both.node().regions[0]] = both.region();
    region() = std::move(next);
  }

  Program& p_;
  const RegionIndex index_;
  std::vector<std::optional<Kernel>> kernels_;      // per node
  std::vector<std::vector<std::uint32_t>> before_;  // per node
};

}  // namespace

ir::Program horizontal(const ir::Program& program) {
  Program p = program;
  for (RegionIndex r = 0; r < p.regions.size(); ++r) Merge(p, r).run();
  return ir::replay(p, ir::kRaw);
}

}  // namespace monograph::passes
