// Eigenvector centrality. Bonacich: Power and centrality, 1987: a node is as important as those that point at
// it,
//   lambda * x(v) = sum over u -> v of x(u)
// for the largest lambda, by power iteration. The node itself is added, x(v) + sum, which has the same
// vectors and converges on bipartite graphs too.
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program eigenvector() {
  ProgramBuilder p("eigenvector");
  const GraphRef g = p.graph();
  const Value iterations = p.parameter("max_iterations", 1000, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance = p.parameter(
      "tolerance", 1e-8, {.doc = "stop when the L1 norm of the change is below; 0: never", .minimum = 0});

  Variable x = p.variable(steps::unit_length(g.full(1.0)));
  p.until_converged(x, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations}, [&] {
    x = steps::unit_length(g.neighbor_agg(x, Aggregate::Sum, {.include_self = true}));
  });
  p.output("eigenvector", x);
  return p.build();
}

}  // namespace monograph
