// Random walks along edges. Pearson 1905; with restarts: Tong, Faloutsos, Pan: Fast random walk with restart,
// 2006. V walkers take `length` steps each, every one by an out-edge drawn at random, each as likely as the
// other or by weight; who has none begins again, and so does, with probability `restart`, anybody.
#include <monograph/algorithms.h>

#include <optional>

namespace monograph {

Program random_walk() {
  ProgramBuilder p("random_walk");
  const GraphRef g = p.graph();
  const Value source = p.node_parameter("source", "where all walkers begin, if together");
  const Value together = p.parameter("together", false, {.doc = "begin at the source, not one at each node"});
  const Value length = p.parameter("length", 10, {.doc = "steps of each walker", .minimum = 0});
  const Value restart = p.parameter(
      "restart", 0.0, {.doc = "probability of beginning again, each step", .minimum = 0, .maximum = 1});
  const Value seed = p.parameter("seed", 0, {.doc = "of the steps"});

  const Value weighted = p.parameter("weighted", false, {.doc = "draw edges by edge attribute weight"});

  const Value start = where(together, g.full(source), g.node_index());
  Variable visits = p.variable(g.full(0));
  Variable last = p.variable(g.full(0));
  const auto walk = [&](const std::optional<Operand>& weights) {
    const RandomWalk w = g.random_walk(start, length, {.restart = restart, .seed = seed, .weights = weights});
    visits = w.visits;
    last = w.last;
  };
  const Value weight = g.load_edge("weight", ScalarType::F64, 1.0);
  p.if_else(
      weighted, [&] { walk(weight); }, [&] { walk({}); });
  p.output("visits", visits);
  p.output_nodes("last", as_i32(last));
  return p.build();
}

}  // namespace monograph
