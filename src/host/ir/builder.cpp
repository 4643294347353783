#include "host/ir/builder.h"

#include <algorithm>
#include <map>

namespace monograph::ir {
namespace {

/// Region index -> preorder number, following owners from the entry.
void number_regions(const Program& p, RegionIndex r, std::vector<RegionIndex>& order) {
  order.push_back(r);
  for (const Node& n : p.regions[r].nodes)
    for (RegionIndex child : n.regions) number_regions(p, child, order);
}

std::uint64_t content_hash(const Node& n) {
  base::Hasher h;
  h.add(static_cast<std::uint64_t>(n.op));
  for (ValueId v : n.operands) h.add(std::uint64_t{v.node} << 32 | v.result);
  for (const Attr& a : n.attrs) {
    h.add(a.index());
    if (const auto* c = std::get_if<Constant>(&a)) h.add(c->bits);
    if (const auto* s = std::get_if<std::string>(&a)) h.add(*s);
    if (const auto* e = std::get_if<ops::EnumValue>(&a)) h.add(e->index);
  }
  return h.finish().low;
}

/// May two equal nodes be one? Control nodes own their regions, so they are not compared.
bool shareable(const Node& n) { return ops::def(n.op).effect == ops::Effect::Pure && n.regions.empty(); }

class BuilderExpansion final : public ops::Expansion {
 public:
  BuilderExpansion(Builder& builder, RegionIndex region, std::vector<Location> where)
      : builder_(builder), region_(region), where_(std::move(where)) {}

  Handle add(ValueId v) {
    values_.push_back(v);
    return static_cast<Handle>(values_.size() - 1);
  }
  ValueId value(Handle h) const { return values_[h]; }
  Type type(Handle h) const override { return builder_.type(region_, values_[h]); }
  Handle constant(Constant c) override { return add(builder_.constant(region_, c, where_)); }
  Handle op(OpId id, std::vector<std::optional<Handle>> operands, std::vector<Attr> attrs) override {
    std::vector<ValueId> in;
    for (const auto& h : operands) in.push_back(h ? values_[*h] : ValueId::none());
    const ops::OpDef& def = ops::def(id);
    while (in.size() < def.operands.size()) in.push_back(ValueId::none());
    while (attrs.size() < def.attrs.size()) attrs.push_back(def.attrs[attrs.size()].fallback);
    return add(builder_.emit(region_, id, std::move(in), std::move(attrs), where_));
  }

 private:
  Builder& builder_;
  RegionIndex region_;
  std::vector<Location> where_;
  std::vector<ValueId> values_;
};

void replay_region(const Program& from, RegionIndex source, Builder& to, RegionIndex target) {
  const Region& region = from.regions[source];
  std::vector<ValueId> map(region.nodes.size());  // first value of each node
  const auto moved = [&](ValueId v) {
    return v.is_none() || v.is_argument() ? v : ValueId{map[v.node].node, map[v.node].result + v.result};
  };
  for (std::size_t i = 0; i < region.nodes.size(); ++i) {
    Node n = region.nodes[i];
    for (ValueId& v : n.operands) v = moved(v);
    for (RegionIndex& r : n.regions) {
      const RegionIndex copy = to.add_region(from.regions[r].args);
      replay_region(from, r, to, copy);
      r = copy;
    }
    map[i] = to.emit(target, std::move(n));
  }
  std::vector<ValueId> results;
  for (ValueId v : region.results) results.push_back(moved(v));
  to.set_results(target, std::move(results));
}

}  // namespace

RegionIndex Builder::add_region(std::vector<Type> args) {
  program_.regions.push_back({.args = std::move(args), .nodes = {}, .results = {}});
  memo_.emplace_back();
  return static_cast<RegionIndex>(program_.regions.size() - 1);
}

bool Builder::try_fold(RegionIndex r, const Node& node, ValueId& out) {
  if (!ops::is_scalar(node.op) || ops::info(ops::scalar_op(node.op)).accuracy.ulp != 0) return false;
  std::vector<ops::ScalarOperand> in;
  for (ValueId v : node.operands) {
    const Constant* c = constant_of(region(r), v);
    if (!c) return false;
    in.push_back({&c->bits, 0});  // little-endian: the element's bytes come first
  }
  const auto& row = ops::info(ops::scalar_op(node.op));
  const ScalarType t = type(r, node.operands[row.operands == ops::Operands::Select ? 1 : 0]).scalar;
  Constant folded{node.results[0].scalar, 0};
  ops::evaluate_scalar(row.op, t, folded.type, in, &folded.bits, 1);
  out = constant(r, folded, node.where);
  return true;
}

void Builder::complete(RegionIndex r, Node& node) const {
  if (options_.share && ops::is_scalar(node.op) &&
      (ops::info(ops::scalar_op(node.op)).traits & ops::Commutative))
    std::sort(node.operands.begin(), node.operands.end());
  node.results = infer(program_, region(r), node);
}

ValueId Builder::find_complete(RegionIndex r, const Node& node) const {
  if (!options_.share || !shareable(node)) return ValueId::none();
  for (auto [it, end] = memo_[r].equal_range(content_hash(node)); it != end; ++it)
    if (region(r).nodes[it->second] == node) return {it->second, 0};
  return ValueId::none();
}

ValueId Builder::find(RegionIndex r, Node node) const {
  complete(r, node);
  return find_complete(r, node);
}

ValueId Builder::emit(RegionIndex r, Node node) {
  complete(r, node);
  ValueId known;
  if (options_.fold && try_fold(r, node, known)) return known;
  known = find_complete(r, node);
  if (!known.is_none()) {
    add_lines(region(r).nodes[known.node].where, node.where);
    return known;
  }
  const auto index = static_cast<std::uint32_t>(region(r).nodes.size());
  if (options_.share && shareable(node)) memo_[r].emplace(content_hash(node), index);
  region(r).nodes.push_back(std::move(node));
  return {index, 0};
}

ValueId Builder::emit(RegionIndex r, OpId op, std::vector<ValueId> operands, std::vector<Attr> attrs,
                      std::vector<Location> where) {
  return emit(r, Node{.op = op,
                      .operands = std::move(operands),
                      .attrs = std::move(attrs),
                      .regions = {},
                      .results = {},
                      .where = std::move(where)});
}

ValueId Builder::constant(RegionIndex r, Constant value, std::vector<Location> where) {
  return emit(r, OpId::Constant, {}, {value}, std::move(where));
}

Program Builder::finish() {
  std::vector<RegionIndex> order;
  number_regions(program_, 0, order);
  std::vector<RegionIndex> number(program_.regions.size());
  for (std::size_t i = 0; i < order.size(); ++i) number[order[i]] = static_cast<RegionIndex>(i);
  Program done{.name = program_.name, .regions = {}};
  for (RegionIndex r : order) {
    Region& copy = done.regions.emplace_back(std::move(program_.regions[r]));
    for (Node& n : copy.nodes)
      for (RegionIndex& child : n.regions) child = number[child];
  }
  verify(done);
  return done;
}

Program replay(const Program& program, BuilderOptions options) {
  Builder b(program.name, options);
  replay_region(program, 0, b, 0);
  return b.finish();
}

ValueId expand(Builder& builder, RegionIndex r, const Node& node) {
  const ops::OpDef& def = ops::def(node.op);
  if (!def.expand) throw InternalError(std::string(def.name) + " is not composite");
  BuilderExpansion e(builder, r, node.where);
  std::vector<std::optional<ops::Expansion::Handle>> handles;
  for (ValueId v : node.operands) handles.push_back(v.is_none() ? std::nullopt : std::optional(e.add(v)));
  return e.value(def.expand(e, handles, node.attrs));
}

}  // namespace monograph::ir
