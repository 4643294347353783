// Harmonic centrality. Marchiori, Latora: Harmony in the small-world, 2000; Boldi, Vigna: Axioms for
// centrality, 2014; as a mean: Rochat, Closeness centrality extended to unconnected graphs, 2009:
//   harmonic(v) = (sum over u != v of 1 / distance(u, v)) / (V - 1)        1 / infinity = 0
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program harmonic() {
  ProgramBuilder p("harmonic");
  const GraphRef g = p.graph();
  const steps::Sources sources = steps::sources(p, g);
  const Value normalized = p.parameter("normalized", true, {.doc = "divide by the V - 1 other nodes"});

  Variable near = p.variable(g.full(0.0));
  steps::each_distance(p, g, sources, [&](const Value& distance, const Value& arriving) {
    near = near + as_f64(arriving) / as_f64(distance);
  });
  const Value others = where(normalized, as_f64(g.node_count()) - 1.0, 1.0);
  p.output("harmonic", near * sources.scale * safe_div(1.0, others, 0.0));
  return p.build();
}

}  // namespace monograph
