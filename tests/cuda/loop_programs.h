// Programs whose loops are hard on memory that changes hands.
#pragma once

#include "unit/loop_programs.h"

namespace monograph::test {

using monograph::testing::branching_loop;
using monograph::testing::exchanging_loop;
using monograph::testing::nested_loops;
using monograph::testing::ordering_loop;
using monograph::testing::rotating_loop;

inline Program checked() {
  return monograph::testing::program_of("checked", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.node_index());
    p.loop(5, [&] { x = take(x, cast(g.node_index(), ScalarType::I64) + p.iteration()) + 1; });
    p.output("x", x);
  });
}

/// Reads past the end in the second iteration of the inner loop, in the third of the outer one.
inline Program failing_later() {
  return monograph::testing::program_of("failing", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(cast(g.node_index(), ScalarType::I64));
    Variable n = p.variable(0);
    p.loop(5, [&] {
      p.loop(4, [&] {
        x = take(x, where(n == 9, 1000 + x, cast(g.node_index(), ScalarType::I64)));
        n = n + 1;
      });
    });
    p.output("x", x);
  });
}

/// A loop that a branch decides on is an outermost one too: what it says is what the run says.
inline Program loop_in_branch() {
  return monograph::testing::program_of("loop in branch", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(cast(g.node_index(), ScalarType::F64));
    p.if_else(p.parameter("runs", true), [&] { p.loop(3, [&] { x = x * 2.0; }); });
    p.output("x", x);
  });
}

/// Three columns that take turns and end after a number of iterations that a parameter chooses, in a loop
/// whose two columns swap.
inline Program turning() {
  return monograph::testing::program_of("turning", [](ProgramBuilder& p, GraphRef g) {
    const Value i = cast(g.node_index(), ScalarType::F64);
    Variable a = p.variable(i), b = p.variable(i * i), c = p.variable(i + 0.5), d = p.variable(-i),
             steps = p.variable(0);
    const Value inner = p.parameter("inner", 4);
    p.loop(p.parameter("outer", 3), [&] {
      Variable left = p.variable(inner);
      p.loop(p.parameter("most", 1000), [&] {
        const Value first = a + 1.0;
        a = g.neighbor_agg(b, Aggregate::Sum);
        b = c * 0.5;
        c = first;
        left = left - 1;
        steps = steps + 1;
        p.break_if(left < 1);
      });
      const Value was = d;
      d = c + a;
      c = was;
    });
    p.output("a", a), p.output("b", b), p.output("c", c), p.output("d", d), p.output("steps", steps);
  });
}

/// A loop that always runs as often, with one in it that does so too, and a scalar that both change.
inline Program fixed() {
  return monograph::testing::program_of("fixed", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(cast(g.node_index(), ScalarType::F64)), y = p.variable(g.full(0.25)),
             n = p.variable(0);
    p.loop(3, [&] {
      p.loop(5, [&] {
        const Value next = g.neighbor_agg(x, Aggregate::Sum) + y;
        y = x * 0.5;
        x = next;
        n = n + p.iteration();
      });
      n = n * 2;
    });
    p.output("early", x);
    p.loop(2, [&] {
      const Value was = x;
      x = y + 1.0;
      y = was;
    });
    p.output("x", x), p.output("y", y), p.output("n", n);
  });
}

/// What depends on the graph alone: columns, a scalar, and a check of indices that a kept column gives.
inline Program inverse_degrees() {
  return monograph::testing::program_of("inverse degrees", [](ProgramBuilder& p, GraphRef g) {
    const Value degree = cast(g.degree(Direction::Out), ScalarType::F64);
    const Value share = degree / sum(degree), half = safe_idiv(g.node_index(), 2);
    Variable x = p.variable(cast(g.node_index(), ScalarType::F64) * p.parameter("scale", 2.0));
    p.loop(3, [&] { x = g.neighbor_agg(x * share, Aggregate::Sum) + take(share, half); });
    p.output("x", x), p.output("share", share), p.output("all", sum(degree));
  });
}

/// Scatters and checks, in loops and outside of them.
inline Program scattering() {
  return monograph::testing::program_of("scattering", [](ProgramBuilder& p, GraphRef g) {
    const Value i = g.node_index(), half = safe_idiv(i, 2);
    Variable x = p.variable(cast(i, ScalarType::F64) * 0.1), n = p.variable(0);
    p.loop(p.parameter("times", 5), [&] {
      x = scatter_reduce(x + 0.3, half, Monoid::Sum) + x;
      n = n + idiv(100, p.iteration() + 1);
      p.check(x < 0.0, "negative");
      p.break_if(n > 170);
    });
    p.output("x", x), p.output("n", n), p.output("most", scatter_reduce(x, half, Monoid::Max));
  });
}

}  // namespace monograph::test
