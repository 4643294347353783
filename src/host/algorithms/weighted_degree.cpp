// Weighted degree, or strength. Barrat, Barthelemy, Pastor-Satorras, Vespignani: The architecture of complex
// weighted networks, 2004:
//   strength(v) = sum of the weights of the edges at v
#include <monograph/algorithms.h>

namespace monograph {

Program weighted_degree() {
  ProgramBuilder p("weighted_degree");
  const GraphRef g = p.graph();
  p.output("weighted_degree", g.degree(Direction::Both, g.load_edge("weight")));
  return p.build();
}

}  // namespace monograph
