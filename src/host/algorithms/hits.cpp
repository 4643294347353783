// Hubs and authorities. Kleinberg: Authoritative sources in a hyperlinked environment, 1999. Good hubs point
// at good authorities:
//   authority = in_sum(hub) / |...|;   hub = out_sum(authority) / |...|
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program hits() {
  ProgramBuilder p("hits");
  const GraphRef g = p.graph();
  const Value iterations = p.parameter("max_iterations", 1000, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance =
      p.parameter("tolerance", 1e-8,
                  {.doc = "stop when the L1 norm of the hubs' change is below; 0: never", .minimum = 0});

  Variable hub = p.variable(steps::unit_length(g.full(1.0)));
  Variable authority = p.variable(g.full(0.0));
  p.until_converged(hub, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations}, [&] {
    authority = steps::unit_length(g.in_sum(hub));
    hub = steps::unit_length(g.out_sum(authority));
  });
  p.output("authority", authority);
  p.output("hub", hub);
  return p.build();
}

}  // namespace monograph
