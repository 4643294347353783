// Strongly connected components by colours. Orzan: On distributed verification and verified distribution,
// 2004; with colours in random order as in Blelloch, Gu, Shun, Sun: Parallelism in randomized incremental
// algorithms, 2016, which makes the expected number of rounds O(log V).
//
// Every undecided node has a colour of its own. In each round, within the regions that the rounds before
// left,
//   forward:   colour(v) = max(colour(v), max over u -> v of colour(u)):    the strongest node that reaches v
//   backward:  found(v)  = v is the node of its colour, or some v -> u of the same colour is found
// What is found of a colour is reached by its node and reaches it: a component. The rest of a colour is a
// region of the next round, since no component has two colours.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

#include "host/algorithms/steps.h"

namespace monograph {

Program scc() {
  ProgramBuilder p("scc");
  const GraphRef g = p.graph();
  const Value own = steps::random_order(g, 0, 0);
  const Value closed =
      -1 - as_i64(g.node_index());  // the region of a node that is decided: nobody else is there
  const Value lowest = p.constant(Constant::of(std::numeric_limits<std::int64_t>::min()));
  const Value rounds = g.node_count() + 1;

  Variable region = p.variable(g.full(0));
  Variable root = p.variable(g.full(-1));  // the node of the component's colour; -1: undecided
  Variable open = p.variable(true);
  p.while_loop([&] { return open.value(); }, rounds,
               [&] {
                 const Value undecided = root.value() == -1;
                 const Value inside = g.gather_src(region) == g.gather_dst(region);

                 Variable colour = p.variable(where(undecided, own, closed));
                 Variable spreads = p.variable(true);
                 p.while_loop([&] { return spreads.value(); }, rounds,
                              [&] {
                                const Value strongest = g.reduce_edges(
                                    where(inside, g.gather_src(colour), lowest), EdgeEnd::Dst, Monoid::Max);
                                const Value next = max(colour, strongest);
                                spreads = any(next != colour);
                                colour = next;
                              });

                 const Value alike = g.gather_src(colour) == g.gather_dst(colour);
                 Variable found = p.variable(colour.value() == own);
                 Variable grows = p.variable(true);
                 p.while_loop([&] { return grows.value(); }, rounds,
                              [&] {
                                const Value next = found | g.reduce_edges(alike & g.gather_dst(found),
                                                                          EdgeEnd::Src, Monoid::Any);
                                grows = any(next != found);
                                found = next;
                              });

                 const Value decided = undecided & found;
                 root = where(decided, as_i64(steps::node_of(colour)), root);
                 region = where(undecided & !decided, colour, closed);
                 open = any(root.value() == -1);
               });
  const Value smallest = scatter_reduce(g.node_index(), root, Monoid::Min);
  p.output_nodes("component", take(smallest, root));
  return p.build();
}

}  // namespace monograph
