// PageRank. Page, Brin, Motwani, Winograd: The PageRank citation ranking, 1999; LDBC
// Graphalytics 1.0.3, 2.3.3.
//
// A surfer follows a random out-edge with probability d and jumps to a random node otherwise; from a node
// without out-edges it always jumps. rank(v) is where it spends its time:
//   rank(v) = (1 - d)/n + d * ( sum over u -> v of rank(u)/outdegree(u)  +  sum over sinks of rank / n )
#include <monograph/algorithms.h>

namespace monograph {

Program pagerank() {
  ProgramBuilder p("pagerank");
  const GraphRef g = p.graph();
  const Value d =
      p.parameter("damping", 0.85, {.doc = "probability of following an edge", .minimum = 0, .maximum = 1});
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance = p.parameter(
      "tolerance", 1e-6, {.doc = "stop when the L1 norm of the change is below; 0: never", .minimum = 0});

  const Value n = as_f64(g.node_count());
  const Value out = as_f64(g.degree(Direction::Out));
  const Value share = safe_div(1.0, out, 0.0);  // of its rank that each out-edge carries
  Variable rank = p.variable(g.full(1.0 / n));
  p.until_converged(rank, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations}, [&] {
    const Value followed = g.in_sum(rank * share);             // sum of rank(u)/outdegree(u)
    const Value dangling = sum(where(out == 0.0, rank, 0.0));  // sum over sinks of rank
    rank = (1.0 - d) / n + d * (followed + dangling / n);
  });
  p.output("rank", rank);
  return p.build();
}

}  // namespace monograph
