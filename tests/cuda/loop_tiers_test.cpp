// Loops as one kernel each, of one block and of several, in sessions on a simulated device: the same results,
// failures and numbers as with nodes, and the host is heard while they run. Long rows that are cut.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include "cuda/loop_programs.h"
#include "cuda/simulated_sessions.h"
#include "host/cuda/graph_text.h"
#include "host/cuda/instance.h"
#include "host/plan/compile.h"

namespace monograph::test {
namespace {

using cuda::Tier;
using monograph::testing::program_of;

const auto kTiers = {Tier::Graph, Tier::Grid, Tier::Block};

std::string text(Tier tier) { return tier == Tier::Graph ? "T2" : tier == Tier::Grid ? "T1" : "T0"; }

/// Launches of kernels that are whole loops.
int loops_launched(const SimulatedMachine& m) {
  int all = 0;
  for (const auto& [name, count] : m.launched) all += name.ends_with("_loop") ? count : 0;
  return all;
}

constexpr const char* kNothing = "nothing was thrown";
std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.what();
  }
  return kNothing;
}

std::vector<Program> programs() {
  std::vector<Program> all = monograph::testing::loop_programs();
  for (const char* name : {"pagerank", "cdlp", "wcc"}) all.push_back(algorithm(name));
  for (const auto& make : {turning, fixed, inverse_degrees, scattering, loop_in_branch})
    all.push_back(make());
  return all;
}

TEST(LoopTiers, EveryLoopIsOneKernelWithTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_SIMULATION();
  const std::vector<Program> all = programs();
  const Graph graphs[] = {ring(40), ring(1500)};
  for (const Tier tier : {Tier::Grid, Tier::Block}) {
    SimulatedMachine m;
    m.take_tier(tier);
    Session session = simulated(m);
    const auto executables = session.compile(all);
    for (std::size_t p = 0; p < all.size(); ++p)
      for (const Graph& graph : graphs) {
        SCOPED_TRACE(all[p].name() + " " + text(tier));
        m.launched.clear();
        const std::string wrong = error_of([&] { reference(all[p], graph); });
        if (wrong == kNothing)
          expect_same(session.run(executables[p], graph), reference(all[p], graph));
        else
          EXPECT_EQ(error_of([&] { session.run(executables[p], graph); }), wrong);
        EXPECT_GT(loops_launched(m), 0);
        EXPECT_FALSE(m.launched.contains("mg_control_enter"));
      }
  }
}

// The engine takes them only where they are proven, and then a loop is one node.
TEST(LoopTiers, NothingIsTakenThatIsNotProven) {
  MONOGRAPH_NEEDS_SIMULATION();
  for (const Tier tier : kTiers) {
    SimulatedMachine m;
    if (tier != Tier::Graph) m.take_tier(tier);
    Session session = simulated(m);
    session.run(algorithm("pagerank"), ring(3000));
    EXPECT_EQ(loops_launched(m), tier == Tier::Graph ? 0 : 1) << text(tier);
    const auto top = m.runtime.graph(m.runtime.created_graph()).nodes;
    bool found = false;
    for (const cuda::CudaGraphNode id : top) {
      const FakeNode& node = m.runtime.node(id);
      if (!node.kernel.ends_with("_loop")) continue;
      found = true;
      EXPECT_EQ(node.launch.cooperative, tier == Tier::Grid);
      EXPECT_EQ(node.launch.blocks, tier == Tier::Grid ? 3u : 1u) << "3000 rows, 3 blocks at once";
    }
    EXPECT_EQ(found, tier != Tier::Graph);
  }
}

TEST(LoopTiers, ARunIsOneLaunchAndOneWait) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  m.take_tier(Tier::Grid);
  Session session = simulated(m);
  const Graph graph = ring(40);
  const Executable e = session.compile(spreading());
  session.run(e, graph);
  for (const std::int64_t times : {0, 1, 7}) {
    const int launches = m.runtime.count("launch");
    const Result result = session.run(e, graph, {{"times", Constant::of(times)}});
    EXPECT_EQ(m.runtime.count("launch"), launches + 1);
    EXPECT_EQ(result.allocations, 0);
    expect_same(result, reference(spreading(), graph, {{"times", Constant::of(times)}}));
  }
}

/// What `check` checks in each iteration of a loop in a loop, after a change of the column.
Program checking(const std::string& name,
                 const std::function<void(ProgramBuilder&, GraphRef, Value)>& check) {
  return program_of(name, [&](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.load_node("x")), y = p.variable(g.full(0.5)), n = p.variable(0);
    p.loop(3, [&] {
      p.loop(3, [&] {
        swap(x, y);
        x = g.neighbor_agg(x, Aggregate::Sum) * 0.25;
        n = n + 1;
        check(p, g, n);
      });
    });
    p.output("x", x), p.output("y", y);
  });
}

TEST(LoopTiers, AFailedCheckSaysWhatEveryBackendSays) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Program all[] = {
      failing_later(),
      checking("scalar check",
               [](ProgramBuilder& p, GraphRef, Value n) { p.check(n == 5, "the fifth time"); }),
      checking("column check",
               [](ProgramBuilder& p, GraphRef g, Value n) {
                 p.check(cast(g.node_index(), ScalarType::I64) + n > 15, "too large");
               }),
      checking("ordered scatter",
               [](ProgramBuilder& p, GraphRef g, Value n) {
                 const Value i = cast(g.node_index(), ScalarType::I64);
                 p.check(sum(scatter_reduce(g.load_node("x"), where(n == 5, i - 3, i), Monoid::Sum)) < 0.0,
                         "negative");
               }),
      checking("scatter",
               [](ProgramBuilder& p, GraphRef g, Value n) {
                 const Value i = cast(g.node_index(), ScalarType::I64);
                 p.check(reduce_max(scatter_reduce(i, where(n == 5, i + 2, i), Monoid::Max)) < 0, "negative");
               }),
      checking("division",
               [](ProgramBuilder& p, GraphRef, Value n) { p.check(idiv(100, n - 4) > 100, "large"); })};
  const Graph graph = ring(12);
  for (const Tier tier : {Tier::Grid, Tier::Block}) {
    SimulatedMachine m;
    m.take_tier(tier);
    Session session = simulated(m);
    for (const Program& p : all) {
      SCOPED_TRACE(p.name() + " " + text(tier));
      const std::string want = error_of([&] { reference(p, graph); });
      EXPECT_NE(want.find(" in iteration "), std::string::npos) << want;
      const Executable e = session.compile(p);
      m.launched.clear();
      for (int turn = 0; turn < 2; ++turn) EXPECT_EQ(error_of([&] { session.run(e, graph); }), want);
      EXPECT_EQ(loops_launched(m), 2);
    }
    expect_same(session.run(spreading(), graph), reference(spreading(), graph));
  }
}

/// After a loop that failed, another one does not begin: it would not end.
TEST(LoopTiers, NoLoopBeginsAfterAFailure) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Program p = program_of("then forever", [](ProgramBuilder& b, GraphRef g) {
    Variable x = b.variable(cast(g.node_index(), ScalarType::I64));
    b.loop(3, [&] { x = take(x, x + b.iteration()); });
    b.loop(1000000000, [&] { x = x + 1; });
    b.output("x", x);
  });
  for (const Tier tier : {Tier::Grid, Tier::Block}) {
    SimulatedMachine m;
    m.take_tier(tier);
    Session session = simulated(m);
    const Executable e = session.compile(p);
    EXPECT_NE(error_of([&] { session.run(e, ring(6)); }).find(" in iteration 1"), std::string::npos);
    EXPECT_EQ(loops_launched(m), 2);
  }
}

Program endless(const std::function<void(ProgramBuilder&, GraphRef, Variable&)>& body) {
  return program_of("endless", [&](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.full(1.0));
    p.loop(1000000000, [&] { body(p, g, x); });
    p.output("x", x);
  });
}

TEST(LoopTiers, ACancelledRunEnds) {
  MONOGRAPH_NEEDS_SIMULATION();
  const auto add = [](ProgramBuilder&, GraphRef, Variable& x) { x = x + 1.0; };
  const Program all[] = {
      endless(add),
      endless([&](ProgramBuilder& p, GraphRef g, Variable& x) { p.loop(2, [&] { add(p, g, x); }); }),
      endless([&](ProgramBuilder& p, GraphRef g, Variable& x) {  // no barrier in most iterations
        p.if_else(p.iteration() == 7, [&] { add(p, g, x); });
      })};
  const Graph graph = ring(4);
  for (const Tier tier : {Tier::Grid, Tier::Block})
    for (const Program& p : all) {
      SCOPED_TRACE(text(tier) + " " + p.to_text());
      SimulatedMachine m;
      m.take_tier(tier);
      m.runtime.asynchronous = true;
      Session session = simulated(m);
      const Executable e = session.compile(p);
      RunOptions options;
      std::vector<std::int64_t> seen;
      options.progress = [&](std::int64_t iteration) {
        seen.push_back(iteration);
        if (iteration >= 3) options.cancel.cancel();
      };
      const std::string said = error_of([&] { session.run(e, graph, {}, options); });
      EXPECT_TRUE(said.starts_with("the run was cancelled before iteration ")) << said;
      EXPECT_TRUE(std::ranges::is_sorted(seen));
      ASSERT_FALSE(seen.empty());
      EXPECT_GE(seen.back(), 3);
      EXPECT_EQ(loops_launched(m), 1);

      RunOptions cancelled;
      cancelled.cancel.cancel();
      EXPECT_EQ(error_of([&] { session.run(e, graph, {}, cancelled); }),
                "the run was cancelled before iteration 0");
      expect_same(session.run(spreading(), graph), reference(spreading(), graph));
    }
}

TEST(LoopTiers, WhicheverCallFailsNothingStaysBehind) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(12);
  const auto live = [&](SimulatedMachine& m) {
    m.take_tier(Tier::Grid), m.figures.hub_edges = 0;
    Session session = simulated(m, {.cache = CacheUse::Off});
    session.run(session.compile(spreading()), graph).outputs();
  };
  SimulatedMachine whole;
  live(whole);
  EXPECT_GT(whole.runtime.count("resident_blocks"), 0);
  for (int i = 0; i < static_cast<int>(whole.runtime.calls.size()); ++i) {
    SCOPED_TRACE(std::to_string(i) + " " + whole.runtime.calls[static_cast<std::size_t>(i)]);
    SimulatedMachine m;
    m.runtime.fail_at = i;
    try {
      live(m);
    } catch (const Error&) {
    }
    EXPECT_EQ(m.runtime.alive(), 0u);
  }
}

TEST(LoopTiers, ThePeakIsKnownAndKept) {
  MONOGRAPH_NEEDS_SIMULATION();
  for (const Tier tier : {Tier::Grid, Tier::Block}) {
    SimulatedMachine m;
    m.take_tier(tier);
    m.runtime.bulk_machine = nullptr;
    Session session = simulated(m);
    const Result result = session.run(nested_loops(), ring(2000));
    EXPECT_EQ(static_cast<std::size_t>(result.device_bytes), m.runtime.most_memory());
  }
}

TEST(LoopTiers, ExplainShowsThem) {
  const plan::Plan plan = *plan::compile(algorithm("pagerank").ir(), {.level = 2}).plan;
  const std::string grid = cuda::graph_text(plan, {.options = {.tier = Tier::Grid}});
  EXPECT_NE(grid.find("_loop, 132 x 256 threads that wait for each other, "), std::string::npos) << grid;
  EXPECT_EQ(grid.find("while"), std::string::npos) << grid;
  const std::string block = cuda::graph_text(plan, {.options = {.tier = Tier::Block}});
  EXPECT_NE(block.find("_loop, 1 x 256 threads, "), std::string::npos) << block;
  const std::string nodes = cuda::graph_text(plan);
  EXPECT_NE(nodes.find("while"), std::string::npos) << nodes;
  EXPECT_EQ(nodes.find("_loop"), std::string::npos) << nodes;
}

// ---- long rows

/// Everybody points at node 0, and back, by the weights of a ring.
Graph star(std::int32_t nodes) {
  EdgeList list{.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)};
  std::vector<double> x, w;
  for (std::int32_t v = 1; v < nodes; ++v)
    for (const bool back : {false, true}) {
      list.source.push_back(back ? 0 : v), list.target.push_back(back ? v : 0);
      w.push_back(1.0 / (v + 2));
    }
  for (std::int32_t v = 0; v < nodes; ++v) x.push_back(1.0 / (1 + v));
  list.attributes.push_back({"w", Column::of(std::span<const double>(w))});
  Graph g = Graph::from_edges(std::move(list));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

/// Kernels of a group that come before the others: those that cut.
int cutting_kernels(const SimulatedMachine& m) {
  int all = 0;
  for (const auto& [name, count] : m.launched) all += name.find("_long") != std::string::npos ? count : 0;
  return all;
}

/// What is folded in order and in any, an extreme with its place, and a mode, of both directions.
Program every_aggregate() {
  return program_of("every aggregate", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), w = g.load_edge("w");
    for (const Direction d : {Direction::In, Direction::Out}) {
      const std::string name = d == Direction::In ? " in" : " out";
      p.output("sum" + name, g.neighbor_agg(x, Aggregate::Sum, {.direction = d, .weights = w}));
      p.output("max" + name, g.neighbor_agg(x, Aggregate::Max, {.direction = d}));
      p.output("least" + name, g.neighbor_agg(x, Aggregate::ArgMin, {.direction = d}));
      p.output("mode" + name, g.neighbor_mode(safe_idiv(g.node_index(), 7), {.direction = d}));
    }
  });
}

TEST(LongRows, OfAGraphWithAHubAreCut) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph hub = star(4300), even = ring(300);
  const Program programs[] = {spreading(), every_aggregate()};
  for (const bool on_device : {false, true})  // where rows that enter are made
    for (const Program& p : programs) {
      SCOPED_TRACE(p.name());
      SimulatedMachine m;
      m.figures.hub_edges = 4299;
      if (!on_device) m.runtime.bulk_machine = nullptr;
      Session session = simulated(m);
      const Executable e = session.compile(p);
      expect_same(session.run(e, even), reference(p, even));
      EXPECT_EQ(cutting_kernels(m), 0);
      const Result first = session.run(e, hub);
      expect_same(first, reference(p, hub));
      EXPECT_GT(cutting_kernels(m), 0);
      EXPECT_EQ(session.run(e, hub).allocations, 0);
    }
}

TEST(LongRows, StayWholeWhereThereIsNoRoomForTables) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph hub = star(9000);
  const auto run = [&](std::uint64_t memory, std::int64_t hub_edges, int& cut) {
    SimulatedMachine m;
    m.figures.hub_edges = hub_edges, m.runtime.bulk_machine = nullptr;
    Session session = simulated(m, {.device_memory = memory});
    const Result result = session.run(spreading(), hub);
    expect_same(result, reference(spreading(), hub));
    EXPECT_EQ(static_cast<std::size_t>(result.device_bytes), m.runtime.most_memory());
    cut = cutting_kernels(m);
    return static_cast<std::uint64_t>(result.device_bytes);
  };
  int cut = 0;
  const std::uint64_t with = run(0, 5000, cut);
  EXPECT_GT(cut, 0);
  const std::uint64_t without = run(0, 1'000'000, cut);
  EXPECT_EQ(cut, 0);
  EXPECT_LT(without, with);
  EXPECT_EQ(run(with, 5000, cut), with);
  EXPECT_GT(cut, 0);
  EXPECT_EQ(run(with - 1, 5000, cut), without);
  EXPECT_EQ(cut, 0) << "what is left is what a run needs";
}

TEST(LongRows, TablesAreThereOnceForAllPlans) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  m.figures.hub_edges = 0;
  Session session = simulated(m);
  const Graph hub = star(5000);
  const auto first = session.run(spreading(), hub).allocations;
  const Program other = program_of("other", [](ProgramBuilder& p, GraphRef g) {
    p.output("y", g.neighbor_agg(g.load_node("x"), Aggregate::Max, {.weights = g.load_edge("w")}));
  });
  const Result result = session.run(other, hub);
  expect_same(result, reference(other, hub));
  EXPECT_LE(result.allocations, cuda::Instance::kAllocations);
  EXPECT_GE(first, result.allocations + 3 + 3) << "rows, and their tables";
}

}  // namespace
}  // namespace monograph::test
