// Weakly connected components by minimum labels: every node starts with its own index and takes the smallest
// it sees,
//   label(v) = min(label(v), min over neighbours u, in either direction, of label(u))
// until nothing changes; the fixed point is the smallest index of the component.
#include <monograph/algorithms.h>

namespace monograph {

Program wcc() {
  ProgramBuilder p("wcc");
  const GraphRef g = p.graph();
  Variable component = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value next = min(
                     component, g.neighbor_agg(component, Aggregate::Min, {.direction = Direction::Both}));
                 changed = any(next != component);
                 component = next;
               });
  p.output_nodes("component", component);
  return p.build();
}

}  // namespace monograph
