// A proper colouring. Jones, Plassmann: A parallel graph coloring heuristic, 1993: in a random order, each
// node takes the smallest colour that its neighbours before it do not have; whoever waits for nobody does so
// at once. At most 1 + (largest number of neighbours) colours. Directions and self-loops are ignored.
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program colouring() {
  ProgramBuilder p("colouring");
  const GraphRef g = p.graph();
  const Value seed = p.parameter("seed", 0, {.doc = "of the order"});
  p.output("colour", steps::colours(p, g, seed));
  return p.build();
}

}  // namespace monograph
