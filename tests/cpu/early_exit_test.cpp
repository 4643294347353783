// Edges that need not be walked: folds that their first match decides, and rows of which nobody asks.
#include "host/plan/early_exit.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/session.h>

#include <functional>
#include <limits>

#include "host/plan/compile.h"
#include "host/plan/masks.h"

using namespace monograph;

namespace {

constexpr std::int32_t kNone = std::numeric_limits<std::int32_t>::max();

using Body = std::function<void(ProgramBuilder&, const GraphRef&)>;

Program program_of(const Body& body) {
  ProgramBuilder p("edges");
  body(p, p.graph());
  return p.build();
}

/// What the plan knows of the aggregates of all groups, in order.
struct Known {
  bool first;
  std::size_t conditions;
  friend bool operator==(const Known&, const Known&) = default;
};
std::vector<Known> known(const Body& body) {
  const plan::Plan plan = *plan::compile(program_of(body).ir()).plan;
  std::vector<Known> all;
  for (const plan::Block& b : plan.blocks)
    for (const plan::Step& s : b.steps) {
      if (s.kind != plan::Step::Kind::Group) continue;
      const plan::Stage stage =
          plan::lower(plan.program, plan.program.regions[b.region].nodes[s.node].regions[0]);
      for (std::uint32_t k = 0; k < stage.aggregates.size(); ++k)
        all.push_back({plan::first_decides(stage, stage.aggregates[k]), plan::mask_of(stage, k).size()});
    }
  return all;
}
using All = std::vector<Known>;

/// From an attribute, since what follows from the graph alone is computed once, in groups of its own.
Value even(const GraphRef& g) { return g.load_node("is_even") > 0.5; }
/// The least neighbour, by name, that an edge from it to the node has c.
Value least_source(ProgramBuilder& p, const GraphRef& g, const Value& c) {
  return g.reduce_edges(where(c, g.edge_src(), p.constant(Constant::of(kNone))), EdgeEnd::Dst, Monoid::Min);
}

/// Edges both ways, repeated ones, loops, isolated nodes; hubs with more edges than one thread takes, or
/// short rows only, which are another loop.
Graph odd_graph(bool hubs, bool undirected) {
  const std::int32_t nodes = hubs ? 30000 : 500;
  EdgeList e{.source = {},
             .target = {},
             .attributes = {},
             .ids = NodeIds::dense(nodes + 3),
             .undirected = undirected};
  const auto add = [&](std::int32_t from, std::int32_t to) {
    e.source.push_back(from), e.target.push_back(to);
  };
  for (std::int32_t v = 0; v < nodes; ++v) {
    for (std::int32_t turn = 0; hubs && turn < 6; ++turn) add(v, turn < 3 ? 8 : 9), add(9, v);
    add(v, v * 31 % nodes), add(v, v / 2);
  }
  Graph g = Graph::from_edges(std::move(e));
  std::vector<double> is_even, x;
  for (std::int64_t v = 0; v < g.node_count(); ++v)
    is_even.push_back(v % 2 == 0), x.push_back(1.0 / static_cast<double>(v + 1));
  g.set_node_attribute("is_even", Column::of(std::span<const double>(is_even)));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

std::string outcome(const SessionOptions& options, const Program& p, const Graph& g) {
  Session session(options);
  const Result r = session.run(session.compile(p), g);
  std::string s;
  for (const Output& o : r.outputs()) {
    s += o.name + ":";
    for (std::int64_t i = 0; i < o.column.size(); ++i) s += " " + to_string(o.column.at(i));
    s += "\n";
  }
  return s;
}

/// Everything that may skip edges, with values that are lost where it skips too many.
Program skipping() {
  return program_of([](ProgramBuilder& p, const GraphRef& g) {
    const Value index = g.node_index(), x = g.load_node("x"), third = safe_mod(index, 3) == 1;
    p.output("parent", least_source(p, g, g.gather_src(third) & (g.gather_dst(index) != g.edge_src())));
    for (const Direction d : {Direction::In, Direction::Out, Direction::Both}) {
      const std::string name = std::to_string(static_cast<int>(d));
      p.output("any" + name, g.neighbor_agg(third, Aggregate::Any, {.direction = d}));
      p.output("all" + name, g.neighbor_agg(!third, Aggregate::All, {.direction = d}));
      const Value sum = g.neighbor_agg(x, Aggregate::Sum, {.direction = d});
      p.output("sum" + name, where(even(g), sum, x));
      p.output("chain" + name, where(x < 1e-3, x, where(even(g), 2.0, sum * 3.0)));
      p.output("label" + name, where(x > 1e-4, g.neighbor_mode(safe_mod(index, 100), {.direction = d}), -1));
      p.output("extreme" + name, where(even(g), g.neighbor_agg(x, Aggregate::ArgMin, {.direction = d}), -1));
      p.output("and" + name,
               even(g) & (g.neighbor_agg(as_f64(index) * x, Aggregate::Max, {.direction = d}) > 0.5));
    }
  });
}

}  // namespace

TEST(EarlyExit, TheFirstMatchDecidesWhereRowsAscend) {
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) {
              p.output("x", least_source(p, g, g.gather_src(even(g))));
            }),
            (All{{true, 0}}));
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) {
              p.output("x", g.neighbor_agg(even(g), Aggregate::Any));
            }),
            (All{{true, 0}}));
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) {  // the last one would
              p.output("x", g.reduce_edges(where(g.gather_src(even(g)), g.edge_src(), -1), EdgeEnd::Dst,
                                           Monoid::Max));
            }),
            (All{{false, 0}}));
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) {  // what stands for none is not the greatest
              p.output("x", g.reduce_edges(where(g.gather_src(even(g)), g.edge_src(), 5), EdgeEnd::Dst,
                                           Monoid::Min));
            }),
            (All{{false, 0}}));
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) {  // another column than the index
              p.output("x", g.in_min(where(even(g), g.load_node("x", ScalarType::I32),
                                           p.constant(Constant::of(kNone)))));
            }),
            (All{{false, 0}}));
  EXPECT_EQ(known([](ProgramBuilder& p, const GraphRef& g) { p.output("x", g.in_min(g.load_node("x"))); }),
            (All{{false, 0}}));
}

TEST(EarlyExit, RowsThatNobodyAsksForFollowFromTheProgram) {
  const auto sum = [](const GraphRef& g) { return g.in_sum(g.load_node("x")); };
  const auto conditions = [](const auto& value) {
    return known([&](ProgramBuilder& p, const GraphRef& g) { p.output("x", value(g)); }).at(0).conditions;
  };
  EXPECT_EQ(conditions([&](const GraphRef& g) { return sum(g); }), 0u);
  EXPECT_EQ(conditions([&](const GraphRef& g) { return where(even(g), sum(g), 0.0); }), 1u);
  EXPECT_EQ(conditions([&](const GraphRef& g) { return where(even(g), 0.0, 2.0 * sum(g)); }), 1u);
  EXPECT_EQ(conditions([&](const GraphRef& g) { return even(g) & (sum(g) > 1.0); }), 1u);
  EXPECT_EQ(conditions([&](const GraphRef& g) { return even(g) | (sum(g) > 1.0); }), 1u);
  EXPECT_EQ(conditions([&](const GraphRef& g) {
              return where(even(g), where(g.load_node("x") < 7.0, sum(g), 1.0), 0.0);
            }),
            2u);
  EXPECT_EQ(conditions([&](const GraphRef& g) { return where(even(g), sum(g), -sum(g)); }), 0u)
      << "both branches ask";
  EXPECT_EQ(conditions([&](const GraphRef& g) { return where(sum(g) > 1.0, sum(g), 0.0); }), 0u)
      << "the condition itself asks";
  EXPECT_EQ(
      conditions([&](const GraphRef& g) { return where(sum(g) > 1.0, g.in_max(g.load_node("x")), 0.0); }), 0u)
      << "the condition comes from edges itself";
  EXPECT_EQ(conditions([&](const GraphRef& g) {
              const Value next = g.in_max(g.node_index());
              return where(g.load_node("flag", ScalarType::Bool), take(g.load_node("x"), next), 0.0);
            }),
            0u)
      << "a take of a row that nobody asked for could fail";
}

TEST(EarlyExit, NobodyNotices) {
  for (const int kind : {0, 1, 2, 3}) {
    const Graph g = odd_graph(kind > 1, kind % 2 == 1);
    const std::string want = outcome({.backend = "reference"}, skipping(), g);
    for (const CpuTier tier : {CpuTier::Tiles, CpuTier::Native})
      for (const int threads : {1, 3})
        EXPECT_TRUE(outcome({.backend = "cpu",
                             .cpu_tier = tier,
                             .threads = threads,
                             .cache = tier == CpuTier::Native ? CacheUse::On : CacheUse::Off,
                             .cache_folder = ::testing::TempDir() + "early_exit_cache"},
                            skipping(), g) == want)
            << (tier == CpuTier::Tiles ? "tiles, " : "native, ") << threads << " threads";
  }
}
