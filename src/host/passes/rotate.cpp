// What a loop's body computes first, from carried values alone, is computed last instead: by the iteration
// before, from the values it carries on, and before the loop from the initial ones. The body then takes it as
// one more carried value. So a body "column -> gather it -> new column" or "column -> its sum -> new column"
// has no barrier between two traversals left: what finishes the new column also makes what the next iteration
// gathers and sums.
//
// Two kinds of values move: a column that is gathered (by a neighbour aggregation, along edges, by an index),
// and a reduction on which a column of the same iteration depends. Both only where they follow from carried
// values and invariants by element-wise operations and reductions.
#include <algorithm>

#include "host/passes/passes.h"
#include "host/passes/rebuild.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;

bool is_column(const Type& t) { return t.domain != Domain::Scalar; }
bool is_node(ValueId v) { return !v.is_none() && !v.is_argument(); }
bool is_reduction(const Node& n) {
  return ops::def(n.op).access == ops::Access::Global && n.regions.empty() && n.results.size() == 1 &&
         !is_column(n.results[0]);
}

/// The column that the node reads at other nodes, if any.
ValueId gathered_operand(const Region& r, const Node& n) {
  const ops::Access access = ops::def(n.op).access;
  if (access != ops::Access::Segmented && access != ops::Access::Gather) return ValueId::none();
  if (n.operands.empty() || n.operands[0].is_none()) return ValueId::none();
  return ir::type_of(r, n.operands[0]).domain == Domain::Nodes ? n.operands[0] : ValueId::none();
}

/// Finds what of a loop's body moves.
class Search {
 public:
  Search(const Region& body, std::uint32_t carried)
      : body_(body), carried_(carried), yielded_(body.nodes.size(), false) {
    for (const Node& n : body_.nodes) kinds_.push_back(kind_of_node(n));
    for (ValueId v : body_.results)
      if (is_node(v)) yielded_[v.node] = true;
    for (std::size_t i = 0; i < body_.nodes.size(); ++i) can_move_.push_back(can_move(i));
  }

  /// Numbers of the nodes to move, in order. What only others of them need is not among them.
  std::vector<std::uint32_t> run() const {
    const std::vector<bool> live = reached({});
    std::vector<bool> wanted(body_.nodes.size(), false);
    const std::vector<bool> feeds = feeds_column(live);
    for (std::uint32_t i = 0; i < body_.nodes.size(); ++i) {
      if (!live[i]) continue;
      const ValueId v = gathered_operand(body_, body_.nodes[i]);
      if (is_node(v) && can_move_[v.node]) wanted[v.node] = true;
      if (can_move_[i] && feeds[i] && is_reduction(body_.nodes[i])) wanted[i] = true;
    }
    const std::vector<bool> needed = reached(wanted);
    std::vector<std::uint32_t> moved;
    for (std::uint32_t i = 0; i < body_.nodes.size(); ++i)
      if (wanted[i] && needed[i]) moved.push_back(i);
    return moved;
  }
  bool is_invariant(std::uint32_t node) const { return kinds_[node] == Kind::Invariant; }
  /// Which nodes are needed for results and effects when those in `stop` come from elsewhere.
  std::vector<bool> reached(std::vector<bool> stop) const {
    stop.resize(body_.nodes.size());
    std::vector<bool> live(body_.nodes.size(), false);
    const auto mark = [&](ValueId v) {
      if (is_node(v)) live[v.node] = true;
    };
    std::ranges::for_each(body_.results, mark);
    for (std::size_t i = body_.nodes.size(); i-- > 0;) {
      if (!live[i] && is_pure(body_.nodes[i])) continue;
      live[i] = true;
      if (!stop[i]) std::ranges::for_each(body_.nodes[i].operands, mark);
    }
    return live;
  }

 private:
  enum class Kind : std::uint8_t { Invariant, Carried, Other };

  static bool is_pure(const Node& n) {
    return n.regions.empty() && ops::def(n.op).effect == ops::Effect::Pure;
  }

  Kind kind(ValueId v) const {
    if (v.is_none()) return Kind::Invariant;
    if (!v.is_argument()) return kinds_[v.node];
    return v.result == 0 ? Kind::Other : v.result <= carried_ ? Kind::Carried : Kind::Invariant;
  }

  Kind kind_of_node(const Node& n) const {
    const ops::Access access = ops::def(n.op).access;
    if (!is_pure(n) ||
        (access != ops::Access::Source && access != ops::Access::Elementwise && !is_reduction(n)))
      return Kind::Other;
    Kind all = Kind::Invariant;
    for (ValueId v : n.operands) all = std::max(all, kind(v));
    return all;
  }

  /// Follows the node from carried values, each of which the iteration computes anew? A carried value that is
  /// handed on, or a node that is itself the next carried value, would begin the same search again.
  bool can_move(std::size_t i) const {
    if (kinds_[i] != Kind::Carried) return false;
    return std::ranges::all_of(body_.nodes[i].operands, [&](ValueId v) {
      if (kind(v) != Kind::Carried) return true;
      if (v.is_argument()) return is_node(body_.results[v.result]);
      return can_move_[v.node] && !yielded_[v.node];
    });
  }

  /// Which nodes a live column of this iteration depends on.
  std::vector<bool> feeds_column(const std::vector<bool>& live) const {
    std::vector<bool> feeds(body_.nodes.size(), false);
    for (std::size_t i = body_.nodes.size(); i-- > 0;) {
      const Node& n = body_.nodes[i];
      if (!live[i] || (!feeds[i] && std::ranges::none_of(n.results, is_column))) continue;
      for (ValueId v : n.operands)
        if (is_node(v)) feeds[v.node] = true;
    }
    return feeds;
  }

  const Region& body_;
  const std::uint32_t carried_;
  std::vector<Kind> kinds_;
  std::vector<bool> yielded_, can_move_;
};

/// Moves what a search found in the body of one loop.
class Rotation {
 public:
  /// `loop` is about to be added to region `home` of `out`; its body is already there.
  Rotation(ir::Builder& out, RegionIndex home, Node loop)
      : out_(out),
        home_(home),
        loop_(std::move(loop)),
        body_(out.region(loop_.regions[0])),
        carried_(static_cast<std::uint32_t>(std::get<std::int64_t>(loop_.attrs[0]))),
        search_(body_, carried_),
        moved_(search_.run()) {}

  /// Adds the loop; its values, as they were before.
  std::vector<ValueId> emit() {
    const std::size_t results = loop_.results.size();
    if (moved_.empty()) return values_from(out_.emit(home_, std::move(loop_)), results);
    find_cone();
    start_before_loop();
    rebuild_body();
    const auto more = static_cast<std::uint32_t>(moved_.size());
    loop_.attrs[0] = std::int64_t{carried_ + more};
    const ValueId first = out_.emit(home_, std::move(loop_));
    std::vector<ValueId> values = values_from(first, carried_);
    for (std::uint32_t i = 0; i < 2; ++i) values.push_back({first.node, carried_ + more + i});
    return values;
  }

 private:
  /// The moved nodes and all that they follow from.
  void find_cone() {
    cone_.resize(body_.nodes.size(), false);
    for (std::uint32_t node : moved_) cone_[node] = true;
    for (std::size_t i = body_.nodes.size(); i-- > 0;)
      if (cone_[i])
        for (ValueId v : body_.nodes[i].operands)
          if (is_node(v)) cone_[v.node] = true;
  }

  /// Copies the cone with operands through `at`; new values go to `copies`.
  template <class At, class Emit>
  void copy_cone(std::vector<ValueId>& copies, const At& at, const Emit& emit_copy) const {
    for (std::uint32_t i = 0; i < body_.nodes.size(); ++i) {
      if (!cone_[i] || !copies[i].is_none()) continue;
      Node n = body_.nodes[i];
      for (ValueId& v : n.operands)
        if (!v.is_none()) v = v.is_argument() ? at(v.result) : copies[v.node];
      copies[i] = emit_copy(std::move(n));
    }
  }

  void start_before_loop() {
    std::vector<ValueId> copies(body_.nodes.size());
    copy_cone(
        copies,
        [&](std::uint32_t argument) { return loop_.operands[argument + ops::def(loop_.op).argument_offset]; },
        [&](Node n) { return out_.emit(home_, std::move(n)); });
    std::vector<ValueId> initial;
    for (std::uint32_t node : moved_) initial.push_back(copies[node]);
    loop_.operands.insert(loop_.operands.begin() + 2 + carried_, initial.begin(), initial.end());
  }

  /// The body with the moved values as arguments behind the carried ones, and their next values at its end.
  void rebuild_body() {
    const auto more = static_cast<std::uint32_t>(moved_.size());
    Region next{.args = body_.args, .nodes = {}, .results = {}};
    std::vector<Type> types;
    std::vector<ValueId> values(body_.nodes.size());  // of what stays, and of what has become an argument
    std::vector<bool> stop(body_.nodes.size(), false);
    for (std::uint32_t j = 0; j < more; ++j) {
      types.push_back(body_.nodes[moved_[j]].results[0]);
      values[moved_[j]] = ValueId::argument(carried_ + 1 + j);
      stop[moved_[j]] = true;
    }
    next.args.insert(next.args.begin() + 1 + carried_, types.begin(), types.end());
    const auto moved = [&](ValueId v) -> ValueId {
      if (v.is_none()) return v;
      if (v.is_argument()) return ValueId::argument(v.result <= carried_ ? v.result : v.result + more);
      return {values[v.node].node, values[v.node].result + v.result};
    };
    const auto add = [&](Node n) {
      next.nodes.push_back(std::move(n));
      return ValueId{static_cast<std::uint32_t>(next.nodes.size() - 1), 0};
    };
    const std::vector<bool> stays = search_.reached(stop);
    for (std::uint32_t i = 0; i < body_.nodes.size(); ++i) {
      if (!stays[i] || stop[i]) continue;
      Node n = body_.nodes[i];
      for (ValueId& v : n.operands) v = moved(v);
      values[i] = add(std::move(n));
    }
    for (ValueId v : body_.results) next.results.push_back(moved(v));
    std::vector<ValueId> copies(body_.nodes.size());
    for (std::uint32_t i = 0; i < body_.nodes.size(); ++i)
      if (cone_[i] && stays[i] && search_.is_invariant(i)) copies[i] = values[i];
    copy_cone(
        copies,
        [&](std::uint32_t a) { return a <= carried_ ? next.results[a] : moved(ValueId::argument(a)); },
        [&](Node n) {
          const auto known = std::ranges::find(next.nodes, n);
          if (known == next.nodes.end()) return add(std::move(n));
          return ValueId{static_cast<std::uint32_t>(known - next.nodes.begin()), 0};
        });
    for (std::uint32_t node : moved_) next.results.push_back(copies[node]);
    out_.region(loop_.regions[0]) = std::move(next);
  }

  ir::Builder& out_;
  const RegionIndex home_;
  Node loop_;
  const Region body_;  // as it was
  const std::uint32_t carried_;
  const Search search_;
  const std::vector<std::uint32_t> moved_;
  std::vector<bool> cone_;
};

ir::Program rotate_once(const ir::Program& program) {
  ir::Builder out(program.name);
  copy_region(program, 0, out, 0, [&](RegionIndex r, Node n) {
    if (n.op == ir::OpId::While) return Rotation(out, r, std::move(n)).emit();
    const std::size_t results = n.results.size();
    return values_from(out.emit(r, std::move(n)), results);
  });
  return out.finish();
}

// What has moved may let something else move: nested loops, a reduction of a column that moved.
constexpr int kMostRounds = 8;

}  // namespace

ir::Program rotate(const ir::Program& program) {
  ir::Program rotated = rotate_once(program);
  for (int round = 1; round < kMostRounds; ++round) {
    ir::Program next = rotate_once(rotated);
    if (next == rotated) break;
    rotated = std::move(next);
  }
  return rotated;
}

}  // namespace monograph::passes
