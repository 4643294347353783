// Betweenness centrality. Freeman, A set of measures of centrality based on betweenness, 1977; Brandes, A
// faster algorithm for betweenness centrality, 2001; from a sample of the sources: Brandes, Pich, Centrality
// estimation in large networks, 2007.
//   betweenness(v) = sum over s != v != t of paths(s, t through v) / paths(s, t)       (shortest paths)
// From each source s, level by level outwards and back:
//   paths(v)      = sum over u -> v, level(u) + 1 = level(v), of paths(u)
//   dependency(v) = sum over v -> u, level(v) + 1 = level(u), of paths(v) / paths(u) * (1 + dependency(u))
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {

Program betweenness() {
  ProgramBuilder p("betweenness");
  const GraphRef g = p.graph();
  const steps::Sources sources = steps::sources(p, g);
  const Value normalized = p.parameter("normalized", true, {.doc = "as a share of the (V - 1)(V - 2) pairs"});

  Variable total = p.variable(g.full(0.0));
  p.loop(sources.count, [&] {
    const Value turn = as_i64(g.node_index()) == p.iteration();
    const Value source = scatter_reduce(turn, sources.node, Monoid::Any);
    Variable level = p.variable(where(source, 0, g.full(-1)));  // -1: not reached
    Variable paths = p.variable(where(source, 1.0, g.full(0.0)));
    Variable depth = p.variable(0);
    Variable found = p.variable(true);
    p.while_loop([&] { return found.value(); }, g.node_count() + 1,
                 [&] {
                   const Value arriving = g.in_sum(where(level.value() == depth, paths, 0.0));
                   const Value fresh = (level.value() == -1) & (arriving > 0.0);
                   depth = depth + 1;
                   paths = where(fresh, arriving, paths);
                   level = where(fresh, depth, level);
                   found = any(fresh);
                 });

    Variable dependency = p.variable(g.full(0.0));
    p.while_loop([&] { return depth.value() > 1; }, g.node_count() + 1,
                 [&] {
                   depth = depth - 1;  // the farthest level first
                   const Value share = where(level.value() == depth, (dependency + 1.0) / paths, 0.0);
                   const Value back = g.out_sum(share);
                   dependency = where(level.value() == depth - 1, paths * back, dependency);
                 });
    total = total + where(source, 0.0, dependency);
  });

  const Value others = as_f64(g.node_count()) - 1.0;
  const Value pairs = where(normalized, others * (others - 1.0), 1.0);
  p.output("betweenness", total * sources.scale * safe_div(1.0, pairs, 0.0));
  return p.build();
}

}  // namespace monograph
