// Plans as CUDA graphs: built on a fake runtime that executes them, groups by their definitions and control
// kernels through the shim, and compared with the oracle.
#include "host/cuda/plan_graph.h"

#include "cuda/loop_programs.h"
#include "cuda/plan_machine.h"
#include "host/cuda/nvrtc.h"

namespace monograph::test {
namespace {

std::vector<Program> programs() {
  std::vector<Program> all;
  for (const char* name : {"pagerank", "cdlp", "wcc", "bfs", "degree"}) all.push_back(algorithm(name));
  for (const auto& make : {nested_loops, branching_loop, rotating_loop, exchanging_loop})
    all.push_back(make());
  return all;
}

TEST(PlanGraph, EveryProgramGivesTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_COMPILER();
  for (const Program& program : programs())
    for (const int level : {0, 1, 2})
      for (const unsigned seed : {1u, 2u, 3u}) {
        SCOPED_TRACE(program.name() + " at level " + std::to_string(level) + ", seed " +
                     std::to_string(seed));
        const Graph graph = small_graph();
        Machine m(program, graph, level);
        ASSERT_EQ(cuda::objection(*m.plan), "");
        m.executes(), m.runtime.seed = seed;
        {
          cuda::PlanGraph g = m.graph();
          g.run();
          expect_outputs(m, g, reference(program, graph));
        }
        m.library = {};
        EXPECT_EQ(m.runtime.alive(), 0u);
      }
}

TEST(PlanGraph, OneLaunchPerRunAndOneGraphForAllParameters) {
  MONOGRAPH_NEEDS_COMPILER();
  const Program program = rotating_loop();
  const Graph graph = small_graph();
  Machine m(program, graph);
  m.executes();
  cuda::PlanGraph g = m.graph();
  const plan::SlotId times = [&] {
    for (plan::SlotId s = 0; s < m.plan->slots.size(); ++s)
      if (m.plan->slots[s].kind == plan::Slot::Kind::Parameter) return s;
    return plan::kNoSlot;
  }();
  const std::size_t before = m.runtime.calls.size();
  const int launches = m.runtime.count("launch");
  for (const std::int64_t k : {0, 1, 2, 5}) {
    g.set(times, Constant::of(k));
    g.run();
    expect_outputs(m, g, reference(program, graph, {{"times", Constant::of(k)}}));
  }
  EXPECT_EQ(m.runtime.calls.size() - before, 8u) << "a launch and a wait each, and nothing else";
  EXPECT_EQ(m.runtime.count("launch") - launches, 4);
  EXPECT_EQ(launches, 1) << "of what depends on the graph alone";
}

/// Bodies hold only what bodies may hold, and each handle belongs to the graph of its node.
void expect_legal(const FakeRuntime& runtime, cuda::CudaGraph graph, bool body, int& loops, int& branches) {
  const FakeGraph& g = runtime.graph(graph);
  EXPECT_TRUE(!body || !g.nodes.empty());
  for (const cuda::CudaGraphNode id : g.nodes) {
    const FakeNode& n = runtime.node(id);
    if (n.kind != FakeNode::Kind::Conditional) continue;
    EXPECT_EQ(runtime.owner(n.condition), graph);
    ++(n.conditional == cuda::Conditional::While ? loops : branches);
    for (const cuda::CudaGraph inside : n.bodies) {
      EXPECT_EQ(runtime.graph(inside).parent, graph);
      expect_legal(runtime, inside, true, loops, branches);
    }
  }
}

TEST(PlanGraph, LoopsAndBranchesAreConditionalNodes) {
  for (const auto& [program, loops, branches] :
       {std::tuple(nested_loops(), 2, -1), std::tuple(branching_loop(), 1, 2),
        std::tuple(algorithm("pagerank"), 1, 0), std::tuple(algorithm("cdlp"), 1, 0)}) {
    Machine m(program, small_graph());
    const cuda::PlanGraph g = m.graph();
    int seen_loops = 0, seen_branches = 0;
    const cuda::CudaGraph top = m.runtime.created_graph();
    expect_legal(m.runtime, top, false, seen_loops, seen_branches);
    EXPECT_EQ(seen_loops, loops) << program.name();
    EXPECT_TRUE(branches < 0 || seen_branches == branches) << program.name() << " " << seen_branches;
    const FakeGraph& nodes = m.runtime.graph(top);
    const FakeNode &first = m.runtime.node(nodes.nodes.front()), &last = m.runtime.node(nodes.nodes.back());
    EXPECT_TRUE(first.after.empty());
    EXPECT_EQ(first.kind, FakeNode::Kind::Copy) << "parameters in";
    EXPECT_EQ(last.kind, FakeNode::Kind::Copy) << "results out";
    EXPECT_EQ(last.from, first.to) << "the control block";
  }
}

TEST(PlanGraph, AGraphWithoutNodesHasNothingToCopy) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph none =
      Graph::from_edges({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(0)});
  for (const Program& program : {branching_loop(), rotating_loop(), nested_loops()}) {
    SCOPED_TRACE(program.name());
    Machine m(program, none);
    m.executes();
    cuda::PlanGraph g = m.graph();
    int loops = 0, branches = 0;
    expect_legal(m.runtime, m.runtime.created_graph(), false, loops, branches);
    g.run();
    expect_outputs(m, g, reference(program, none));
  }
}

TEST(PlanGraph, GroupsOfAWaveAreParallelBranches) {
  Machine m(algorithm("pagerank"), small_graph(), 2, {.keep = false});
  const cuda::PlanGraph g = m.graph();
  ASSERT_TRUE(m.plan->blocks[0].steps[1].together) << "as explain shows it";
  std::map<std::string, const FakeNode*> kernels;
  const FakeGraph& top = m.runtime.graph(m.runtime.created_graph());
  for (const cuda::CudaGraphNode id : top.nodes) kernels[m.runtime.node(id).kernel] = &m.runtime.node(id);
  ASSERT_TRUE(kernels.contains("step 0 0") && kernels.contains("step 0 1"));
  EXPECT_EQ(kernels["step 0 0"]->after, kernels["step 0 1"]->after);
  EXPECT_NE(kernels["step 0 0"]->parameters[0], kernels["step 0 1"]->parameters[0]) << "room of their own";
  EXPECT_EQ(kernels["step 0 0"]->launch.blocks, 3u) << "8 rows, 3 per block";
  EXPECT_EQ(kernels["mg_control_enter"]->after.size(), 1u) << "after the copy of what the loop carries";
}

TEST(PlanGraph, GroupsThatShareRoomRunOneAfterAnother) {
  Machine m(algorithm("pagerank"), small_graph(), 2, {.keep = false});
  const cuda::PlanGraph g = m.graph(1);
  std::map<std::string, cuda::CudaGraphNode> kernels;
  for (const cuda::CudaGraphNode id : m.runtime.graph(m.runtime.created_graph()).nodes)
    kernels[m.runtime.node(id).kernel] = id;
  const FakeNode& second = m.runtime.node(kernels.at("step 0 1"));
  EXPECT_EQ(second.after, std::vector<cuda::CudaGraphNode>{kernels.at("step 0 0")});
  EXPECT_EQ(second.parameters[0], m.runtime.node(kernels.at("step 0 0")).parameters[0]);
}

TEST(PlanGraph, TheFirstFailedCheckEndsTheRun) {
  MONOGRAPH_NEEDS_COMPILER();
  Machine m(checked(), small_graph());
  m.executes();
  cuda::PlanGraph g = m.graph();
  g.run();
  EXPECT_GE(g.control().failed_site, 0);
  ASSERT_TRUE(g.failed_group());
  EXPECT_EQ(g.failed_group()->first, 1u) << "in the loop's body";
  EXPECT_EQ(g.control().failed, 7ull << 40 | 3);
  EXPECT_EQ(g.control().failed_index, 11);
  EXPECT_EQ(g.control().iterations, 2) << "iteration 1 reads past the end; none follows";
  g.run();
  EXPECT_EQ(g.control().iterations, 2) << "the next run begins anew";
}

TEST(PlanGraph, WhicheverCallFailsNothingStaysBehindAndTheNextRunWorks) {
  MONOGRAPH_NEEDS_COMPILER();
  const Program program = nested_loops();
  const Graph graph = small_graph();
  const Result want = reference(program, graph);
  Machine whole(program, graph);
  whole.graph().run();
  const int calls = static_cast<int>(whole.runtime.calls.size());
  ASSERT_GT(whole.runtime.count("add_kernel"), 6);
  for (int i = 0; i < calls; ++i)
    for (const cuda::Status failure : {cuda::Status::OutOfMemory, cuda::Status{719}}) {
      const std::string call = whole.runtime.calls[static_cast<std::size_t>(i)];
      SCOPED_TRACE(std::to_string(i) + " " + call);
      Machine m(program, graph);
      m.executes();
      m.runtime.fail_at = i, m.runtime.failure = failure;
      const bool gives_back =
          call.starts_with("destroy") || call.starts_with("release") || call == "unload_library";
      bool threw = false;
      try {
        m.graph().run();
      } catch (const MemoryError&) {
        threw = failure == cuda::Status::OutOfMemory;
      } catch (const RuntimeError&) {
        threw = failure != cuda::Status::OutOfMemory;
      }
      EXPECT_EQ(threw, !gives_back);
      m.library = {};
      EXPECT_EQ(m.runtime.alive(), 0u);
      m.runtime.fail_at = -1;
      cuda::PlanGraph again = m.graph();
      again.run();
      expect_outputs(m, again, want);
    }
}

TEST(PlanGraph, ALostDeviceIsReportedOnceAndClosesCleanly) {
  Machine m(nested_loops(), small_graph());
  {
    cuda::PlanGraph g = m.graph();
    m.runtime.fail_at = static_cast<int>(m.runtime.calls.size()), m.runtime.sticky = true;
    EXPECT_THROW(g.run(), RuntimeError);
  }
  m.library = {};
  EXPECT_EQ(m.runtime.alive(), 0u);
}

TEST(PlanGraph, TooLargeForTheDeviceSaysHowMuch) {
  Machine m(nested_loops(), small_graph());
  m.runtime.devices[0].free_memory = 300;
  try {
    m.graph();
    FAIL() << "expected an error";
  } catch (const MemoryError& error) {
    EXPECT_NE(std::string(error.what()).find("out of device memory: "), std::string::npos) << error.what();
  }
  m.library = {};
  EXPECT_EQ(m.runtime.alive(), 0u);
}

TEST(ColumnCopies, KeepWhatIsStillToBeRead) {
  const auto copies = [](std::vector<plan::Move> moves) { return cuda::column_copies(moves); };
  using Copies = std::vector<cuda::ColumnCopy>;
  const auto take = [](plan::SlotId to, plan::SlotId from) {
    return plan::Move{.to = to, .from = from, .take = true};
  };
  EXPECT_EQ(copies({}), Copies{});
  EXPECT_EQ(copies({take(2, 1), take(3, 2)}), (Copies{{3, 2}, {2, 1}})) << "a chain from its end";
  EXPECT_EQ(copies({take(1, 2), take(2, 1)}), (Copies{{cuda::kSpill, 1}, {1, 2}, {2, cuda::kSpill}}));
  EXPECT_EQ(copies({take(1, 2), {.to = 5, .from = 1}}), (Copies{{1, 2}, {5, 1}})) << "copies after all takes";
  // two cycles, one after the other through one spill
  EXPECT_EQ(
      copies({take(1, 2), take(2, 1), take(3, 4), take(4, 3)}),
      (Copies{{cuda::kSpill, 1}, {1, 2}, {2, cuda::kSpill}, {cuda::kSpill, 3}, {3, 4}, {4, cuda::kSpill}}));
}

TEST(ControlKernels, CompileForEveryArchitecture) {
  const auto nvrtc = cuda::Nvrtc::find();
  if (!nvrtc.nvrtc) GTEST_SKIP() << nvrtc.reason;
  for (const int architecture : {80, 90, 100, 120})
    for (const bool conditions_in_memory : {false, true}) {
      const auto result = nvrtc.nvrtc->compile(
          {.source = cuda::control_text(conditions_in_memory), .architecture = architecture});
      EXPECT_TRUE(result.ok()) << result.reason << "\n" << result.log;
    }
}

}  // namespace
}  // namespace monograph::test
