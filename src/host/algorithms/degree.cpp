// Degree centrality. Freeman: Centrality in social networks, 1978: incident edges over the most there could
// be,
//   degree(v) = |edges at v| / (V - 1)
#include <monograph/algorithms.h>

namespace monograph {

Program degree() {
  ProgramBuilder p("degree");
  const GraphRef g = p.graph();
  const Value others = as_f64(g.node_count()) - 1.0;
  p.output("degree", safe_div(as_f64(g.degree(Direction::Both)), others, 0.0));
  return p.build();
}

}  // namespace monograph
