#include "bench/programs.h"

namespace monograph::bench {

Program pagerank_f32() {
  ProgramBuilder p("pagerank_f32");
  const GraphRef g = p.graph();
  const Value d = as_f32(p.parameter("damping", 0.85, {.minimum = 0, .maximum = 1}));
  const Value iterations = p.parameter("max_iterations", 100, {.minimum = 0});
  const Value tolerance = as_f32(p.parameter("tolerance", 1e-6, {.minimum = 0}));

  const Value n = as_f32(g.node_count());
  const Value out = as_f32(g.degree(Direction::Out));
  const Value share = safe_div(g.full(as_f32(p.constant(1))), out, 0.0);  // 1/outdegree; 0 on sinks
  Variable rank = p.variable(g.full(1.0 / n));
  p.until_converged(rank, {.tolerance = tolerance, .norm = Norm::L1, .max_iterations = iterations}, [&] {
    const Value followed = g.in_sum(rank * share);
    const Value dangling = sum(where(out == 0.0, rank, 0.0));
    rank = (1.0 - d) / n + d * (followed + dangling / n);
  });
  p.output("rank", rank);
  return p.build();
}

Program least_labels() {
  ProgramBuilder p("least_labels");
  const GraphRef g = p.graph();
  Variable component = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value next = min(
                     component, g.neighbor_agg(component, Aggregate::Min, {.direction = Direction::Both}));
                 changed = any(next != component);
                 component = next;
               });
  p.output_nodes("component", component);
  return p.build();
}

// Zhang, Azad, Hu: FastSV: a distributed-memory connected component algorithm with fast convergence, 2020,
// algorithm 2. f(u) is u's parent in a forest, gf(u) its grandparent; trees merge until each component is a
// star.
Program fastsv() {
  ProgramBuilder p("fastsv");
  const GraphRef g = p.graph();
  Variable f = p.variable(g.node_index());
  Variable gf = p.variable(g.node_index());
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value mngf = g.neighbor_agg(gf, Aggregate::Min, {.direction = Direction::Both});
                 const Value hooked = min(f, scatter_reduce(mngf, f, Monoid::Min));  // stochastic hooking
                 f = min(min(hooked, mngf), gf);  // aggressive hooking, shortcutting
                 const Value next = take(f, f);
                 changed = any(next != gf);
                 gf = next;
               });
  p.output_nodes("component", f);
  return p.build();
}

}  // namespace monograph::bench
