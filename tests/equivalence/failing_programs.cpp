// Runs that fail: every backend says the same operation, element and iteration.
#include "equivalence/suite.h"
#include "unit/test_programs.h"

namespace monograph::testing {
namespace {

/// The index dies at the take, whose result may lie where it was.
Program at_once() {
  return program_of("take", [](ProgramBuilder& p, GraphRef g) {
    p.output("x", take(g.node_index(), g.node_index() + 30));
    p.output("y", take(g.load_node("x"), as_i64(g.node_index()) * 3 - 90));
  });
}

Program in_a_loop() {
  return program_of("take in a loop", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(as_i64(g.node_index()));
    p.loop(5, [&] { x = take(x, safe_mod(x, g.node_count()) + p.iteration() * 9) + 1; });
    p.output("x", x);
  });
}

Program in_nested_loops() {
  return program_of("take in nested loops", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.load_node("x")), far = p.variable(as_i64(g.node_index()));
    p.loop(3, [&] {
      p.loop(3, [&] {
        p.if_else(
            any(far > 40), [&] { x = take(x, far - 1) * 0.5; }, [&] { x = x + 1.0; });
        far = far + 7;
      });
    });
    p.output("x", x);
    p.output("far", far);
  });
}

Program of_several() {
  return program_of("several takes", [](ProgramBuilder& p, GraphRef g) {
    const Value i = as_i64(g.node_index()), d = g.degree(Direction::Out);
    const Value late = take(d, i + 2), early = take(d, i - 5), through = take(i, take(i * 2, i));
    p.output("sum", late + early + through);
  });
}

Program whose_result_nobody_reads() {
  return program_of("unused take", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.load_node("x"));
    p.loop(3, [&] {
      take(x, as_i64(g.node_index()) + p.iteration() * 2);
      x = x + 1.0;
    });
    p.output("x", x);
  });
}

Program scatters() {
  return program_of("scatter in a loop", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(as_i64(g.node_index()));
    p.loop(4, [&] { x = scatter_reduce(x, x + p.iteration() * 11, Monoid::Sum); });
    p.output("x", x);
  });
}

Program divides() {
  return program_of("division in a loop", [](ProgramBuilder& p, GraphRef g) {
    const Value i = as_i64(g.node_index());
    Variable x = p.variable(i + 3);
    p.loop(4, [&] { x = take(idiv(x * 5, i - p.iteration() * 13), safe_mod(i + 1, g.node_count())); });
    p.output("x", x);
  });
}

/// Takes in the edge code of a group: over the edges, at the neighbour and at the centre. `fuse` makes none.
std::vector<Program> in_edge_code() {
  const std::string head = R"(program "take in edge code" {
  %x = attr.load_node name="x" type=f64
  %w = attr.load_edge name="weight" type=f64
  %i = core.node_index
  %g = control.fused %x, %w, %i {
    (%x: f64[V], %w: f64[E], %i: i32[V]) {
      %k = core.constant value=40.0:f64
      %l = core.constant value=4.0:f64
      %two = core.constant value=2:i32
)",
                    tail = R"(
      yield %s
    }
  }
  attr.output %g name="s"
}
)";
  std::vector<Program> all;
  for (const std::string& body : {std::string(R"(
      %f = core.mul %w, %k
      %e = core.cast %f to=i64
      %t = graph.take %x, %e
      %s = graph.reduce_edges %t at=dst monoid=sum)"),
                                  std::string(R"(
      %f = core.mul %w, %l
      %c = core.cast %f to=i32
      %u = graph.gather_src %i
      %e = core.add %u, %c
      %t = graph.take %x, %e
      %s = graph.reduce_edges %t at=dst monoid=max)"),
                                  std::string(R"(
      %f = core.mul %w, %k
      %e = core.cast %f to=i32
      %t = graph.take %x, %e
      %s = graph.reduce_edges %t at=both monoid=min)"),
                                  std::string(R"(
      %j = core.mul %i, %two
      %t = graph.take %x, %j
      %s = graph.neighbor_agg %t agg=sum direction=out)"),
                                  std::string(R"(
      %j = core.mul %i, %two
      %t = graph.take %x, %j
      %a = graph.gather_src %t
      %b = graph.gather_dst %t
      %d = core.sub %a, %b
      %s = graph.reduce_edges %d at=dst monoid=sum)")})
    all.push_back(Program::from_text(head + body + tail));
  return all;
}

}  // namespace

std::vector<Program> failing_programs() {
  std::vector<Program> all{
      at_once(),  in_a_loop(), in_nested_loops(), of_several(), whose_result_nobody_reads(),
      scatters(), divides()};
  for (Program& p : in_edge_code()) all.push_back(std::move(p));
  return all;
}

}  // namespace monograph::testing
