// Loops as one kernel: with the bits of the reference for one block and several, whatever the order of their
// threads; and what they are made of, the barrier of a grid, found out when it is wrong.
#include "host/codegen/device_loop.h"

#include <monograph/error.h>

#include <atomic>
#include <functional>
#include <random>
#include <thread>

#include "host/cuda/cubin.h"
#include "host/cuda/nvrtc.h"
#include "host/plan/compile.h"
#include "host/runtime/run_state.h"
#include "host/simt/engine.h"
#include "support.h"
#include "unit/loop_programs.h"

namespace monograph {
namespace {

using plan::Step;

Graph graph_of(int nodes, int edges, bool undirected, std::uint32_t seed) {
  EdgeList list{
      .source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes), .undirected = undirected};
  std::mt19937 random(seed);
  const auto any = [&] { return static_cast<std::int32_t>(random() % static_cast<unsigned>(nodes)); };
  for (int i = 0; i < edges; ++i) {
    list.source.push_back(any());
    list.target.push_back(i % 3 ? any() : 0);  // a long row
  }
  Graph g = Graph::from_edges(std::move(list));
  std::vector<double> x, w;
  for (int v = 0; v < nodes; ++v) x.push_back(1.0 / (v + 1) - 0.25);
  for (std::int64_t e = 0; e < g.edge_count(); ++e) w.push_back(0.25 * static_cast<double>(e % 7) + 0.125);
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  return g;
}

const std::vector<Graph>& graphs() {
  static const std::vector<Graph> all{graph_of(0, 0, false, 0), graph_of(1, 0, false, 1),
                                      graph_of(9, 20, false, 2), graph_of(60, 200, true, 3),
                                      graph_of(1500, 4000, false, 4)};
  return all;
}

/// Everything that a run gives, as text: outputs by their bits, iterations, convergence, or the error.
std::string outcome(Session& session, const Executable& e, const Graph& graph) {
  std::string text;
  try {
    const Result r = session.run(e, graph);
    for (const Output& o : r.outputs()) {
      text += o.name;
      for (std::int64_t i = 0; i < o.column.size(); ++i) {
        const Constant c = o.column.at(i);
        text += " " + (to_string(c).find("nan") == std::string::npos ? std::to_string(c.bits) : "nan");
      }
      text += "\n";
    }
    text += std::to_string(r.iterations) + (r.converged ? " converged" : " not converged");
  } catch (const RuntimeError& error) {
    text += error.what();
  }
  return text;
}

std::vector<Program> programs_with_loops() {
  std::vector<Program> all = testing::loop_programs();
  for (Program& p : testing::test_programs())
    if (p.ir().regions.size() > 1) all.push_back(p);
  return all;
}

TEST(DeviceLoop, EveryLoopIsOneKernelWithTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::vector<Program> programs = programs_with_loops();
  Session reference({.backend = "reference"});
  std::vector<std::vector<std::string>> want;
  for (const Program& p : programs)
    for (auto& w = want.emplace_back(); const Graph& g : graphs())
      w.push_back(outcome(reference, reference.compile(p), g));
  for (const int level : {0, 2}) {
    Session session({.backend = "simt",
                     .level = level,
                     .simt_seed = level + 1u,
                     .simt_loops = true,
                     .simt_balanced = level == 0,
                     .cache = CacheUse::Off});
    const auto executables = session.compile(programs);
    for (std::size_t p = 0; p < programs.size(); ++p)
      for (std::size_t g = 0; g < graphs().size(); ++g)
        for (int turn = 0; turn < 2; ++turn)  // other orders, other numbers of blocks and lanes
          EXPECT_EQ(outcome(session, executables[p], graphs()[g]), want[p][g])
              << programs[p].name() << " at level " << level << ", graph " << g << ", turn " << turn;
  }
}

/// One text for all of a program's outermost loops; each is a kernel.
std::string loops_of(const Program& program, bool balanced, std::size_t& kernels) {
  const auto plan = plan::compile(program.ir(), {.level = 2}).plan;
  std::string text;
  for (std::size_t s = 0; s < plan->blocks[0].steps.size(); ++s) {
    if (plan->blocks[0].steps[s].kind != Step::Kind::While || !codegen::loop_objection(*plan, 0, s).empty())
      continue;
    const std::string group = program.name() == "side by side" ? "side" : program.name();
    text += codegen::emit_device_loop(*plan, 0, s, group + (balanced ? "_cut" : "") + std::to_string(s),
                                      {.balanced = balanced})
                .text;
    ++kernels;
  }
  return text;
}

/// A block per multiprocessor is enough for a loop that waits for all, so each thread may have 255 registers.
TEST(DeviceLoop, EveryLoopCompilesForTheDeviceWithinItsBudget) {
  static const auto found = cuda::Nvrtc::find();
  if (!found.nvrtc) GTEST_SKIP() << found.reason;
  const std::string prelude = codegen::device_stage_prelude() + codegen::device_loop_prelude();
  std::string texts[2];
  std::size_t kernels = 0;
  for (const Program& p : programs_with_loops())
    for (const bool balanced : {false, true}) {
      std::string& text = texts[texts[1].size() < texts[0].size()];
      text += loops_of(p, balanced, kernels);
    }
  EXPECT_GT(kernels, 20u);
  std::atomic<std::size_t> seen = 0;
  const auto compile = [&](const std::string& text) {
    const auto result = found.nvrtc->compile({.source = prelude + text, .architecture = 90});
    ASSERT_TRUE(result.ok()) << result.reason << "\n" << result.log;
    EXPECT_EQ(result.log, "");  // no warnings either
    const cuda::CubinReport report = cuda::inspect_cubin(result.cubin);
    seen += report.kernels.size();
    for (std::size_t k = 0; k < report.kernels.size(); ++k) {
      EXPECT_GT(report.uses[k].registers, 0u);
      EXPECT_LE(report.uses[k].registers, 255u) << report.kernels[k];
      EXPECT_LE(report.uses[k].stack_bytes, 1024u) << report.kernels[k];
    }
  };
  std::jthread other([&] { compile(texts[1]); });
  compile(texts[0]);
  other.join();
  EXPECT_EQ(seen, kernels);
}

// ---- what is wrong on purpose

std::vector<std::uint64_t> bits(const Program& program, const Graph& graph, simt::DeviceSource source,
                                std::uint64_t seed) {
  simt::Engine engine(seed, 1, {}, std::move(source));
  const auto plan = std::make_shared<simt::PreparedPlan>(plan::compile(program.ir(), {.level = 2}).plan);
  engine.prepare(std::span(&plan, 1));
  std::vector<std::uint64_t> all;
  for (int turn = 0; turn < 3; ++turn) {
    const RunOptions options;
    runtime::RunState state(graph, {}, options);
    engine.run(*plan, graph, state);
    for (const Output& o : state.outputs)
      for (std::int64_t i = 0; i < o.column.size(); ++i) all.push_back(o.column.at(i).bits);
  }
  return all;
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t n = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++n;
  return n;
}

constexpr const char* kBarrier = "mg_grid_barrier(&loop->barrier, grid);";

/// The loops' text without its n-th barrier of the grid.
simt::DeviceSource without_barrier(std::size_t n) {
  simt::DeviceSource source = simt::device_source(true, {});
  const auto right = source.loop;
  source.loop = [right, n](const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                           const std::string& group) {
    codegen::DeviceLoop loop = right(plan, block, step, group);
    std::size_t at = loop.text.find(kBarrier);
    for (std::size_t i = 0; i < n; ++i) at = loop.text.find(kBarrier, at + 1);
    loop.text.replace(at, std::string(kBarrier).size(), "__syncthreads();");
    return loop;
  };
  return source;
}

/// The last one is there for slots that are used again after what they held is fetched: none in this program.
TEST(DeviceLoop, EveryBarrierOfTheGridIsNeeded) {
  MONOGRAPH_NEEDS_COMPILER();
  const Program program = testing::nested_loops();
  const Graph graph = graph_of(3000, 9000, false, 5);
  std::string text;
  simt::DeviceSource source = simt::device_source(true, {});
  const auto emit = source.loop;
  source.loop = [&](const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                    const std::string& group) {
    codegen::DeviceLoop loop = emit(plan, block, step, group);
    text = loop.text;
    return loop;
  };
  const auto right = bits(program, graph, source, 1);
  EXPECT_EQ(bits(program, graph, source, 2), right);
  const std::size_t barriers = count(text, kBarrier);
  EXPECT_EQ(barriers, 3u) << text;
  for (std::size_t n = 0; n + 1 < barriers; ++n) {
    bool found = false;
    for (std::uint64_t seed = 1; seed <= 10 && !found; ++seed) try {
        found = bits(program, graph, without_barrier(n), seed) != right;
      } catch (const InternalError&) {
        found = true;
      }
    EXPECT_TRUE(found) << "barrier " << n << " of\n" << text;
  }
}

// ---- the barrier by itself

/// Each block says its number in each round, and reads what all others said: in slots that take turns, so
/// that one barrier per round is enough.
constexpr const char* kRounds = R"(
extern "C" __global__ void rounds(mg_barrier* barrier, unsigned* said, unsigned* wrong, unsigned* published) {
  const mg_grid grid{blockIdx.x, gridDim.x};
  for (unsigned round = 1; round <= 20; ++round) {
    unsigned* const now = said + (round & 1u) * gridDim.x * blockDim.x;
    now[blockIdx.x * blockDim.x + threadIdx.x] = round;
    mg_grid_barrier(barrier, grid, [&] { *published += 1; });
    for (unsigned i = threadIdx.x; i < gridDim.x * blockDim.x; i += blockDim.x)
      if (now[i] != round) atomicAdd(wrong, 1u);
    if (*published != round) atomicAdd(wrong, 1u);
  }
}
MG_KERNEL_ENTRY(rounds)
)";

/// What is wrong with the barrier under any seed: the emulator's error, or "wrong".
std::string flaw(const std::string& prelude) {
  const simt::Module module = test::build(codegen::device_stage_prelude() + prelude + kRounds);
  simt::Emulator emulator;
  for (std::uint64_t seed = 0; seed < 12; ++seed)
    for (const unsigned blocks : {1u, 2u, 5u}) {
      unsigned barrier[2] = {}, wrong = 0, published = 0;
      std::vector<unsigned> said(2 * 64 * blocks);
      void *b = barrier, *s = said.data(), *w = &wrong, *p = &published;
      void* arguments[] = {&b, &s, &w, &p};
      const auto result = emulator.launch(module.kernel("rounds"), {.grid = {blocks, 1, 1},
                                                                    .block = {64, 1, 1},
                                                                    .arguments = arguments,
                                                                    .seed = seed,
                                                                    .resident_blocks = blocks});
      if (!result.ok()) return result.error;
      if (wrong) return "wrong";
      if (barrier[0] != 0) return "left with blocks in it";
    }
  return "";
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), by);
}

TEST(GridBarrier, HoldsUnderEveryInterleavingAndEachOfItsStepsIsNeeded) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::string right = codegen::device_loop_prelude();
  EXPECT_EQ(flaw(right), "");
  // the block's threads have not all stored
  EXPECT_NE(flaw(replaced(right, "  __syncthreads();\n  if (threadIdx.x == 0) {\n    if (grid",
                          "  if (threadIdx.x == 0) {\n    if (grid")),
            "");
  // the other threads go on alone
  EXPECT_NE(flaw(replaced(right, "    }\n  }\n  __syncthreads();\n}", "    }\n  }\n}")), "");
  // the count is never reset
  EXPECT_NE(flaw(replaced(right, "barrier->arrived = 0;", "")), "");
  // the count is reset when others may have arrived again
  EXPECT_NE(flaw(replaced(replaced(right, "        barrier->arrived = 0;\n", ""),
                          "atomicExch(&barrier->generation, generation + 1);",
                          "atomicExch(&barrier->generation, generation + 1); __nanosleep(1); "
                          "barrier->arrived = 0;")),
            "");
  // the generation is read after arriving, when it may be the next one
  EXPECT_NE(flaw(replaced(right, "while (mg_ld_relaxed(&barrier->generation) == generation)",
                          "const unsigned late = mg_ld_relaxed(&barrier->generation);\n        while "
                          "(mg_ld_relaxed(&barrier->generation) == late)")),
            "");
}

// ---- what has no such kernel

std::string objection_of(const Program& program) {
  const auto plan = plan::compile(program.ir(), {.level = 2}).plan;
  for (std::size_t s = 0; s < plan->blocks[0].steps.size(); ++s)
    if (plan->blocks[0].steps[s].kind == Step::Kind::While) return codegen::loop_objection(*plan, 0, s);
  return "no loop";
}

TEST(DeviceLoop, SaysWhyALoopIsNotOneKernel) {
  EXPECT_EQ(objection_of(testing::nested_loops()), "");
  EXPECT_EQ(objection_of(testing::ordering_loop()), "") << "steps that are no groups";
  const Program deep = testing::program_of("deep", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.full(1.0));
    const std::function<void(int)> inside = [&](int loops) {
      if (loops == 0) return void(x = x + 1.0);
      p.loop(2, [&] { inside(loops - 1); });
    };
    inside(9);
    p.output("x", x);
  });
  EXPECT_EQ(objection_of(deep), "more than 8 loops inside of each other");
}

}  // namespace
}  // namespace monograph
