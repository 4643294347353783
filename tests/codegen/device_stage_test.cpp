// Every group of every program as device text: NVRTC takes it, and through the shim it has the reference's
// bits, whatever the graph, the order of threads and blocks, and the number of blocks.
#include <algorithm>
#include <atomic>
#include <fstream>
#include <map>
#include <random>
#include <regex>
#include <set>
#include <sstream>
#include <thread>

#include "graphs.h"
#include "host/cuda/cubin.h"
#include "host/cuda/nvrtc.h"
#include "host/ir/program.h"
#include "host/ops/index_check.h"
#include "host/plan/compile.h"
#include "stage_runner.h"
#include "unit/test_programs.h"

namespace monograph {
namespace {

using test::StageText;

/// The groups of a program's plan.
void add_stages(const ir::Program& program, int level, std::set<std::string>& known,
                std::vector<StageText>& all) {
  const auto plan = plan::compile(program, {.level = level}).plan;
  for (const plan::Block& b : plan->blocks)
    for (const plan::Step& s : b.steps) {
      if (s.kind != plan::Step::Kind::Group) continue;
      const ir::RegionIndex region = plan->program.regions[b.region].nodes[s.node].regions[0];
      for (const bool balanced : {false, true}) {
        const codegen::DeviceOptions options{.balanced = balanced};
        if (known.insert(test::stage_text(plan->program, region, "g", options).device.text).second)
          all.push_back(test::stage_text(plan->program, region, std::to_string(all.size()), options));
      }
    }
}

/// What no program of the library has: every kind of reduction more than a block has warps, modes in all
/// directions at once, a take of a neighbour.
ir::Program crowded() {
  return testing::program_of("crowded",
                             [](ProgramBuilder& p, GraphRef g) {
                               const Value x = g.load_node("x"), labels = g.node_index() * 3;
                               Value total = sum(x) + prod(x);
                               for (int i = 0; i < 9; ++i)
                                 total = total + sum(x * (0.5 + i)) * prod(x + 0.25 * i);
                               p.output("total", total);
                               p.output("small", sum(as_f32(x)));
                               p.output("largest", reduce_max(g.node_index() * 2));
                               p.output("at", argmin(x * 2.0) + argmax(as_f32(x)));
                               p.output("mode", g.neighbor_mode(labels, {.direction = Direction::In}) +
                                                    g.neighbor_mode(labels, {.direction = Direction::Out}) +
                                                    g.neighbor_mode(labels, {.direction = Direction::Both}));
                             })
      .ir();
}

/// What `fuse` does not make but a program file may hold: checks of neighbours, of edges and of rows in one
/// group.
constexpr const char* kTakes = R"(program "takes" {
  %x = attr.load_node name="x" type=f64
  %i = attr.load_node name="i" type=i64
  %j = attr.load_edge name="j" type=i32
  %g = control.fused %x, %i, %j {
    (%x: f64[V], %i: i64[V], %j: i32[E]) {
      %e = graph.take %x, %j
      %r = graph.reduce_edges %e at=src monoid=min
      %t = graph.take %x, %i
      %s = graph.neighbor_agg %t agg=sum direction=both
      yield %s, %r
    }
  }
  attr.output %g:0 name="s"
  attr.output %g:1 name="r"
}
)";

const std::vector<StageText>& every_stage() {
  static const std::vector<StageText> all = [] {
    std::vector<StageText> stages;
    std::set<std::string> known;
    for (const Program& p : testing::test_programs())
      for (const int level : {0, 2}) add_stages(p.ir(), level, known, stages);
    for (int t = 0; t < 5; ++t)
      for (const int level : {0, 2})  // one by one, and fused
        add_stages(testing::every_row(static_cast<ScalarType>(t)).ir(), level, known, stages);
    for (const int level : {0, 2}) add_stages(crowded(), level, known, stages);
    const ir::Program takes = ir::parse(kTakes, "takes");
    for (const bool balanced : {false, true})
      stages.push_back(test::stage_text(takes, 1, std::to_string(stages.size()), {.balanced = balanced}));
    return stages;
  }();
  return all;
}

std::string text_of(std::span<const StageText> stages) {
  std::string text = codegen::device_stage_prelude();
  for (const StageText& s : stages) text += s.device.text;
  return text;
}

/// Modules of so many groups each, so that two cores compile at once and no object is large.
constexpr std::size_t kShard = 64;
const simt::Module& module_of(std::size_t stage) {
  static const std::vector<simt::Module> modules = [] {
    const std::span all(every_stage());
    std::vector<simt::Module> built((all.size() + kShard - 1) / kShard);
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < 2; ++t)
      threads.emplace_back([&, t] {
        for (std::size_t i = t; i < built.size(); i += 2)
          built[i] = test::build(text_of(all.subspan(i * kShard, std::min(kShard, all.size() - i * kShard))));
      });
    threads.clear();
    return built;
  }();
  return modules[stage / kShard];
}

/// Few: labels meet and ties happen. Awkward: NaN and its like. Plain: every addition rounds.
enum class Draw : std::uint8_t { Few, Awkward, Plain };

test::Values arguments(const StageText& s, const Graph& graph, Draw draw) {
  test::Values args;
  test::RegionRun run(graph);
  for (const Type& t : s.stage.arguments) {
    const auto seed = static_cast<std::uint32_t>(args.size() + 1);
    args.push_back(draw == Draw::Few ? test::few_values(t, run.count(t), seed)
                                     : test::random_value(t, run.count(t), seed, draw == Draw::Awkward));
  }
  return args;
}

/// What the definitions say: values, or the message of the check that fails.
struct Expected {
  test::Values values;
  std::string error;
};
Expected expect(const StageText& s, const test::Values& args, test::RegionRun& run) {
  try {
    return {test::evaluate(s.region, args, run), {}};
  } catch (const RuntimeError& error) {
    return {{}, error.what()};
  }
}

/// What the device reports, in the words of the operation that failed.
std::string error_of(const StageText& s, const test::mg_device& device, test::RegionRun& run) {
  if (device.failed == ~0ull) return {};
  const ir::Node& n = s.region.nodes.at(static_cast<std::size_t>(device.failed >> 40));
  const auto element = static_cast<std::int64_t>(device.failed & ((1ull << 40) - 1));
  try {
    ops::fail_index(ir::evaluation_of(n, {}, {}, run), element, device.failed_index, device.nodes);
  } catch (const RuntimeError& error) {
    return error.what();
  }
}

struct Way {
  test::StageLaunch launch;
  Draw values;
};

void compare(std::size_t i, const test::NamedGraph& named, const Way& way) {
  const StageText& s = every_stage()[i];
  test::RegionRun run(named.graph);
  const test::Values args = arguments(s, named.graph, way.values);
  const Expected expected = expect(s, args, run);
  test::DeviceRun device(named.graph, s.stage);
  const test::Values got = test::launch(module_of(i), s, args, device, named.graph, way.launch);
  const std::string where = std::string(named.name) + " " + s.device.kernels[0].name + " seed " +
                            std::to_string(way.launch.seed) + " values " +
                            std::to_string(static_cast<int>(way.values));
  EXPECT_EQ(error_of(s, device.run, run), expected.error) << where;
  for (std::size_t k = 0; k < expected.values.size(); ++k)
    EXPECT_TRUE(test::same_bits(expected.values[k].column, got[k].column))
        << where << " result " << k << "\n"
        << (::testing::Test::HasFailure() ? "" : s.device.text);
}

constexpr Way kWays[] = {{{.seed = 0, .blocks = 1, .resident = 1}, Draw::Few},
                         {{.seed = 1, .blocks = 3, .resident = 3}, Draw::Awkward},
                         {{.seed = 2, .blocks = 2, .resident = 2, .in_place = true}, Draw::Plain}};

bool is_cut(const StageText& s) { return s.device.kernels.size() > 1; }

/// Small graphs in every way; rows of every length and several leaves of rows where they make a difference.
/// Stages that cut long rows differ from the others in these alone.
TEST(DeviceStage, EveryGroupOfEveryProgramHasTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_COMPILER();
  std::vector<test::NamedGraph> graphs = test::graphs();
  graphs.push_back({"leaves", test::many_leaves()});
  std::size_t on_large_graphs = 0, cut = 0;
  for (const test::NamedGraph& named : graphs)
    for (std::size_t i = 0; i < every_stage().size(); ++i) {
      const plan::Stage& s = every_stage()[i].stage;
      if (is_cut(every_stage()[i])) {
        if (named.graph.edge_count() >= 1000 || named.graph.edge_count() == 0)
          compare(i, named, {kWays[i / 2 % std::size(kWays)].launch, Draw::Plain}), ++cut;
      } else if (named.graph.edge_count() < 1000) {
        for (const Way& way : kWays) compare(i, named, way);
      } else if (!s.aggregates.empty() || !s.reductions.empty()) {
        for (const Draw draw : {Draw::Plain, i % 2 ? Draw::Few : Draw::Awkward})
          compare(i, named, {kWays[i % std::size(kWays)].launch, draw}), ++on_large_graphs;
      }
    }
  EXPECT_GT(on_large_graphs, 200u);
  EXPECT_GT(cut, 200u);
  EXPECT_GT(every_stage().size(), 400u);
}

TEST(DeviceStage, AKernelWhoseRunIsDoneWritesNothing) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph graph = test::from_pairs(3, {{0, 1}, {1, 2}});
  std::size_t columns = 0;
  for (std::size_t i = 0; i < every_stage().size(); i += 17) {
    const StageText& s = every_stage()[i];
    test::DeviceRun device(graph, s.stage);
    const int done = 1;
    device.run.done = &done;
    for (const ops::Value& r :
         test::launch(module_of(i), s, arguments(s, graph, Draw::Few), device, graph, {.seed = 1}))
      for (std::int64_t b = 0; b < r.column.bytes(); ++b, ++columns)
        EXPECT_EQ(static_cast<const unsigned char*>(r.column.data())[b], 0x5a);
  }
  EXPECT_GT(columns, 50u);
}

// ---- machine code

/// Registers of a thread, and bytes of its stack, of what is usual: 1024 threads of a multiprocessor with 64
/// registers each hide the latency of gathers. A mode, or many aggregates, reductions or operations, may take
/// as many as there are.
struct Budget {
  unsigned registers, stack_bytes;
};
Budget budget_of(const plan::Stage& stage) {
  const bool mode = std::ranges::any_of(stage.aggregates,
                                        [](const auto& a) { return a.kind == plan::Aggregate::Kind::Mode; });
  const bool usual = stage.aggregates.size() <= 2 && stage.reductions.size() <= 2 && stage.code.size() <= 40;
  return usual && !mode ? Budget{80, 64} : Budget{255, 1024};
}

void compile_for(const cuda::Nvrtc& nvrtc, int architecture, std::span<const StageText* const> some) {
  std::string text = codegen::device_stage_prelude();
  std::map<std::string, const StageText*> of;
  for (const StageText* s : some) {
    text += s->device.text;
    for (const codegen::DeviceKernel& k : s->device.kernels) of[k.name] = s;
  }
  const auto result = nvrtc.compile({.source = text, .architecture = architecture});
  EXPECT_TRUE(result.ok()) << result.reason << "\n" << result.log;
  EXPECT_EQ(result.log, "");  // no warnings either
  const cuda::CubinReport report = cuda::inspect_cubin(result.cubin);
  ASSERT_EQ(report.kernels.size(), of.size());
  for (std::size_t k = 0; k < report.kernels.size(); ++k) {
    const Budget budget = budget_of(of.at(report.kernels[k])->stage);
    EXPECT_GT(report.uses[k].registers, 0u);
    EXPECT_LE(report.uses[k].registers, budget.registers) << report.kernels[k] << " sm_" << architecture;
    EXPECT_LE(report.uses[k].stack_bytes, budget.stack_bytes) << report.kernels[k] << " sm_" << architecture;
  }
}

/// Each kernel for one of the architectures; of those that differ by an operation alone, and of those that
/// cut rows, a part.
TEST(DeviceStage, KernelsCompileForTheDeviceWithinTheirBudget) {
  static const auto found = cuda::Nvrtc::find();
  if (!found.nvrtc) GTEST_SKIP() << found.reason;
  std::map<int, std::vector<const StageText*>> jobs;
  std::size_t i = 0, kernels = 0;
  for (const StageText& s : every_stage()) {
    const bool map = s.stage.aggregates.empty() && s.stage.reductions.empty();
    if ((map || is_cut(s)) && ++i % 4 != 0) continue;
    jobs[kernels++ % 4].push_back(&s);
  }
  EXPECT_GT(kernels, 150u);
  std::atomic<int> next = 0;
  std::vector<std::jthread> threads;
  for (int t = 0; t < 2; ++t)
    threads.emplace_back([&] {
      constexpr int architectures[] = {80, 90, 100, 120};
      for (int j = next++; j < 4; j = next++) compile_for(*found.nvrtc, architectures[j], jobs[j]);
    });
}

}  // namespace
}  // namespace monograph
