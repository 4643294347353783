// Plans as CUDA graphs: built on a fake runtime that executes them, groups by their definitions and control
// kernels through the shim, and compared with the oracle.
#include "host/cuda/plan_graph.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <cstring>

#include "codegen/region_runner.h"
#include "cuda/fake_runtime.h"
#include "host/cuda/nvrtc.h"
#include "host/plan/compile.h"
#include "unit/test_programs.h"

namespace monograph::test {
namespace {

using plan::Step;

Program algorithm(std::string_view name) {
  for (const AlgorithmInfo& a : algorithms())
    if (a.name == name) return a.make();
  throw UsageError("no algorithm");
}

Program nested_loops() {
  return monograph::testing::program_of("nested", [](ProgramBuilder& p, GraphRef g) {
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

Program checked() {
  return monograph::testing::program_of("checked", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.node_index());
    p.loop(5, [&] { x = take(x, cast(g.node_index(), ScalarType::I64) + p.iteration()) + 1; });
    p.output("x", x);
  });
}

Program branches() {
  return monograph::testing::program_of("branches", [](ProgramBuilder& p, GraphRef g) {
    Variable a = p.variable(g.full(1.0)), b = p.variable(cast(g.node_index(), ScalarType::F64)),
             n = p.variable(0);
    p.loop(5, [&] {
      p.if_else(
          p.iteration() > 1, [&] { swap(a, b); }, [&] { a = a + 1.0; });
      p.if_else(n > 3, [&] { n = n + 5; });
      n = n + 1;
    });
    p.output("a", a);
    p.output("b", b);
    p.output("n", n);
  });
}

/// Four columns that change places in each iteration: two that swap, and one that two others read.
Program rotating() {
  return monograph::testing::program_of("rotating", [](ProgramBuilder& p, GraphRef g) {
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
Program exchanging() {
  return monograph::testing::program_of("exchanging", [](ProgramBuilder& p, GraphRef g) {
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

Graph small_graph() {
  return Graph::from_edges({.source = {0, 0, 1, 2, 2, 3, 3, 6},
                            .target = {1, 1, 2, 2, 0, 4, 0, 5},
                            .attributes = {},
                            .ids = NodeIds::dense(8)});
}

const simt::Module& control_module() {
  static const simt::Module module = build(cuda::control_text());
  return module;
}

/// A plan on a fake device: kernels of groups are called "group BLOCK STEP".
struct Machine {
  FakeRuntime runtime;
  std::shared_ptr<const plan::Plan> plan;
  RegionRun run;
  cuda::OwnedLibrary library;
  cuda::PlanKernels kernels;
  simt::Emulator emulator;
  int launches = 0;  ///< of kernels

  Machine(const Program& program, const Graph& graph, int level = 2) : run(graph) {
    passes::PassOptions options;
    options.level = level;
    plan = plan::compile(program.ir(), options).plan;
    for (const ParameterInfo& p : program.parameters()) run.parameters[p.name] = p.fallback;
  }

  cuda::Kernel kernel(const std::string& name) {
    cuda::Kernel k = nullptr;
    MONOGRAPH_CUDA(runtime, get_kernel(k, library.get(), name.c_str()));
    return k;
  }
  void load() {
    const std::byte cubin[1] = {};
    library = cuda::load_library(runtime, cubin);
    kernels = {.groups = {},
               .enter = kernel("mg_control_enter"),
               .next = kernel("mg_control_next"),
               .branch = kernel("mg_control_branch"),
               .move = kernel("mg_control_move"),
               .note = kernel("mg_control_note")};
    for (std::size_t b = 0; b < plan->blocks.size(); ++b) {
      auto& block = kernels.groups.emplace_back();
      for (std::size_t s = 0; s < plan->blocks[b].steps.size(); ++s) {
        auto& step = block.emplace_back();
        if (plan->blocks[b].steps[s].kind == Step::Kind::Group)
          step.push_back({.kernel = kernel("group " + std::to_string(b) + " " + std::to_string(s)),
                          .rows_per_block = 3});
      }
    }
  }
  cuda::PlanGraph graph(std::size_t lanes = MG_LANES) {
    load();
    cuda::device::mg_device device{};
    device.nodes = run.graph().node_count(), device.edges = run.graph().edge_count();
    cuda::PlanGraph made(runtime, *plan, kernels, std::vector(lanes, device), {});
    for (plan::SlotId s = 0; s < plan->slots.size(); ++s)
      if (plan->slots[s].kind == plan::Slot::Kind::Parameter)
        made.set(s, run.parameter(
                        std::get<std::string>(node(plan->slots[s].region, plan->slots[s].node).attrs[0])));
    return made;
  }
  const ir::Node& node(std::uint32_t region, std::uint32_t at) const {
    return plan->program.regions[region].nodes[at];
  }
  void executes() {
    runtime.on_kernel = [this](const FakeNode& n) {
      ++launches;
      n.kernel.starts_with("group ") ? execute_group(n) : execute_control(n);
    };
  }

 private:
  void execute_control(const FakeNode& n) {
    std::vector<void*> values = n.parameters, addresses;
    for (void*& v : values) addresses.push_back(&v);
    const auto done =
        emulator.launch(control_module().kernel(n.kernel), {.block = {1, 1, 1}, .arguments = addresses});
    EXPECT_TRUE(done.ok()) << done.error;
  }
  /// By the definitions of its operations, on what the kernel's parameters point to.
  void execute_group(const FakeNode& n) {
    std::size_t b = 0, s = 0;
    ASSERT_EQ(std::sscanf(n.kernel.c_str(), "group %zu %zu", &b, &s), 2);
    const Step& step = plan->blocks[b].steps[s];
    const ir::Region& group = plan->program.regions[node(plan->blocks[b].region, step.node).regions[0]];
    ASSERT_EQ(n.parameters.size(), 1 + step.in.size() + step.out.size());
    Values args;
    for (std::size_t i = 0; i < group.args.size(); ++i) {
      ops::Value v{group.args[i], Column(group.args[i].scalar, run.count(group.args[i]))};
      if (v.column.bytes() > 0)
        std::memcpy(v.column.data(), n.parameters[1 + i], static_cast<std::size_t>(v.column.bytes()));
      args.push_back(std::move(v));
    }
    auto& state = *static_cast<cuda::device::mg_device*>(n.parameters[0]);
    try {
      const Values results = evaluate(group, args, run);
      for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].column.bytes() > 0)
          std::memcpy(n.parameters[1 + args.size() + i], std::as_const(results[i].column).data(),
                      static_cast<std::size_t>(results[i].column.bytes()));
    } catch (const RuntimeError&) {
      state.failed = 7ull << 40 | 3;
    }
  }
};

void expect_outputs(const Machine& m, const cuda::PlanGraph& graph, const Result& want) {
  const plan::Block& entry = m.plan->blocks[0];
  std::size_t outputs = 0;
  for (std::size_t s = 0; s < entry.steps.size(); ++s) {
    if (entry.steps[s].kind != Step::Kind::Host) continue;
    const Output& o = want.output(std::get<std::string>(m.node(0, entry.steps[s].node).attrs[0]));
    const plan::SlotId slot = entry.steps[s].in[0];
    const std::uint64_t cell = graph.cell(slot);
    const void* got = o.type.domain == Domain::Scalar ? &cell : graph.column(s);
    const auto bytes = static_cast<std::size_t>(o.column.bytes());
    EXPECT_TRUE(bytes == 0 || std::memcmp(got, o.column.data(), bytes) == 0) << o.name;
    ++outputs;
  }
  EXPECT_EQ(outputs, want.outputs().size());
  EXPECT_EQ(graph.control().iterations, want.iterations);
  EXPECT_EQ(graph.control().finished != 0, want.converged);
  EXPECT_EQ(graph.control().failed_site, -1);
}

Result reference(const Program& program, const Graph& graph, const Parameters& parameters = {}) {
  Session session({.backend = "reference"});
  return session.run(program, graph, parameters);
}

std::vector<Program> programs() {
  std::vector<Program> all;
  for (const char* name : {"pagerank", "cdlp", "wcc", "bfs", "degree"}) all.push_back(algorithm(name));
  for (const auto& make : {nested_loops, branches, rotating, exchanging}) all.push_back(make());
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
  const Program program = rotating();
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
  for (const std::int64_t k : {0, 1, 2, 5}) {
    g.set(times, Constant::of(k));
    g.run();
    expect_outputs(m, g, reference(program, graph, {{"times", Constant::of(k)}}));
  }
  EXPECT_EQ(m.runtime.calls.size() - before, 8u) << "a launch and a wait each, and nothing else";
  EXPECT_EQ(m.runtime.count("launch"), 4);
  EXPECT_EQ(m.runtime.count("synchronize"), 4);
  EXPECT_EQ(m.runtime.count("instantiate"), 1);
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
       {std::tuple(nested_loops(), 2, -1), std::tuple(monograph::test::branches(), 1, 2),
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
  for (const Program& program : {branches(), rotating(), nested_loops()}) {
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
  Machine m(algorithm("pagerank"), small_graph());
  const cuda::PlanGraph g = m.graph();
  ASSERT_TRUE(m.plan->blocks[0].steps[1].together) << "as explain shows it";
  std::map<std::string, const FakeNode*> kernels;
  const FakeGraph& top = m.runtime.graph(m.runtime.created_graph());
  for (const cuda::CudaGraphNode id : top.nodes) kernels[m.runtime.node(id).kernel] = &m.runtime.node(id);
  ASSERT_TRUE(kernels.contains("group 0 0") && kernels.contains("group 0 1"));
  EXPECT_EQ(kernels["group 0 0"]->after, kernels["group 0 1"]->after);
  EXPECT_NE(kernels["group 0 0"]->parameters[0], kernels["group 0 1"]->parameters[0]) << "room of their own";
  EXPECT_EQ(kernels["group 0 0"]->launch.blocks, 3u) << "8 rows, 3 per block";
  EXPECT_EQ(kernels["mg_control_enter"]->after.size(), 1u) << "after the copy of what the loop carries";
}

TEST(PlanGraph, GroupsThatShareRoomRunOneAfterAnother) {
  Machine m(algorithm("pagerank"), small_graph());
  const cuda::PlanGraph g = m.graph(1);
  std::map<std::string, cuda::CudaGraphNode> kernels;
  for (const cuda::CudaGraphNode id : m.runtime.graph(m.runtime.created_graph()).nodes)
    kernels[m.runtime.node(id).kernel] = id;
  const FakeNode& second = m.runtime.node(kernels.at("group 0 1"));
  EXPECT_EQ(second.after, std::vector<cuda::CudaGraphNode>{kernels.at("group 0 0")});
  EXPECT_EQ(second.parameters[0], m.runtime.node(kernels.at("group 0 0")).parameters[0]);
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
  EXPECT_EQ(g.control().iterations, 2) << "iteration 1 reads past the end; none follows";
  g.run();
  EXPECT_EQ(g.control().iterations, 2) << "the next run begins anew";
}

TEST(PlanGraph, WhatHasNoDeviceCodeIsNamed) {
  const Program scatters = monograph::testing::program_of("scatters", [](ProgramBuilder& p, GraphRef g) {
    p.output("pushed", scatter_reduce(g.node_index(), safe_idiv(g.node_index(), 2), Monoid::Max));
  });
  EXPECT_EQ(cuda::objection(*Machine(scatters, small_graph()).plan),
            "graph.scatter_reduce has no device code yet");
  const Program checks = monograph::testing::program_of("checks", [](ProgramBuilder& p, GraphRef g) {
    p.check(g.node_index() < 0, "negative");
    p.output("i", g.node_index());
  });
  EXPECT_EQ(cuda::objection(*Machine(checks, small_graph()).plan), "control.check has no device code yet");
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
  for (const int architecture : {80, 90, 100, 120}) {
    const auto result = nvrtc.nvrtc->compile({.source = cuda::control_text(), .architecture = architecture});
    EXPECT_TRUE(result.ok()) << result.reason << "\n" << result.log;
  }
}

}  // namespace
}  // namespace monograph::test
