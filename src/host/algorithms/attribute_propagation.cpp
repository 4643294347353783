// An attribute spread over the graph. Friedkin, Johnsen: Social influence and opinions, 1990; the same
// iteration is Zhou et al.: Learning with local and global consistency, 2004. Each node moves from its own
// value towards the mean of those that point at it,
//   x_0 = value;   x_i(v) = (1 - mix) * value(v) + mix * mean over u -> v of x_{i-1}(u)
// by edge weight, where the graph has any. A node that nobody points at keeps its value.
#include <monograph/algorithms.h>

namespace monograph {

Program attribute_propagation() {
  ProgramBuilder p("attribute_propagation");
  const GraphRef g = p.graph();
  const Value mix = p.parameter(
      "mix", 0.5, {.doc = "0: only the own value; 1: only the neighbours'", .minimum = 0, .maximum = 1});
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance = p.parameter(
      "tolerance", 1e-6, {.doc = "stop when no value changes by as much; 0: never", .minimum = 0});
  const Value value = g.load_node("value");
  const Value weight = g.load_edge("weight", ScalarType::F64, 1.0);
  p.check(!((weight >= 0.0) & is_finite(weight)),
          "attribute_propagation: expected weights of at least 0, found a negative one, an infinity or NaN");

  const Value strength = g.degree(Direction::In, weight);
  Variable x = p.variable(value);
  p.until_converged(x, {.tolerance = tolerance, .norm = Norm::Max, .max_iterations = iterations}, [&] {
    const Value heard = g.neighbor_agg(x, Aggregate::Sum, {.weights = weight});
    const Value mixed = (1.0 - mix) * value + mix * safe_div(heard, strength, 0.0);
    x = where(strength > 0.0, mixed, value);
  });
  p.output("value", x);
  return p.build();
}

}  // namespace monograph
