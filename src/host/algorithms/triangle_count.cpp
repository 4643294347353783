// Triangle counting, as the GAP Benchmark Suite (Beamer, Asanovic, Patterson 2015) defines it: sets of three
// nodes, each two of them adjacent. One corner counts each, by intersecting rows of neighbours (Schank,
// Wagner 2005).
#include <monograph/algorithms.h>

namespace monograph {

Program triangle_count() {
  ProgramBuilder p("triangle_count");
  p.output("triangles", sum(p.graph().triangles(Triangles::Once)));
  return p.build();
}

}  // namespace monograph
