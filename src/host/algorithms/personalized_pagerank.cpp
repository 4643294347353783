// Personalised PageRank. Page, Brin, Motwani, Winograd 1999, section 6; Haveliwala: Topic-sensitive PageRank,
// 2002. As PageRank, but who does not follow an edge goes on where `restart` says, and so does who cannot:
//   rank(v) = (1 - d) * restart(v) + d * ( sum over u -> v of rank(u)/outdegree(u) + dangling * restart(v) )
// restart is the node attribute of that name, scaled to sum 1; where there is none (or it is all 0), the
// source.
#include <monograph/algorithms.h>

namespace monograph {

Program personalized_pagerank() {
  ProgramBuilder p("personalized_pagerank");
  const GraphRef g = p.graph();
  const Value source = p.node_parameter("source", "where walks restart, without a node attribute restart");
  const Value d =
      p.parameter("damping", 0.85, {.doc = "probability of following an edge", .minimum = 0, .maximum = 1});
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "iterations at most", .minimum = 0});
  const Value tolerance = p.parameter(
      "tolerance", 1e-6, {.doc = "stop when the L1 norm of the change is below; 0: never", .minimum = 0});
  const Value wish = g.load_node("restart", ScalarType::F64, 0.0);
  p.check(
      !((wish >= 0.0) & is_finite(wish)),
      "personalized_pagerank: expected a restart of at least 0, found a negative one, an infinity or NaN");

  const Value wishes = sum(wish);
  const Value restart = where(wishes > 0.0, safe_div(wish, wishes, 0.0), as_f64(g.node_index() == source));
  const Value out = as_f64(g.degree(Direction::Out));
  const Value share = safe_div(1.0, out, 0.0);  // of its rank that each out-edge carries
  Variable rank = p.variable(restart);
  p.until_converged(rank, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations}, [&] {
    const Value followed = g.in_sum(rank * share);
    const Value dangling = sum(where(out == 0.0, rank, 0.0));
    rank = (1.0 - d) * restart + d * (followed + dangling * restart);
  });
  p.output("rank", rank);
  return p.build();
}

}  // namespace monograph
