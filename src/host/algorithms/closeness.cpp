// Closeness centrality. Bavelas 1950; Freeman: Centrality in social networks, 1978; on graphs that are not
// connected as Wasserman, Faust: Social network analysis, 1994, weigh it by the share of nodes that count:
//   closeness(v) = r / (sum over them of distance(u, v)) * r / (V - 1)     r nodes u != v reach v
// Distances from a sample of the sources estimate it: Eppstein, Wang, Fast approximation of centrality, 2004.
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program closeness() {
  ProgramBuilder p("closeness");
  const GraphRef g = p.graph();
  const steps::Sources sources = steps::sources(p, g);

  Variable reach = p.variable(g.full(0)), far = p.variable(g.full(0));
  steps::each_distance(p, g, sources, [&](const Value& distance, const Value& arriving) {
    reach = reach + arriving;
    far = far + arriving * distance;
  });
  // a sample's r and sum are smaller by the same factor
  const Value r = as_f64(reach);
  const Value others = as_f64(g.node_count()) - 1.0;
  p.output("closeness", safe_div(r, as_f64(far), 0.0) * safe_div(r * sources.scale, others, 0.0));
  return p.build();
}

}  // namespace monograph
