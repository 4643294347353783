// Communities by label propagation, one after the other (asynchronous, as Raghavan, Albert, Kumara 2007
// propose): a node sees what those before it have just become. Nodes of one colour are no neighbours, so a
// whole colour at once gives what its nodes in any order give: classes are the colours of a colouring, or,
// `sequential`, each node is a class of its own, in the order of ids (V steps a pass, each over the whole
// graph: for small graphs).
//   for each class c in turn:   label(v) = argmax over labels of N(v), for v in c     ties: the own label
//   first
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program message_pass() {
  ProgramBuilder p("message_pass");
  const GraphRef g = p.graph();
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "passes at most", .minimum = 0});
  const Value sequential =
      p.parameter("sequential", false, {.doc = "node after node, instead of colour after colour"});
  const Value seed = p.parameter("seed", 0, {.doc = "of the colouring"});

  const Value index = as_i64(g.node_index());
  Variable turn = p.variable(index);
  p.if_else(!sequential, [&] { turn = steps::colours(p, g, seed); });
  const Value classes = max(reduce_max(turn), -1) + 1;

  Variable label = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, iterations,
               [&] {
                 const Value before = label;
                 p.loop(classes, [&] {
                   const Value next =
                       g.neighbor_mode(label, {.direction = Direction::Both, .ties = Ties::Keep});
                   label = where(turn.value() == p.iteration(), next, label);
                 });
                 changed = any(label.value() != before);
               });
  p.output_nodes("label", label);
  return p.build();
}

}  // namespace monograph
