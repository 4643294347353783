// Katz centrality. Katz: A new status index derived from sociometric analysis, 1953: all walks that end at v,
// each longer by one step counted alpha times less,
//   katz(v) = 1 + alpha * sum over u -> v of katz(u)
// scaled to length 1. Converges for alpha below 1 / (largest eigenvalue), which is at most the largest
// in-degree.
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program katz() {
  ProgramBuilder p("katz");
  const GraphRef g = p.graph();
  const Value asked = p.parameter(
      "alpha", 0.0, {.doc = "what a longer walk counts; 0: 1 / (1 + largest in-degree)", .minimum = 0});
  const Value iterations = p.parameter("max_iterations", 1000, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance = p.parameter(
      "tolerance", 1e-8, {.doc = "stop when the L1 norm of the change is below; 0: never", .minimum = 0});

  const Value safe = 1.0 / (1.0 + as_f64(max(reduce_max(g.degree(Direction::In)), 0)));  // without nodes: 1
  const Value alpha = where(asked == 0.0, safe, asked);
  Variable walks = p.variable(g.full(1.0));
  p.until_converged(walks, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations},
                    [&] { walks = 1.0 + alpha * g.in_sum(walks); });
  p.output("katz", steps::unit_length(walks));
  return p.build();
}

}  // namespace monograph
