// Programs whose loops are hard to get right: nested, with branches, with values that change places.
#pragma once

#include <monograph/order.h>

#include <vector>

#include "unit/test_programs.h"

namespace monograph::testing {

inline Program nested_loops() {
  return program_of("nested", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.full(1.0)), y = p.variable(cast(g.node_index(), ScalarType::F64)),
             n = p.variable(0);
    p.loop(3, [&] {
      p.loop(p.iteration() + 1, [&] {
        const Value next = g.neighbor_agg(y, Aggregate::Sum) * 0.5 + x;
        x = y + 1.0;
        y = next;
        n = n + 1;
        p.break_if(sum(x) > 1e6);
      });
    });
    p.output("x", x);
    p.output("y", y);
    p.output("n", n);
  });
}

/// Columns swap in some iterations only; a scalar decides, a reduction too.
inline Program branching_loop() {
  return program_of("branching", [](ProgramBuilder& p, GraphRef g) {
    Variable a = p.variable(g.full(1.0)), b = p.variable(cast(g.node_index(), ScalarType::F64)),
             n = p.variable(0);
    p.loop(6, [&] {
      p.if_else(
          p.iteration() > 1, [&] { swap(a, b); }, [&] { a = g.neighbor_agg(a, Aggregate::Sum) + 1.0; });
      p.if_else(sum(a) > sum(b), [&] { n = n + 5; });
      n = n + 1;
    });
    p.output("a", a);
    p.output("b", b);
    p.output("n", n);
  });
}

/// Four columns that change places in each iteration: two that swap, and one that two others read.
inline Program rotating_loop() {
  return program_of("rotating", [](ProgramBuilder& p, GraphRef g) {
    const Value i = g.node_index();
    Variable a = p.variable(i), b = p.variable(-i), c = p.variable(i * i), d = p.variable(i + 7);
    p.loop(p.parameter("times", 3), [&] {
      const Value first = a;
      a = b;
      b = first;
      c = d;
      d = first;
    });
    p.output("a", a), p.output("b", b), p.output("c", c), p.output("d", d);
  });
}

/// Scalars that change places, and an output whose memory later steps want.
inline Program exchanging_loop() {
  return program_of("exchanging", [](ProgramBuilder& p, GraphRef g) {
    const Value early = cast(g.node_index(), ScalarType::F64) * 3.0;
    p.output("early", early);
    Variable n = p.variable(p.parameter("n", 2)), m = p.variable(p.parameter("m", 40));
    Variable x = p.variable(g.full(0.5));
    p.loop(5, [&] {
      swap(n, m);
      x = g.neighbor_agg(x, Aggregate::Sum) + cast(n, ScalarType::F64);
    });
    p.output("n", n), p.output("m", m), p.output("x", x);
    p.output("again", sqrt(x) * 2.0);
  });
}

/// Groups that run at once, each with partial results and one with tables of votes.
inline Program wide_loop() {
  return program_of("wide", [](ProgramBuilder& p, GraphRef g) {
    Variable labels = p.variable(safe_mod(g.node_index(), 7)), x = p.variable(g.full(1.0)),
             total = p.variable(p.constant(0.0)), most = p.variable(cast(p.constant(0), ScalarType::I64));
    p.loop(4, [&] {
      const Value next = g.neighbor_mode(labels, {.direction = Direction::Both});
      const Value far = g.reduce_edges(g.gather_src(x) * 0.25, EdgeEnd::Dst, Monoid::Sum);
      const Value edges = sum(g.gather_src(x) - g.gather_dst(x) * 0.5);
      total = total * 0.5 + edges + sum(far);
      most = most + argmax(far) + cast(sum(next), ScalarType::I64);
      x = far + total * 1e-6;
      labels = next;
    });
    p.output("labels", labels), p.output("x", x), p.output("total", total), p.output("most", most);
  });
}

/// Ends when it has converged; a loop inside decides how often it runs by a reduction.
inline Program converging_loop() {
  return program_of("converging", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(cast(g.node_index(), ScalarType::F64)), rounds = p.variable(0);
    p.loop(40, [&] {
      const Value before = x;
      Variable y = p.variable(before);
      p.loop(3, [&] {
        const Value next = g.neighbor_agg(y, Aggregate::Max, {.fill = 0.0}) * 0.5;
        y = max(next, before * 0.25);
        rounds = rounds + 1;
        p.break_if(reduce_max(abs(y)) < 0.5);
      });
      x = y;
      p.break_if(reduce_max(abs(before - y)) < 1e-3);
    });
    p.output("x", x), p.output("rounds", rounds);
  });
}

/// Fails in some iteration of the loop inside, at several elements.
inline Program failing_loop() {
  return program_of("failing", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.node_index());
    p.loop(5, [&] {
      p.loop(2, [&] { x = take(x, cast(g.node_index(), ScalarType::I64) - p.iteration() * 2 + 1) + 1; });
    });
    p.output("x", x);
  });
}

/// Operations that are steps of their own: with room for sorts and for votes, with a scalar that the loop
/// writes, and with operands that are absent.
inline Program ordering_loop() {
  return program_of("ordering", [](ProgramBuilder& p, GraphRef g) {
    const Value v = as_i64(g.node_index()), cost = 1.0 / as_f64(v + 1);
    Variable labels = p.variable(safe_mod(v * 7, 11)), factor = p.variable(p.constant(0.5)),
             seen = p.variable(as_i64(p.constant(0)));
    p.loop(3, [&] {
      const Value place = monograph::rank(labels, RankTies::Lowest);
      const Value best = g.best_label(labels, cost, cost, factor, {.direction = Direction::Both});
      const Value near = g.pick_neighbor(place, random(1, labels), Direction::In, as_f64(g.edge_src() + 1));
      const Value even = g.pick_neighbor(best, random(2, place));
      seen = seen + sum(g.triangles(Triangles::Once)) + sum(bincount(near, 4) * p.iota(4));
      factor = factor * 0.5 + as_f64(sum(even)) * 0.01;
      labels = where(even < 0, best, even + place);
    });
    p.output("labels", labels), p.output("factor", factor), p.output("seen", seen);
  });
}

inline std::vector<Program> loop_programs() {
  return {nested_loops(), branching_loop(),  rotating_loop(), exchanging_loop(),
          wide_loop(),    converging_loop(), failing_loop(),  ordering_loop()};
}

}  // namespace monograph::testing
