// Breadth-first search as the least fixed point of
//   level(source) = 0;   level(v) = min(level(v), 1 + min over u -> v of level(u))
// Unreachable nodes keep 9223372036854775807, as LDBC Graphalytics writes them.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

namespace monograph {

Program bfs() {
  ProgramBuilder p("bfs");
  const GraphRef g = p.graph();
  const Value source = p.node_parameter("source", "where the search starts");
  const Value unreachable = p.constant(Constant::of(std::numeric_limits<std::int64_t>::max()));

  Variable level = p.variable(where(g.node_index() == source, 0, unreachable));
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value nearest = g.in_min(level);
                 const Value next = min(level, where(nearest == unreachable, unreachable, nearest + 1));
                 changed = any(next != level);
                 level = next;
               });
  p.output("level", level);
  return p.build();
}

}  // namespace monograph
