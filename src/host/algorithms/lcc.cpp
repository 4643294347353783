// Local clustering coefficient. Watts, Strogatz: Collective dynamics of small-world networks, 1998; LDBC
// Graphalytics 1.0.3, section 2.3.6: of the edges that there could be between neighbours, the share that
// there is,
//   lcc(v) = |{(u, w) : u, w in N(v), u -> w an edge}| / (|N(v)| * (|N(v)| - 1))
// where N(v) are the nodes adjacent in either direction.
#include <monograph/algorithms.h>

namespace monograph {

Program lcc() {
  ProgramBuilder p("lcc");
  const GraphRef g = p.graph();
  const Value neighbours = as_f64(g.neighbor_count());
  const Value between = as_f64(g.triangles(Triangles::Arcs));
  p.output("lcc", safe_div(between, neighbours * (neighbours - 1.0), 0.0));
  return p.build();
}

}  // namespace monograph
