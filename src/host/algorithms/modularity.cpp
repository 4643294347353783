// Modularity of a division into communities. Newman, Girvan: Finding and evaluating community structure in
// networks, 2004; weighted: Newman 2004; directed: Leicht, Newman 2008; resolution: Reichardt, Bornholdt
// 2006.
//   Q = sum over communities c of ( inside(c)/W - resolution * out(c)/W * in(c)/W )
// with weights of edges inside of c, leaving its nodes, entering them, and of all, W. On an undirected graph
// each edge counts from both of its ends, a self-loop twice, and in(c) = out(c).
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program modularity() {
  ProgramBuilder p("modularity");
  const GraphRef g = p.graph();
  const Value resolution =
      p.parameter("resolution", 1.0, {.doc = "larger: smaller communities", .minimum = 0});
  const Value community = g.load_node("community", ScalarType::I64);
  const Value weight = g.load_edge("weight", ScalarType::F64, 1.0);
  p.check(!((weight >= 0.0) & is_finite(weight)),
          "modularity: expected weights of at least 0, found a negative one, an infinity or NaN");

  const Value from_both_ends = steps::is_undirected(g) & (g.edge_src() == g.edge_dst());
  const Value counted = where(from_both_ends, weight * 2.0, weight);
  const Value total = sum(counted);
  const auto of_communities = [&](const Value& x) { return scatter_reduce(x, community, Monoid::Sum); };
  const Value home = g.gather_src(community) == g.gather_dst(community);
  const Value inside = of_communities(g.reduce_edges(where(home, counted, 0.0), EdgeEnd::Src, Monoid::Sum));
  const Value leaving = of_communities(g.reduce_edges(counted, EdgeEnd::Src, Monoid::Sum));
  const Value entering = of_communities(g.reduce_edges(counted, EdgeEnd::Dst, Monoid::Sum));
  const auto share = [&](const Value& x) { return safe_div(x, total, 0.0); };
  p.output("modularity", sum(share(inside) - resolution * share(leaving) * share(entering)));
  return p.build();
}

}  // namespace monograph
