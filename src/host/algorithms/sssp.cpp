// Single-source shortest paths. Bellman, On a routing problem, 1958; Ford 1956:
//   distance(source) = 0;   distance(v) = min(distance(v), min over u -> v of distance(u) + weight(u, v))
// until nothing changes, at most V rounds with weights that are not negative.
#include <monograph/algorithms.h>

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
  return p.build();
}

}  // namespace monograph
