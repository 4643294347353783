// What the tests of sessions on a simulated device share: graphs, programs, and what results are compared
// with.
#pragma once

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <cstring>

#include "cuda/simulated_machine.h"
#include "unit/test_programs.h"

namespace monograph::test {

#define MONOGRAPH_NEEDS_SIMULATION() \
  if (const std::string why = SimulatedMachine::missing(); !why.empty()) GTEST_SKIP() << why

inline Program algorithm(std::string_view name) {
  for (const AlgorithmInfo& a : algorithms())
    if (a.name == name) return a.make();
  throw UsageError("no algorithm");
}

/// Edges in a ring with chords; `x` of nodes and `w` of edges.
inline Graph ring(std::int32_t nodes) {
  EdgeList list{.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)};
  std::vector<double> x, w;
  for (std::int32_t v = 0; v < nodes; ++v) {
    for (const std::int32_t step : {1, 5}) {
      list.source.push_back(v), list.target.push_back((v * step + 1) % nodes);
      w.push_back(0.5 * static_cast<double>(v) + step);
    }
    x.push_back(1.0 / (1 + v));
  }
  list.attributes.push_back({"w", Column::of(std::span<const double>(w))});
  Graph g = Graph::from_edges(std::move(list));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

/// Two steps of a sum over neighbours of attribute x by weights w, `times` over.
inline Program spreading() {
  return monograph::testing::program_of("spreading", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.load_node("x"));
    const Value w = g.load_edge("w");
    p.loop(p.parameter("times", 3),
           [&] { x = g.neighbor_agg(x, Aggregate::Sum, {.weights = w}) * 0.25 + 1.0; });
    p.output("x", x);
    p.output("total", sum(x));
  });
}

inline Session simulated(SimulatedMachine& m, SessionOptions options = {}) {
  options.backend = "cuda";
  return Session(options, m.machine());
}

inline void expect_same(const Result& got, const Result& want) {
  ASSERT_EQ(got.outputs().size(), want.outputs().size());
  for (std::size_t i = 0; i < want.outputs().size(); ++i) {
    const Output &a = got.outputs()[i], &b = want.outputs()[i];
    EXPECT_EQ(a.name, b.name);
    ASSERT_EQ(a.column.bytes(), b.column.bytes()) << a.name;
    EXPECT_EQ(std::memcmp(a.column.data(), b.column.data(), static_cast<std::size_t>(b.column.bytes())), 0)
        << a.name;
  }
  EXPECT_EQ(got.iterations, want.iterations);
  EXPECT_EQ(got.converged, want.converged);
}

inline Result reference(const Program& program, const Graph& graph, const Parameters& parameters = {}) {
  Session session({.backend = "reference"});
  return session.run(program, graph, parameters);
}

}  // namespace monograph::test
