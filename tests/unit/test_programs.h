// Small programs that together use every primitive: what the completeness test runs on every backend.
#pragma once

#include <monograph/algorithms.h>
#include <monograph/graph.h>
#include <monograph/order.h>
#include <monograph/program.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "host/ir/recorder.h"
#include "host/ops/scalar.h"

namespace monograph::testing {

inline Program program_of(const std::string& name,
                          const std::function<void(ProgramBuilder&, GraphRef)>& body) {
  ProgramBuilder p(name);
  body(p, p.graph());
  return p.build();
}

inline Program sources() {
  return program_of("sources", [](ProgramBuilder& p, GraphRef g) {
    p.output("index", g.node_index());
    p.output("full", g.full(p.constant(2.5)));
    p.output("edges", g.full_edges(g.edge_count()));
    p.output("nodes", g.node_count());
    p.output("iota", p.iota(5));
    p.output("parameter", p.parameter("scale", 2.0));
    p.output_nodes("start", p.node_parameter("start"));
  });
}

inline Program reductions() {
  return program_of("reductions", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), i = g.node_index();
    p.output("sum", sum(x));
    p.output("sum32", sum(i));
    p.output("prod", prod(x));
    p.output("min", reduce_min(x));
    p.output("max", reduce_max(i));
    p.output("any", any(x > 1.0));
    p.output("all", all(x > 1.0));
    p.output("count", count(x > 1.0));
    p.output("argmin", argmin(x));
    p.output("argmax", argmax(x));
    p.output("mean", mean(x));
    p.output("variance", variance(x));
    p.output("std", std_dev(x));
    p.output("l1", norm_l1(x));
    p.output("l2", norm_l2(x));
    p.output("linf", norm_max(x));
    for (auto mode : {Normalize::Sum, Normalize::Max, Normalize::MinMax})
      p.output("normal" + std::to_string(static_cast<int>(mode)), normalize(x, mode));
    p.output("standard", standardize(x));
  });
}

inline Program neighbourhoods() {
  return program_of("neighbourhoods", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), w = g.load_edge("weight"), labels = safe_mod(g.node_index(), 3);
    for (const auto direction : {Direction::In, Direction::Out, Direction::Both}) {
      const std::string d = std::to_string(static_cast<int>(direction));
      p.output("degree" + d, g.degree(direction));
      p.output("strength" + d, g.degree(direction, w));
      for (int a = 0; a < 13; ++a) {
        const auto agg = static_cast<Aggregate>(a);
        const bool logical = agg == Aggregate::Any || agg == Aggregate::All || agg == Aggregate::Count;
        const bool whole = agg == Aggregate::Mode || agg >= Aggregate::BitOr;
        const Value over = logical ? x > 1.0 : whole ? labels : x;
        p.output("agg" + d + "_" + std::to_string(a), g.neighbor_agg(over, agg, {.direction = direction}));
        p.output("self" + d + "_" + std::to_string(a),
                 g.neighbor_agg(over, agg, {.direction = direction, .include_self = true}));
      }
      for (const auto ties : {Ties::Lowest, Ties::Highest, Ties::Keep})
        p.output("mode" + d + "_" + std::to_string(static_cast<int>(ties)),
                 g.neighbor_mode(labels, {.direction = direction, .ties = ties, .weights = w}));
    }
    p.output("filled", g.neighbor_agg(x, Aggregate::Min, {.weights = w, .fill = -1.0}));
  });
}

inline Program edges() {
  return program_of("edges", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x");
    p.output("through", g.reduce_edges(g.gather_src(x) - g.gather_dst(x), EdgeEnd::Dst, Monoid::Sum));
    p.output("ends", g.edge_src() + g.edge_dst());
    p.output("parent", take(x, safe_idiv(g.node_index(), 2)));
    p.output("pushed", scatter_reduce(x, safe_idiv(g.node_index(), 2), Monoid::Max));
    p.output("missing", g.load_node("not there", ScalarType::I64, 7));
    p.store_node("stored", x);
    p.store_edge("stored", g.full_edges(1.0));
  });
}

/// Columns of i32 that a loop's edges gather side by side, negative ones among them.
inline Program side_by_side() {
  return program_of("side by side", [](ProgramBuilder& p, GraphRef g) {
    Variable a = p.variable(g.node_index()), b = p.variable(-g.node_index());
    p.loop(4, [&] {
      const Value here = g.gather_dst(a), far = g.gather_src(a), other = g.gather_src(b);
      const Value most = g.reduce_edges(where(far < here, other, far), EdgeEnd::Dst, Monoid::Max);
      const Value next = a + most;
      b = b - next;
      a = next;
    });
    p.output("a", a);
    p.output("b", b);
  });
}

inline Program control() {
  return program_of("control", [](ProgramBuilder& p, GraphRef g) {
    Variable a = p.variable(g.full(1.0)), b = p.variable(g.load_node("x")), n = p.variable(0);
    p.loop(4, [&] {
      p.if_else(
          p.iteration() > 1, [&] { swap(a, b); }, [&] { a = a + 1.0; });
      n = n + idiv(10, p.iteration() + 1);
      p.break_if(n > 17);
    });
    p.output("a", a);
    p.output("b", b);
    p.output("n", n);
  });
}

inline Program order() {
  return program_of("order", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), narrow = as_f32(x), w = g.load_edge("weight");
    p.output("argsort", argsort(x));
    p.output("falling", argsort(narrow, true));
    p.output("sorted", monograph::sort(as_i32(w * 8.0), true));
    p.output("truth", monograph::sort(x > 0.0));
    p.output("ordinal", monograph::rank(narrow));
    p.output("lowest", monograph::rank(x > 0.0, RankTies::Lowest, true));
    p.output("highest", monograph::rank(narrow, RankTies::Highest));
    p.output("top", top_k(narrow, 7));
    p.output("least", top_k(w > 0.5, 3, false));
    p.output("frequency", frequency(as_f32(w)));
    p.output("first", is_first(safe_mod(g.edge_dst(), 3)));
    p.output("bins", bincount(safe_mod(g.node_index(), 3), 2));
    p.output("unique", unique_count(narrow));
    p.output("quantile", quantile(narrow, 0.3));
    p.output("median", median(as_f32(w)));
    p.output("mode", mode(as_f32(w)));
    p.output("entropy", entropy(w > 0.5));
    p.output("histogram", histogram(x, 4));
    p.output("between", histogram(w, 3, 0.25, 1.0));
  });
}

inline Program primitives() {
  return program_of("primitives", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), w = g.load_edge("weight"), v = g.node_index();
    const Value labels = safe_mod(v, max(safe_idiv(as_i32(g.node_count()), 3), 1));
    for (const auto direction : {Direction::In, Direction::Out, Direction::Both}) {
      const std::string d = std::to_string(static_cast<int>(direction));
      p.output("at" + d, g.neighbor_at(v - 1, safe_mod(v, 3), direction));
      p.output("picked" + d, g.pick_neighbor(as_i64(v) - 1, x, direction));
      p.output("weighted" + d, g.pick_neighbor(v, random(7, as_i64(v)), direction, w));
      p.output("label" + d,
               g.best_label(labels, x, g.full(0.5), 0.75, {.direction = direction, .weights = w}));
    }
    p.output("wide", g.best_label(as_i64(labels), g.full(1.0), x, 0.1));
    p.output("neighbours", g.neighbor_count());
    p.output("common", g.common_neighbors());
    p.output("triangles", g.triangles());
    p.output("once", g.triangles(Triangles::Once));
    p.output("arcs", g.triangles(Triangles::Arcs));
    p.output("mean", g.group_by(labels, x, Aggregate::Mean));
    p.output("union", g.group_by(labels, shl(p.constant(1), as_i64(v)), Aggregate::BitOr));
    p.output("sample", g.sample(3, 11));
    p.output("half", g.sample_fraction(0.5, 12));
    p.output("core", g.k_core(2));
    const RandomWalk walk = g.random_walk(v, 3, {.restart = 0.25, .seed = 5, .weights = w});
    p.output("last", walk.last);
    p.output("visits", walk.visits);
    p.output("walkers", g.random_walk(p.iota(4), 2).last);
  });
}

/// `core.full` has no function of its own in the DSL (graph.full broadcasts), other languages use it.
inline Program from_text() {
  return Program::from_text(
      "program \"text\" {\n %0 = core.full value=2.0:f64 domain=f64[V] : f64[V]\n attr.output %0 "
      "name=\"two\"\n}\n");
}

/// A group as `fuse` makes them, and as a program file may hold one.
inline Program fused_text() {
  return Program::from_text(R"(program "fused" {
  %x = attr.load_node name="x" type=f64
  %d = core.parameter name="damping" default=0.5:f64
  %g = control.fused %x, %d {
    (%x: f64[V], %d: f64) {
      %s = graph.neighbor_agg %x agg=sum direction=in
      %y = core.mul %s, %d
      %n = core.reduce %y monoid=max
      yield %y, %n
    }
  }
  attr.output %g:0 name="y"
  attr.output %g:1 name="largest"
}
)");
}

/// What algorithms of the library read of a graph, where it has none yet: edge attribute weight, node
/// attributes value and community.
inline void add_algorithm_attributes(Graph& g) {
  Column weight(ScalarType::F64, g.edge_count()), value(ScalarType::F64, g.node_count());
  Column community(ScalarType::I64, g.node_count());
  for (std::int64_t e = 0; e < g.edge_count(); ++e)
    weight.span<double>()[static_cast<std::size_t>(e)] = 0.5 * static_cast<double>(e % 5) + 0.25;
  for (std::int64_t v = 0; v < g.node_count(); ++v) {
    value.span<double>()[static_cast<std::size_t>(v)] = static_cast<double>(v % 7) - 2.5;
    community.span<std::int64_t>()[static_cast<std::size_t>(v)] = v / 3;
  }
  if (!g.edge_attribute("weight")) g.set_edge_attribute("weight", weight);
  if (!g.node_attribute("value")) g.set_node_attribute("value", value);
  if (!g.node_attribute("community")) g.set_node_attribute("community", community);
}

/// Algorithms in most of whose tests each is compiled, which takes time: between them all forms of loops.
inline constexpr std::string_view kTestAlgorithms[] = {"bfs", "cdlp", "degree", "pagerank", "sssp", "wcc"};

inline std::vector<Program> test_programs() {
  std::vector<Program> all{sources(),      reductions(), neighbourhoods(), edges(),     control(),
                           side_by_side(), order(),      primitives(),     from_text(), fused_text()};
  for (const std::string_view name : kTestAlgorithms) all.push_back(find_algorithm(name)->make());
  return all;
}

/// The other algorithms: their own tests run them, and the equivalence suite where it is asked to.
inline std::vector<Program> further_algorithms() {
  std::vector<Program> all;
  for (const AlgorithmInfo& a : algorithms())
    if (std::find(std::begin(kTestAlgorithms), std::end(kTestAlgorithms), a.name) ==
        std::end(kTestAlgorithms))
      all.push_back(a.make());
  return all;
}

/// Every row at every type it allows, over node columns.
inline Program every_row(ScalarType t) {
  ProgramBuilder p("rows");
  const GraphRef g = p.graph();
  const Value truth = g.load_node("x") > 0.0, a = cast(g.load_node("x"), t), b = cast(g.node_index(), t);
  for (const ops::ScalarInfo& row : ops::scalar_table()) {
    if (!ops::allows(row.allowed, t)) continue;
    std::vector<Operand> operands;
    if (row.operands == ops::Operands::Select) operands.push_back(truth);
    while (operands.size() < static_cast<std::size_t>(row.arity))
      operands.push_back(operands.size() % 2 == 0 ? a : b);
    for (int to = 0; to < (row.result == ops::ResultRule::Target ? 5 : 1); ++to)
      p.output(std::string(row.name) + std::to_string(to),
               detail::Recorder::of({&operands.back()})
                   .scalar(row.op, operands, scalar_of(static_cast<ScalarType>(to))));
  }
  return p.build();
}

/// Every primitive, every row at every type, the algorithms of tests.
inline std::vector<Program> every_program() {
  std::vector<Program> all = test_programs();
  for (int t = 0; t < 5; ++t) all.push_back(every_row(static_cast<ScalarType>(t)));
  return all;
}

}  // namespace monograph::testing
