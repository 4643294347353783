// What a GraphRef offers beyond single aggregations: rows, triangles, labels, and small algorithms that
// record loops.
#include <monograph/order.h>

#include "host/ir/recorder.h"

namespace monograph {

using detail::Recorder;

namespace {

template <class E>
ir::Attr choice(E e) {
  return ops::EnumValue{static_cast<std::uint8_t>(e)};
}

}  // namespace

// ---- rows

Value GraphRef::neighbor_at(const Operand& node, const Operand& k, Direction direction) const {
  return recorder_->emit("graph.neighbor_at", {{"node", node}, {"k", k}}, {{"direction", choice(direction)}},
                         node.where());
}

Value GraphRef::pick_neighbor(const Operand& node, const Operand& u, Direction direction,
                              const std::optional<Operand>& weights) const {
  return recorder_->emit("graph.pick_neighbor", {{"node", node}, {"u", u}, {"weights", weights}},
                         {{"direction", choice(direction)}}, node.where());
}

Value GraphRef::neighbor_count(Source where) const {
  return recorder_->emit("graph.neighbor_count", {}, {}, where);
}
Value GraphRef::common_neighbors(Source where) const {
  return recorder_->emit("graph.common_neighbors", {}, {}, where);
}
Value GraphRef::triangles(Triangles count, Source where) const {
  return recorder_->emit("graph.triangles", {}, {{"count", choice(count)}}, where);
}

// ---- labels

Value GraphRef::best_label(const Operand& labels, const Operand& node_cost, const Operand& label_cost,
                           const Operand& factor, const BestLabelOptions& o) const {
  const Operand real(recorder_->value(factor, ScalarType::F64), factor.where());
  return recorder_->emit("graph.best_label",
                         {{"labels", labels},
                          {"node_cost", node_cost},
                          {"label_cost", label_cost},
                          {"factor", real},
                          {"weights", o.weights}},
                         {{"direction", choice(o.direction)}}, labels.where());
}

Value GraphRef::group_by(const Operand& labels, const Operand& x, Aggregate aggregate) const {
  const auto at = [&](const Value& v) { return Operand(v, x.where()); };
  const auto grouped = [&](const Operand& elements, Monoid monoid) {
    return take(at(scatter_reduce(elements, labels, monoid)), labels);
  };
  const auto members = [&] { return grouped(at(full(Operand(std::int64_t{1}, x.where()))), Monoid::Sum); };
  switch (aggregate) {
    case Aggregate::Sum:
      return grouped(x, Monoid::Sum);
    case Aggregate::Mean: {
      const Value wide = as_f64(x), total = grouped(at(wide), Monoid::Sum), count = as_f64(at(members()));
      return div(at(total), at(count));
    }
    case Aggregate::Min:
      return grouped(x, Monoid::Min);
    case Aggregate::Max:
      return grouped(x, Monoid::Max);
    case Aggregate::Prod:
      return grouped(x, Monoid::Prod);
    case Aggregate::Any:
      return grouped(x, Monoid::Any);
    case Aggregate::All:
      return grouped(x, Monoid::All);
    case Aggregate::BitOr:
      return grouped(x, Monoid::BitOr);
    case Aggregate::BitAnd:
      return grouped(x, Monoid::BitAnd);
    case Aggregate::Count:
    case Aggregate::Mode:
    case Aggregate::ArgMin:
    case Aggregate::ArgMax:
      break;
  }
  if (aggregate == Aggregate::Count) {
    const Value truth = recorder_->value(x);
    if (truth.type().scalar != ScalarType::Bool)
      throw CompileError(detail::location(x.where()),
                         "group_by: expected a bool column to count, got " + to_string(truth.type()));
    return grouped(at(truth), Monoid::Sum);
  }
  throw CompileError(detail::location(x.where()),
                     "group_by: expected sum, mean, min, max, prod, count, any, all, bit_or or bit_and as "
                     "aggregate, got mode, argmin or argmax");
}

Value GraphRef::count_at(const Operand& index) const {
  return recorder_->emit("core.bincount", {{"index", index}}, {{"over", nodes_of(ScalarType::I64)}},
                         index.where());
}

// ---- random choices

Value GraphRef::sample(const Operand& count, const Operand& seed) const {
  const auto at = [&](const Value& v) { return Operand(v, count.where()); };
  const Value number = as_i64(at(node_index(count.where())));
  const Value drawn = random(at(recorder_->value(seed, ScalarType::I64)), at(number));
  return lt(at(rank(at(drawn))), at(recorder_->count_value(count)));
}

Value GraphRef::sample_fraction(const Operand& fraction, const Operand& seed) const {
  const auto at = [&](const Value& v) { return Operand(v, fraction.where()); };
  const Value nodes = as_f64(at(node_count(fraction.where())));
  const Value share = mul(at(recorder_->value(fraction, ScalarType::F64)), at(nodes));
  return sample(at(as_i64(at(round(at(share))))), seed);
}

namespace {

/// 0, 1, ... over the domain of `column`, i64.
Value numbers_like(Recorder& r, const GraphRef& g, const Value& column, const Source& where) {
  switch (column.type().domain) {
    case Domain::Nodes:
      return as_i64(Operand(g.node_index(where), where));
    case Domain::Fixed:
      return r.emit("core.iota", {}, {{"length", column.type().length}}, where);
    default:
      throw CompileError(detail::location(where),
                         "random_walk: expected walkers over the nodes or a fixed "
                         "length, got " +
                             to_string(column.type()));
  }
}

}  // namespace

RandomWalk GraphRef::random_walk(const Operand& start, const Operand& length,
                                 const RandomWalkOptions& o) const {
  const Source& where = start.where();
  const auto at = [&](const auto& x) { return Operand(x, where); };
  ProgramBuilder p(*this);
  const Value first = as_i64(start), walker = numbers_like(*recorder_, *this, first, where);
  const Value seed = recorder_->value(o.seed, ScalarType::I64);
  const Value restart = recorder_->value(o.restart, ScalarType::F64);
  const Value all = recorder_->value(at(std::int64_t{1} << 32));
  Variable here = p.variable(at(first)), visits = p.variable(at(count_at(at(first))));
  p.loop(length, [&] {  // a step draws twice; 2^31 walkers would not meet
    const Value step = mul(at(add(at(p.iteration(where)), at(1))), at(all));
    const Value counter = add(at(mul(at(walker), at(2))), at(step));
    const Value again = lt(at(random(at(seed), at(counter))), at(restart));
    const Value u = random(at(seed), at(add(at(counter), at(1))));
    const Value next = pick_neighbor(here, at(u), o.direction, o.weights);
    const Value stuck = lt(at(next), at(0));
    const Value anew = logical_or(at(again), at(stuck));
    here = at(monograph::where(at(anew), at(first), at(next)));
    visits = at(add(visits, at(count_at(here))));
  });
  return {here, visits};
}

// ---- small algorithms

Value GraphRef::k_core(const Operand& k) const {
  const Source& where = k.where();
  const auto at = [&](const auto& x) { return Operand(x, where); };
  ProgramBuilder p(*this);
  const Value least = recorder_->value(k, ScalarType::I64);
  const Value loop_edges = eq(at(edge_src(where)), at(edge_dst(where)));
  const Value loops = reduce_edges(at(loop_edges), EdgeEnd::Both, Monoid::Sum);
  Variable core = p.variable(at(full(at(true)))), changed = p.variable(at(true));
  p.while_loop([&] { return changed.value(); }, at(node_count(where)),
               [&] {
                 const Value edges = neighbor_agg(core, Aggregate::Count, {.direction = Direction::Both});
                 const Value others = sub(at(edges), at(loops));
                 const Value stays = logical_and(core, at(ge(at(others), at(least))));
                 changed = at(any(at(ne(core, at(stays)))));
                 core = at(stays);
               },
               where);
  return core;
}

}  // namespace monograph
