// A maximal independent set. Luby: A simple parallel algorithm for the maximal independent set problem, 1986.
// In each round every undecided node draws a number; who has the smallest among its undecided neighbours is
// in, and its neighbours are out. Expected O(log V) rounds. Directions are ignored, and so are self-loops.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

#include "host/algorithms/steps.h"

namespace monograph {

Program maximal_independent_set() {
  ProgramBuilder p("maximal_independent_set");
  const GraphRef g = p.graph();
  const Value seed = p.parameter("seed", 0, {.doc = "of the numbers drawn"});
  const Value never = p.constant(Constant::of(std::numeric_limits<std::int64_t>::max()));

  Variable in_set = p.variable(g.full(false));
  Variable open = p.variable(g.full(true));
  p.while_loop([&] { return any(open); }, g.node_count() + 1,
               [&] {
                 const Value drawn = where(open, steps::random_order(g, seed, p.iteration()), never);
                 const Value nearby = g.neighbor_agg(drawn, Aggregate::Min, {.direction = Direction::Both});
                 const Value wins = open & (drawn <= nearby);  // equal: a self-loop shows it to itself
                 const Value loses = g.neighbor_agg(wins, Aggregate::Any, {.direction = Direction::Both});
                 in_set = in_set | wins;
                 open = open & !wins & !loses;
               });
  p.output("in_set", in_set);
  return p.build();
}

}  // namespace monograph
