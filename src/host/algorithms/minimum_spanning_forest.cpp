// A minimum spanning forest. Boruvka 1926, as Nesetril, Milkova, Nesetrilova, Otakar Boruvka on minimum
// spanning tree problem, 2001, tell it: each component takes the lightest edge that leaves it; what they join
// is one component; until none has such an edge. Of equally heavy ones the edge {a, b} with the smallest a,
// then b, is the lightest, so that no circle closes. At most log2 V rounds. Directions are ignored.
//
// Two components may take the same edge; then the smaller stays. Every other one is gone when it has taken
// its edge, so there is room for it at that component's name, which is a node: V - (number of components)
// edges.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

namespace monograph {
namespace {

/// x at the components of a [V]: the smallest of what their nodes offer, back at the nodes.
Value smallest(const Operand& offered, const Operand& component) {
  return take(scatter_reduce(offered, component, Monoid::Min), component);
}

}  // namespace

Program minimum_spanning_forest() {
  ProgramBuilder p("minimum_spanning_forest");
  const GraphRef g = p.graph();
  const Value weight = g.load_edge("weight");
  p.check(is_nan(weight), "minimum_spanning_forest: expected weights, found NaN");

  const Value n = g.node_count(), index = g.node_index();
  const Value a = as_i64(min(g.edge_src(), g.edge_dst())), b = as_i64(max(g.edge_src(), g.edge_dst()));
  const Value ends = a * n + b;  // orders edges by a, then b
  const Value none = p.constant(Constant::of(std::numeric_limits<std::int64_t>::max()));
  const double infinity = std::numeric_limits<double>::infinity();

  Variable component = p.variable(index);
  Variable taken = p.variable(g.full(none));  // the ends of the edge with which this component went
  Variable taken_weight = p.variable(g.full(0.0));
  Variable open = p.variable(true);
  p.while_loop([&] { return open.value(); }, n + 1,
               [&] {
                 const Value leaves = g.gather_src(component) != g.gather_dst(component);
                 const Value light = smallest(
                     g.reduce_edges(where(leaves, weight, infinity), EdgeEnd::Both, Monoid::Min), component);
                 const auto first = [&](const Value& limit, EdgeEnd end) {
                   return g.reduce_edges(where(leaves & (weight == limit), ends, none), end, Monoid::Min);
                 };
                 const Value edge = smallest(
                     min(first(g.gather_src(light), EdgeEnd::Src), first(g.gather_dst(light), EdgeEnd::Dst)),
                     component);

                 const Value has = edge != none;
                 const Value at_a = take(component, where(has, safe_idiv(edge, n), 0));
                 const Value at_b = take(component, where(has, safe_mod(edge, n), 0));
                 const Value other = where(at_a == component, at_b, at_a);
                 const Value stays = (take(edge, other) == edge) & (component.value() < other);
                 const Value goes = (component.value() == index) & has & !stays;
                 taken = where(goes, edge, taken);
                 taken_weight = where(goes, light, taken_weight);
                 open = any(goes);

                 Variable root = p.variable(where(goes, other, component));
                 Variable shortens = p.variable(true);
                 p.while_loop([&] { return shortens.value(); }, n + 1,
                              [&] {
                                const Value next = take(root, root);
                                shortens = any(next != root);
                                root = next;
                              });
                 component = root;
               });

  const Value has = taken.value() != none;
  p.output("total", sum(taken_weight));
  p.output_nodes("source", where(has, as_i32(safe_idiv(taken, n)), -1));
  p.output_nodes("target", where(has, as_i32(safe_mod(taken, n)), -1));
  p.output("weight", taken_weight);
  p.output_nodes("component", component);
  return p.build();
}

}  // namespace monograph
