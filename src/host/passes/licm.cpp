// Loop-invariant code motion: what a loop's body computes from values that do not change in the loop is
// computed once before it. Every scalar operation is total and every moved node pure, so computing it for a
// loop that never runs is safe, and so is computing what stands in a branch of the body. Inner regions first:
// what leaves an inner body may leave the outer one as well.
#include <algorithm>
#include <map>
#include <optional>

#include "host/passes/passes.h"
#include "host/passes/rebuild.h"

namespace monograph::passes {
namespace {

using ir::Node;
using ir::Program;
using ir::Region;
using ir::RegionIndex;
using ir::ValueId;

/// Which arguments of a region have one value while the innermost loop around it runs.
using Fixed = std::vector<bool>;

class Hoist {
 public:
  /// `owner` is about to be added to region `home` of `out`; its region number `which` is already there. What
  /// its regions capture is the same for all of them.
  Hoist(ir::Builder& out, RegionIndex home, Node& owner, std::size_t which, const Fixed& fixed)
      : out_(out),
        home_(home),
        owner_(owner),
        index_(owner.regions[which]),
        body_(out.region(index_)),
        fixed_(fixed) {}

  void run() {
    for (const Node& n : body_.nodes) outside_.push_back(movable(n) ? std::optional(move(n)) : std::nullopt);
    if (std::any_of(outside_.begin(), outside_.end(), [](const auto& v) { return v.has_value(); })) rebuild();
    for (RegionIndex r : owner_.regions) out_.region(r).args = out_.region(index_).args;
  }

 private:
  bool invariant(ValueId v) const {
    if (v.is_none()) return true;
    if (v.is_argument()) return v.result >= fixed_.size() || fixed_[v.result];
    return outside_[v.node].has_value() || stays(body_.nodes[v.node]);
  }

  /// Constants and free columns are made again wherever they are used.
  bool stays(const Node& n) const {
    return n.op == ir::OpId::Constant || (is_free_column(n) && has_invariant_operands(n));
  }
  bool has_invariant_operands(const Node& n) const {
    return std::all_of(n.operands.begin(), n.operands.end(), [&](ValueId v) { return invariant(v); });
  }

  bool movable(const Node& n) const {
    return n.regions.empty() && ops::def(n.op).effect == ops::Effect::Pure && has_invariant_operands(n) &&
           !stays(n);
  }

  /// An invariant of the body as a value of the home region.
  ValueId at_home(ValueId v) {
    if (v.is_none()) return v;
    if (v.is_argument()) return owner_.operands[v.result + ops::def(owner_.op).argument_offset];
    if (const auto& moved = outside_[v.node]) return {moved->node, moved->result + v.result};
    const auto [again, fresh] = made_again_.try_emplace(v.node);
    if (fresh) again->second = move(body_.nodes[v.node]);
    return again->second;
  }

  ValueId move(Node n) {
    for (ValueId& v : n.operands) v = at_home(v);
    return out_.emit(home_, std::move(n));
  }

  /// The body without what was moved; where that is still used, it has become a capture.
  void rebuild() {
    Region rest{.args = body_.args, .nodes = {}, .results = {}};
    std::vector<std::uint32_t> number(body_.nodes.size());
    std::vector<std::vector<std::optional<ValueId>>> captured(body_.nodes.size());
    const auto inside = [&](ValueId v) -> ValueId {
      if (v.is_none() || v.is_argument()) return v;
      if (!outside_[v.node]) return {number[v.node], v.result};
      auto& captures = captured[v.node];
      captures.resize(body_.nodes[v.node].results.size());
      if (!captures[v.result]) {
        rest.args.push_back(body_.nodes[v.node].results[v.result]);
        owner_.operands.push_back({outside_[v.node]->node, outside_[v.node]->result + v.result});
        captures[v.result] = ValueId::argument(static_cast<std::uint32_t>(rest.args.size() - 1));
      }
      return *captures[v.result];
    };
    for (std::size_t i = 0; i < body_.nodes.size(); ++i) {
      if (outside_[i]) continue;
      Node n = body_.nodes[i];
      for (ValueId& v : n.operands) v = inside(v);
      number[i] = static_cast<std::uint32_t>(rest.nodes.size());
      rest.nodes.push_back(std::move(n));
    }
    for (ValueId v : body_.results) rest.results.push_back(inside(v));
    out_.region(index_) = std::move(rest);
  }

  ir::Builder& out_;
  const RegionIndex home_;
  Node& owner_;
  const RegionIndex index_;
  const Region body_;  // as it was
  const Fixed& fixed_;
  std::vector<std::optional<ValueId>> outside_;  // per node of the body: where it went
  std::map<std::uint32_t, ValueId> made_again_;  // what stays and is needed outside as well
};

/// Copies regions; `fixed` is empty outside of loops.
class Copy {
 public:
  Copy(const Program& p, ir::Builder& out) : from_(p), out_(out) {}

  void run(RegionIndex source, RegionIndex target, const std::optional<Fixed>& fixed) {
    const Region& r = from_.regions[source];
    ValueMap moved(r);
    std::vector<bool> known;  // nodes that have one value while the loop runs
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      const Node& node = r.nodes[i];
      const auto is_fixed = [&](ValueId v) {
        return v.is_none() || (v.is_argument() ? (*fixed)[v.result] : known[v.node]);
      };
      known.push_back(fixed && node.regions.empty() && ops::def(node.op).effect == ops::Effect::Pure &&
                      std::all_of(node.operands.begin(), node.operands.end(), is_fixed));
      Node n = node;
      n.operands = moved(std::move(n.operands));
      std::optional<Fixed> inside = fixed_inside(node);
      if (!inside && fixed && node.op == ir::OpId::If) {
        inside.emplace();
        for (std::size_t k = ops::def(node.op).argument_offset; k < node.operands.size(); ++k)
          inside->push_back(is_fixed(node.operands[k]));
      }
      for (RegionIndex& child : n.regions) {
        const RegionIndex copied = out_.add_region(from_.regions[child].args);
        run(child, copied, inside);
        child = copied;
      }
      if (inside)
        for (std::size_t which = 0; which < n.regions.size(); ++which)
          Hoist(out_, target, n, which, *inside).run();
      moved.set(i, out_.emit(target, std::move(n)), node.results.size());
    }
    out_.set_results(target, moved(r.results));
  }

 private:
  /// Of a loop: its captures.
  static std::optional<Fixed> fixed_inside(const Node& n) {
    if (n.op != ir::OpId::While) return {};
    Fixed fixed(n.operands.size() - ops::def(n.op).argument_offset, true);
    std::fill_n(fixed.begin(), 1 + std::get<std::int64_t>(n.attrs[0]), false);
    return fixed;
  }

  const Program& from_;
  ir::Builder& out_;
};

}  // namespace

ir::Program licm(const ir::Program& program) {
  ir::Builder out(program.name);
  Copy(program, out).run(0, 0, {});
  return out.finish();
}

}  // namespace monograph::passes
