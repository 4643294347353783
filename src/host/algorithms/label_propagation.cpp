// Communities by label propagation, all nodes at once. Raghavan, Albert, Kumara 2007: a node takes the label
// that most of its neighbours have, in either direction, and keeps its own when that is one of them,
//   label(v) = argmax over labels l of |{u in N(v) : label(u) = l}|        ties: the own label, else the
//   smallest
// until nobody changes. Taken at once, two halves may exchange labels for ever: max_iterations ends that, and
// message_pass avoids it.
#include <monograph/algorithms.h>

namespace monograph {

Program label_propagation() {
  ProgramBuilder p("label_propagation");
  const GraphRef g = p.graph();
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "passes at most", .minimum = 0});

  Variable label = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, iterations,
               [&] {
                 const Value next =
                     g.neighbor_mode(label, {.direction = Direction::Both, .ties = Ties::Keep});
                 changed = any(next != label);
                 label = next;
               });
  p.output_nodes("label", label);
  return p.build();
}

}  // namespace monograph
