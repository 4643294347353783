// Edges that device code need not walk: folds that their first match decides, and rows of which nobody asks.
#include <monograph/session.h>

#include <limits>

#include "host/plan/compile.h"
#include "host/runtime/run_state.h"
#include "host/simt/engine.h"
#include "on_both.h"
#include "unit/test_programs.h"

namespace monograph::test {
namespace {

using monograph::testing::program_of;

/// Rows of 0 to 40 edges, and one of 900; every third node is of a kind.
Graph graph_of(bool undirected) {
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(1100), .undirected = undirected};
  for (std::int32_t v = 0; v < 900; ++v) {
    list.source.push_back(v), list.target.push_back(8);
    list.source.push_back(v * 31 % 900), list.target.push_back(v % 40 + v / 40);
  }
  Graph g = Graph::from_edges(std::move(list));
  std::vector<double> x;
  for (std::int64_t v = 0; v < g.node_count(); ++v)
    x.push_back(v % 7 == 3 ? -1.0 : 1.0 / static_cast<double>(v + 1));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

/// The least neighbour, by name, of a kind: where nobody asks, what is lost must not show.
Program parents() {
  return program_of("parents", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), low = x < 0.0,
                none = p.constant(Constant::of(std::numeric_limits<std::int32_t>::max()));
    const auto least = [&](const Value& c) {
      return g.reduce_edges(where(c, g.edge_src(), none), EdgeEnd::Dst, Monoid::Min);
    };
    p.output("parent", least(g.gather_src(low)));
    p.output("asked", where(low, least(g.gather_src(!low)), -1));
    for (const Direction d : {Direction::In, Direction::Both})
      p.output("any" + std::to_string(static_cast<int>(d)),
               g.neighbor_agg(low, Aggregate::Any, {.direction = d}));
    p.output("all", g.neighbor_agg(!low, Aggregate::All, {.direction = Direction::Out}));
    p.output("sum", where(low, g.neighbor_agg(x, Aggregate::Sum, {.direction = Direction::Both}), x));
    p.output("mode", where(x > 1e-2, g.neighbor_mode(safe_mod(g.node_index(), 5)), -1));
    p.output("at", where(low, g.neighbor_agg(x, Aggregate::ArgMin), -1));
  });
}

TEST(DeviceEarlyExit, NobodyNotices) {
  MONOGRAPH_NEEDS_COMPILER();
  OnBoth both(parents());
  for (const bool undirected : {false, true}) both.expect_same(graph_of(undirected));
}

/// Neighbours that a program looks at, counted by its kernels, which run in this process.
unsigned long long looks_of(const Program& program, const Graph& graph) {
  unsigned long long looks = 0;
  simt::DeviceSource source;
  source.prelude = [&looks] {
    std::string text = codegen::device_stage_prelude();
    const std::string what = "{ return mg_ld_static(side.neighbors + k); }";
    const std::size_t at = text.find(what);
    EXPECT_NE(at, std::string::npos);
    return text.replace(at, what.size(),
                        "{ __atomic_fetch_add((mg_u64*)" +
                            std::to_string(reinterpret_cast<std::uintptr_t>(&looks)) +
                            "ull, 1ull, __ATOMIC_RELAXED); return mg_ld_static(side.neighbors + k); }");
  };
  simt::Engine engine(1, 1, {}, std::move(source));
  const auto plan = std::make_shared<simt::PreparedPlan>(plan::compile(program.ir()).plan);
  engine.prepare(std::span(&plan, 1));
  const RunOptions options;
  runtime::RunState state(graph, {}, options);
  engine.run(*plan, graph, state);
  return looks;
}

TEST(DeviceEarlyExit, FewEdgesAreWalked) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph graph = graph_of(false);
  const auto edges = static_cast<unsigned long long>(graph.edge_count());
  const auto looks = [&](const auto& value) {
    return looks_of(program_of("looks", [&](ProgramBuilder& p, GraphRef g) { p.output("y", value(p, g)); }),
                    graph);
  };
  const auto low = [](GraphRef g) { return g.load_node("x") < 0.0; };
  EXPECT_LT(looks([&](ProgramBuilder&, GraphRef g) { return g.neighbor_agg(low(g), Aggregate::Any); }),
            edges / 2);
  EXPECT_LT(looks([&](ProgramBuilder&, GraphRef g) {
              return where(low(g), g.neighbor_agg(g.load_node("x"), Aggregate::Sum), 0.0);
            }),
            edges / 4);
  EXPECT_EQ(
      looks([&](ProgramBuilder&, GraphRef g) { return g.neighbor_agg(g.load_node("x"), Aggregate::Sum); }),
      edges);
}

}  // namespace
}  // namespace monograph::test
