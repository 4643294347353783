// Breadth-first search as the least fixed point of
//   level(source) = 0;   level(v) = min(level(v), 1 + min over u -> v of level(u))
// and then, once, the tree: parent(v) is the smallest u with u -> v and level(u) + 1 = level(v); the source
// is its own. Unreachable nodes keep 9223372036854775807, as LDBC Graphalytics writes them, and have no
// parent.
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

  const Value none = p.constant(Constant::of(std::numeric_limits<std::int32_t>::max()));
  const Value here = g.gather_dst(level);
  const Value closer = (here != unreachable) & (g.gather_src(level) == here - 1);
  const Value parent = g.reduce_edges(where(closer, g.edge_src(), none), EdgeEnd::Dst, Monoid::Min);
  p.output_nodes("parent", where(level.value() == 0, g.node_index(), where(parent == none, -1, parent)));
  return p.build();
}

}  // namespace monograph
