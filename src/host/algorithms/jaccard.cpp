// Jaccard similarity of the ends of each edge. Jaccard 1901: of the nodes adjacent to either end, the share
// that both have,
//   jaccard(u, v) = |N(u) & N(v)| / |N(u) | N(v)| = common / (|N(u)| + |N(v)| - common)
#include <monograph/algorithms.h>

namespace monograph {

Program jaccard() {
  ProgramBuilder p("jaccard");
  const GraphRef g = p.graph();
  const Value neighbours = g.neighbor_count();
  const Value common = g.common_neighbors();
  const Value either = g.gather_src(neighbours) + g.gather_dst(neighbours) - common;
  p.output("jaccard", where(g.edge_src() == g.edge_dst(), 1.0, as_f64(common) / as_f64(either)));
  return p.build();
}

}  // namespace monograph
