// Cores by peeling. Seidman: Network structure and minimum degree, 1983; Batagelj, Zaversnik: An O(m)
// algorithm for cores decomposition of networks, 2003. The k-core is what is left when nodes with fewer than
// k edges are taken away until there are none; core(v) is the largest k whose core has v. In each round
//   k      = max(k, the smallest number of edges that a node has left)
//   leaves = who has at most k edges left;   core(v) = k for them
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

#include "host/algorithms/steps.h"

namespace monograph {

Program k_core() {
  ProgramBuilder p("k_core");
  const GraphRef g = p.graph();
  const Value asked = p.parameter("k", 2, {.doc = "the core that the mask shows", .minimum = 0});
  const Value most = p.constant(Constant::of(std::numeric_limits<std::int64_t>::max()));

  Variable left = p.variable(steps::degree_without_loops(g));  // edges to nodes that have not left
  Variable there = p.variable(g.full(true));
  Variable core = p.variable(g.full(0));
  Variable k = p.variable(0);
  p.while_loop([&] { return any(there); }, g.node_count() + 1,
               [&] {
                 k = max(k, reduce_min(where(there, left, most)));
                 const Value leaves = there & (left.value() <= k);
                 core = where(leaves, k, core);
                 there = there & !leaves;
                 left = left - g.neighbor_agg(leaves, Aggregate::Count, {.direction = Direction::Both});
               });
  p.output("core", core);
  p.output("mask", core.value() >= asked);
  return p.build();
}

}  // namespace monograph
