// Single-source shortest paths. Bellman, On a routing problem, 1958; Ford 1956:
//   distance(source) = 0;   distance(v) = min(distance(v), min over u -> v of distance(u) + weight(u, v))
// until nothing changes, at most V rounds with weights that are not negative.
//
// The tree, afterwards, of edges on which the equation holds: parent(v) is the smallest u nearer to the
// source. A node that only edges of no length reach (weight 0, or lost in rounding) has no such u; it waits
// for a neighbour that has its parent, so that edges of no length never close a circle.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

namespace monograph {

Program sssp() {
  ProgramBuilder p("sssp");
  const GraphRef g = p.graph();
  const Value source = p.node_parameter("source", "where the paths start");
  const Value weight = g.load_edge("weight");
  p.check(!(weight >= 0.0), "sssp: expected weights of at least 0, found a negative one or NaN");

  const double infinity = std::numeric_limits<double>::infinity();
  Variable distance = p.variable(where(g.node_index() == source, 0.0, infinity));
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value through =
                     g.reduce_edges(g.gather_src(distance) + weight, EdgeEnd::Dst, Monoid::Min);
                 const Value next = min(distance, through);
                 changed = any(next != distance);
                 distance = next;
               });
  p.output("distance", distance);

  const Value none = p.constant(Constant::of(std::numeric_limits<std::int32_t>::max()));
  const Value from = g.gather_src(distance), to = g.gather_dst(distance);
  const Value shortest = (from + weight == to) & (to != infinity);
  const auto smallest = [&](const Value& edges) {
    return g.reduce_edges(where(edges, g.edge_src(), none), EdgeEnd::Dst, Monoid::Min);
  };
  Variable parent =
      p.variable(where(g.node_index() == source, g.node_index(), smallest(shortest & (from < to))));
  const auto waits = [&] { return (parent.value() == none) & (distance.value() != infinity); };
  p.while_loop([&] { return any(waits()); }, g.node_count() + 1,
               [&] {
                 const Value ready = shortest & (g.gather_src(parent) != none);
                 parent = where(waits(), smallest(ready), parent);
               });
  p.output_nodes("parent", where(parent.value() == none, -1, parent));
  return p.build();
}

}  // namespace monograph
