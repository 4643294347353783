// Weakly connected components. Zhang, Azad, Hu: FastSV: a distributed-memory connected component algorithm
// with fast convergence, 2020, algorithm 2: f(u) is u's parent in a forest, gf(u) its grandparent,
//   f(f(u)) = min over neighbours v, in either direction, of gf(v)     trees hook onto smaller ones,
//   f(u)    = min(f(u), that minimum, gf(u))                           nodes too, and paths get shorter
// until no grandparent changes: then each tree is a star whose root is the smallest index of its component.
// Rounds grow with the logarithm of a component's diameter, where labels that travel along edges need as many
// as it has.
#include <monograph/algorithms.h>

namespace monograph {

Program wcc() {
  ProgramBuilder p("wcc");
  const GraphRef g = p.graph();
  Variable f = p.variable(g.node_index());
  Variable gf = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value least = g.neighbor_agg(gf, Aggregate::Min, {.direction = Direction::Both});
                 const Value hooked = min(f, scatter_reduce(least, f, Monoid::Min));
                 f = min(min(hooked, least), gf);
                 const Value next = take(f, f);
                 changed = any(next != gf);
                 gf = next;
               });
  p.output_nodes("component", f);
  return p.build();
}

}  // namespace monograph
