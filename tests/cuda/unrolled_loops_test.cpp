// Loops with several iterations in a round, without a WHILE node, and without what the graph alone decides:
// the same results, however the plan becomes a graph.
#include "cuda/loop_programs.h"
#include "cuda/plan_machine.h"
#include "host/cuda/loop_form.h"
#include "property/random_program.h"

namespace monograph::test {
namespace {

using cuda::GraphOptions;

const std::vector<GraphOptions>& all_options() {
  static const std::vector<GraphOptions> all{{},
                                             {.unroll = 2},
                                             {.unroll = 3},
                                             {.unroll = 4},
                                             {.full_unroll = 512},
                                             {.unroll = 2, .full_unroll = 40},
                                             {.keep = false}};
  return all;
}
std::string text(const GraphOptions& o) {
  return "unroll " + std::to_string(o.unroll) + ", full " + std::to_string(o.full_unroll) +
         (o.keep ? "" : ", nothing kept");
}

Graph graph_with_attributes() {
  Graph g = small_graph();
  std::vector<double> w, x;
  for (std::int64_t e = 0; e < g.edge_count(); ++e) w.push_back(0.25 * static_cast<double>(e % 7));
  for (std::int64_t v = 0; v < g.node_count(); ++v) x.push_back(static_cast<double>((v * 7) % 5) - 1.5);
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

/// Two runs: what the first leaves behind must not show in the second.
void expect_reference(const Program& program, const Graph& graph, int level, const GraphOptions& how,
                      const Parameters& parameters = {}) {
  SCOPED_TRACE(program.name() + " at level " + std::to_string(level) + ", " + text(how));
  Machine m(program, graph, level, how);
  for (const auto& [name, value] : parameters.constants()) m.run.parameters[name] = value;
  m.executes();
  cuda::PlanGraph g = m.graph();
  const Result want = reference(program, graph, parameters);
  for (int run = 0; run < 2; ++run) {
    g.run();
    expect_outputs(m, g, want);
  }
}

TEST(UnrolledLoops, EveryProgramInEveryForm) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph graph = graph_with_attributes();
  std::vector<Program> all = monograph::testing::test_programs();
  for (const auto& make : {nested_loops, branching_loop, rotating_loop, exchanging_loop, turning, fixed,
                           inverse_degrees, scattering, loop_in_branch})
    all.push_back(make());
  for (const Program& program : all)
    for (const GraphOptions& how : all_options())
      for (const int level : {0, 2}) expect_reference(program, graph, level, how);
}

// Wherever in a round the loop ends, inner and outer: columns are where what follows looks for them.
TEST(UnrolledLoops, AnEndAnywhereInTheRound) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph graph = small_graph();
  for (const GraphOptions& how : {GraphOptions{.unroll = 2}, GraphOptions{.unroll = 4}}) {
    for (std::int64_t outer = 0; outer < 6; ++outer) {
      for (std::int64_t inner = 0; inner < 8; ++inner)
        expect_reference(turning(), graph, 2, how,
                         {{"outer", Constant::of(outer)}, {"inner", Constant::of(inner)}});
      // a loop that would end before it begins must not end the silence of the round around it
      expect_reference(turning(), graph, 2, how,
                       {{"outer", Constant::of(outer)}, {"most", Constant::of(std::int64_t{0})}});
    }
    for (std::int64_t times = 0; times < 10; ++times)
      expect_reference(rotating_loop(), graph, 2, how, {{"times", Constant::of(times)}});
  }
}

// Nested loops, branches, breaks and continues as no one would write them; failed checks among them.
TEST(UnrolledLoops, RandomProgramsInEveryForm) {
  MONOGRAPH_NEEDS_COMPILER();
  std::uint32_t state = 7;
  const auto choices = [&] {
    monograph::testing::Choices all;
    for (int i = 0; i < 160; ++i)
      all.push_back(static_cast<std::uint16_t>((state = state * 1664525u + 1013904223u) >> 16));
    return all;
  };
  int loops = 0;
  for (int i = 0; i < 40; ++i) {
    const Program program = monograph::testing::random_program(choices());
    const Graph graph = monograph::testing::random_graph(choices());
    SCOPED_TRACE("program " + std::to_string(i));
    std::optional<Result> want;
    try {
      want = reference(program, graph);
    } catch (const RuntimeError&) {  // then every form fails
    }
    for (const GraphOptions& how : all_options()) {
      SCOPED_TRACE(text(how));
      Machine m(program, graph, 2, how);
      EXPECT_EQ(cuda::objection(*m.plan), "");
      loops += m.plan->blocks.size() > 1;
      m.executes();
      cuda::PlanGraph g = m.graph();
      g.run();
      if (want)
        expect_outputs(m, g, *want);
      else
        EXPECT_GE(g.control().failed_site, 0);
    }
  }
  EXPECT_GT(loops, 50) << "what this test is about";
}

/// The first loop of a block.
const plan::Step& loop_in(const plan::Plan& plan, plan::BlockIndex block) {
  for (const plan::Step& s : plan.blocks[block].steps)
    if (s.kind == plan::Step::Kind::While) return s;
  throw UsageError("no loop");
}

TEST(UnrolledLoops, FormsFollowWhatChangesHands) {
  const plan::Plan plan = *plan::compile(turning().ir(), {.level = 2}).plan;
  const plan::Step& outer = loop_in(plan, 0);
  const plan::Step& inner = loop_in(plan, outer.blocks[0]);
  const auto order = [&](const plan::Step& s) {
    return cuda::memory_order(cuda::column_moves(plan, plan.blocks[s.blocks[0]].leave));
  };
  ASSERT_GT(order(inner), 1) << "what this test is about";
  const cuda::LoopForm once = cuda::loop_form(plan, inner, {}, true);
  EXPECT_FALSE(once.full || once.turns || once.copies != 1) << "the default";
  const cuda::LoopForm twice = cuda::loop_form(plan, inner, {.unroll = 2}, true);
  EXPECT_TRUE(twice.turns);
  EXPECT_EQ(twice.copies % order(inner), 0);
  EXPECT_GE(twice.copies, 2);
  const cuda::LoopForm many = cuda::loop_form(plan, inner, {.unroll = 4000}, true);
  EXPECT_EQ(many.copies, 1) << "more kernels than a body should have";
  EXPECT_FALSE(cuda::constant_count(plan, outer)) << "a parameter decides";
}

TEST(UnrolledLoops, CountsThatTheProgramFixes) {
  const plan::Plan plan = *plan::compile(fixed().ir(), {.level = 2}).plan;
  const plan::Step& outer = loop_in(plan, 0);
  EXPECT_EQ(cuda::constant_count(plan, outer), 3);
  EXPECT_EQ(cuda::constant_count(plan, loop_in(plan, outer.blocks[0])), 5);
  const cuda::LoopForm form = cuda::loop_form(plan, outer, {.full_unroll = 512}, false);
  EXPECT_TRUE(form.full);
  EXPECT_EQ(form.copies, 3);
  EXPECT_FALSE(cuda::loop_form(plan, outer, {.full_unroll = 4}, false).full) << "too many kernels";
  const plan::Plan breaks = *plan::compile(nested_loops().ir(), {.level = 2}).plan;
  EXPECT_FALSE(cuda::constant_count(breaks, loop_in(breaks, loop_in(breaks, 0).blocks[0])));
}

std::size_t conditionals(const FakeRuntime& runtime, cuda::CudaGraph graph) {
  std::size_t all = 0;
  for (const cuda::CudaGraphNode id : runtime.graph(graph).nodes) {
    const FakeNode& n = runtime.node(id);
    all += n.kind == FakeNode::Kind::Conditional;
    for (const cuda::CudaGraph body : n.bodies) all += conditionals(runtime, body);
  }
  return all;
}
/// Nodes that copy, in bodies of loops and branches: these ask nobody whether the round is over.
std::size_t copies_inside(const FakeRuntime& runtime, cuda::CudaGraph graph, bool inside = false) {
  std::size_t all = 0;
  for (const cuda::CudaGraphNode id : runtime.graph(graph).nodes) {
    const FakeNode& n = runtime.node(id);
    all += inside && n.kind == FakeNode::Kind::Copy;
    for (const cuda::CudaGraph body : n.bodies) all += copies_inside(runtime, body, true);
  }
  return all;
}

TEST(UnrolledLoops, FullyUnrolledThereIsNoConditionalNode) {
  Machine m(fixed(), small_graph(), 2, {.full_unroll = 512});
  const cuda::PlanGraph g = m.graph();
  EXPECT_EQ(conditionals(m.runtime, m.runtime.created_graph()), 0u);
}

TEST(UnrolledLoops, ColumnsThatTakeTurnsAreNotCopied) {
  MONOGRAPH_NEEDS_COMPILER();
  const auto launches = [](const GraphOptions& how, const char* kernel) {
    Machine m(nested_loops(), small_graph(), 2, how);
    m.executes();
    cuda::PlanGraph g = m.graph();
    g.run();
    return m.control_launches[kernel];
  };
  Machine plain(nested_loops(), small_graph());
  const cuda::PlanGraph one = plain.graph();
  EXPECT_GT(copies_inside(plain.runtime, plain.runtime.created_graph()), 0u);
  Machine rounds(nested_loops(), small_graph(), 2, {.unroll = 2});
  const cuda::PlanGraph two = rounds.graph();
  EXPECT_EQ(copies_inside(rounds.runtime, rounds.runtime.created_graph()), 0u);
  EXPECT_GT(launches({.unroll = 2}, "mg_control_settle"), 0);
  EXPECT_EQ(launches({}, "mg_control_settle"), 0);
}

// The first iteration that fails is the last one, wherever it stands in its round, and no loop goes on for
// ever.
TEST(UnrolledLoops, AFailedCheckEndsTheRun) {
  MONOGRAPH_NEEDS_COMPILER();
  for (const GraphOptions& how : all_options()) {
    SCOPED_TRACE(text(how));
    Machine m(checked(), small_graph(), 2, how);
    m.executes();
    cuda::PlanGraph g = m.graph();
    for (int run = 0; run < 2; ++run) {
      g.run();
      ASSERT_TRUE(g.failed_group());
      EXPECT_EQ(g.failed_group()->first, 1u);
      EXPECT_EQ(g.control().iterations, 2);
      EXPECT_EQ(g.control().failed_index, 11);
    }
  }
}

TEST(KeptSteps, AreComputedWhenTheGraphIsMade) {
  MONOGRAPH_NEEDS_COMPILER();
  const Program program = inverse_degrees();
  const auto launches = [&](bool keep, std::size_t& once, std::size_t& each) {
    Machine m(program, small_graph(), 2, {.keep = keep});
    m.executes();
    cuda::PlanGraph g = m.graph();
    once = static_cast<std::size_t>(m.launches);
    const auto calls = m.runtime.calls.size();
    for (const double scale : {2.0, -3.5}) {
      for (plan::SlotId s = 0; s < m.plan->slots.size(); ++s)
        if (m.plan->slots[s].kind == plan::Slot::Kind::Parameter) g.set(s, Constant::of(scale));
      g.run();
      expect_outputs(m, g, reference(program, small_graph(), {{"scale", Constant::of(scale)}}));
    }
    EXPECT_EQ(m.runtime.calls.size() - calls, 4u) << "a launch and a wait for each run";
    each = (static_cast<std::size_t>(m.launches) - once) / 2;
  };
  std::size_t kept = 0, rest = 0, none = 0, all = 0;
  launches(true, kept, rest), launches(false, none, all);
  EXPECT_GT(kept, 0u);
  EXPECT_EQ(none, 0u);
  EXPECT_EQ(kept + rest, all);
}

// A step that the graph alone decides, and that fails: in each run, in its place.
TEST(KeptSteps, WhatCanFailIsNotKept) {
  MONOGRAPH_NEEDS_COMPILER();
  const Program program = monograph::testing::program_of("past the end", [](ProgramBuilder& p, GraphRef g) {
    p.output("x", take(g.node_index(), g.node_index() + 1) * 2);
  });
  Machine m(program, small_graph());
  m.executes();
  cuda::PlanGraph g = m.graph();
  for (int run = 0; run < 2; ++run) {
    g.run();
    ASSERT_TRUE(g.failed_group());
    EXPECT_EQ(g.failed_group()->first, 0u);
  }
}

}  // namespace
}  // namespace monograph::test
