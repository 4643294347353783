// Loop-invariant code motion: what a loop's body computes from values that do not change in the loop is
// computed once before it. Every scalar operation is total and every moved node pure, so computing it for a
// loop that never runs is safe. Inner loops first: what leaves an inner body may leave the outer one as well.
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

class Hoist {
 public:
  /// `loop` is about to be added to region `home` of `out`; its body is already there.
  Hoist(ir::Builder& out, RegionIndex home, Node& loop)
      : out_(out),
        home_(home),
        loop_(loop),
        body_(out.region(loop.regions[0])),
        carried_(static_cast<std::uint32_t>(std::get<std::int64_t>(loop.attrs[0]))) {}

  void run() {
    for (const Node& n : body_.nodes) outside_.push_back(movable(n) ? std::optional(move(n)) : std::nullopt);
    if (std::any_of(outside_.begin(), outside_.end(), [](const auto& v) { return v.has_value(); })) rebuild();
  }

 private:
  bool invariant(ValueId v) const {
    if (v.is_none()) return true;
    if (v.is_argument()) return v.result > carried_;
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
    if (v.is_argument()) return loop_.operands[v.result + ops::def(loop_.op).argument_offset];
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
        loop_.operands.push_back({outside_[v.node]->node, outside_[v.node]->result + v.result});
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
    out_.region(loop_.regions[0]) = std::move(rest);
  }

  ir::Builder& out_;
  const RegionIndex home_;
  Node& loop_;
  const Region body_;  // as it was
  const std::uint32_t carried_;
  std::vector<std::optional<ValueId>> outside_;  // per node of the body: where it went
  std::map<std::uint32_t, ValueId> made_again_;  // what stays and is needed outside as well
};

void copy(const Program& p, RegionIndex source, ir::Builder& out, RegionIndex target) {
  const Region& r = p.regions[source];
  std::vector<ValueId> first(r.nodes.size());
  const auto moved = [&](ValueId v) {
    return v.is_none() || v.is_argument() ? v : ValueId{first[v.node].node, v.result};
  };
  for (std::size_t i = 0; i < r.nodes.size(); ++i) {
    Node n = r.nodes[i];
    for (ValueId& v : n.operands) v = moved(v);
    for (RegionIndex& child : n.regions) {
      const RegionIndex copied = out.add_region(p.regions[child].args);
      copy(p, child, out, copied);
      child = copied;
    }
    if (n.op == ir::OpId::While) Hoist(out, target, n).run();
    first[i] = out.emit(target, std::move(n));
  }
  std::vector<ValueId> results;
  for (ValueId v : r.results) results.push_back(moved(v));
  out.set_results(target, std::move(results));
}

}  // namespace

ir::Program licm(const ir::Program& program) {
  ir::Builder out(program.name);
  copy(program, 0, out, 0);
  return out.finish();
}

}  // namespace monograph::passes
