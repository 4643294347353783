// Community detection by label propagation. Raghavan, Albert, Kumara: Near linear time algorithm to detect
// community structures in large-scale networks, 2007; synchronous and deterministic as LDBC
// Graphalytics 1.0.3, 2.3.5, defines it:
//   label_0(v) = v;   label_i(v) = min(argmax over labels l of |{u in N(v) : label_{i-1}(u) = l}|)
// where N(v) counts a neighbour twice that is joined in both directions. A pass that changes nothing is the
// last one.
#include <monograph/algorithms.h>

namespace monograph {

Program cdlp() {
  ProgramBuilder p("cdlp");
  const GraphRef g = p.graph();
  const Value iterations = p.parameter("max_iterations", 10, {.doc = "passes at most", .minimum = 0});

  Variable label = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, iterations,
               [&] {
                 const Value next =
                     g.neighbor_mode(label, {.direction = Direction::Both, .ties = Ties::Lowest});
                 changed = any(next != label);
                 label = next;
               });
  p.output_nodes("label", label);
  return p.build();
}

}  // namespace monograph
