// Loops as device code that computes only the rows that read a changed one: nobody notices, few rows are
// computed, and each of its steps is needed.
#include "host/codegen/device_active.h"

#include <monograph/session.h>

#include <functional>
#include <map>
#include <tuple>

#include "host/codegen/device_step.h"
#include "host/cuda/cubin.h"
#include "host/cuda/nvrtc.h"
#include "host/plan/compile.h"
#include "host/runtime/run_state.h"
#include "host/simt/engine.h"
#include "support.h"
#include "unit/active_programs.h"

namespace monograph {
namespace {

using testing::ActiveCase;

Program program_of(const std::string& name) {
  if (name == "searches") return testing::repeated_searches();
  for (ActiveCase& c : testing::active_cases())
    if (c.name == name) return c.program;
  throw UsageError("no case " + name);
}

SessionOptions way(ActiveRows rows, bool loops, bool balanced, std::uint64_t seed) {
  return {.backend = "simt",
          .active_rows = rows,
          .simt_seed = seed,
          .simt_loops = loops,
          .simt_balanced = balanced,
          .cache = CacheUse::Off};
}

/// Compiled at once for all graphs.
void expect_the_same(std::span<const ActiveCase> cases, std::span<const Graph> graphs,
                     const SessionOptions& options) {
  std::vector<Program> programs;
  for (const ActiveCase& c : cases) programs.push_back(c.program);
  Session session(options), reference({.backend = "reference"});
  const std::vector<Executable> compiled = session.compile(programs);
  for (const ActiveCase& c : cases)
    for (std::size_t g = 0; g < graphs.size(); ++g)
      EXPECT_TRUE(testing::active_outcome(session, c.program, graphs[g]) ==
                  testing::active_outcome(reference, c.program, graphs[g]))
          << c.name << " on graph " << g;
}

/// A hub that reads and is read, rows of every length.
Graph with_hub() {
  std::vector<std::int32_t> from, to;
  for (std::int32_t v = 0; v < 1300; ++v) {
    from.push_back(v), to.push_back(v % 2 ? 7 : (v + 1) % 1300);
    from.push_back(v % 3 ? 7 : v / 2), to.push_back(v);
  }
  for (std::int32_t i = 0; i < 5000; ++i) from.push_back(i % 1300), to.push_back(9);
  return testing::odd_graph(1300, from, to);
}

TEST(DeviceActive, EveryKindOfLoopHasTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_COMPILER();
  std::vector<ActiveCase> cases = testing::active_cases();
  cases.push_back({"searches", testing::repeated_searches()});
  std::vector<Graph> graphs = testing::odd_graphs();
  graphs.push_back(testing::weighted("gen:grid:9:11"));
  graphs.push_back(with_hub());
  for (const bool loops : {false, true})
    for (const bool balanced : {false, true}) {
      expect_the_same(cases, graphs, way(ActiveRows::Always, loops, balanced, 2));
      expect_the_same(cases, graphs, way(ActiveRows::Auto, loops, balanced, 0));
    }
}

// ---- how much is computed

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

simt::DeviceSource changed(const std::string& what, const std::string& by, bool always, bool loops = false,
                           bool balanced = false) {
  simt::DeviceSource source = simt::device_source(loops, {.balanced = balanced, .active = true}, always);
  source.prelude = [what, by] { return replaced(codegen::device_stage_prelude(), what, by); };
  return source;
}

/// Two runs' outputs, and how many iterations there were.
std::vector<std::uint64_t> bits(const Program& program, const Graph& graph, simt::DeviceSource source,
                                std::uint64_t seed = 1) {
  simt::Engine engine(seed, 1, {}, std::move(source));
  const auto compiled = plan::compile(program.ir(), {.level = 2}).plan;
  EXPECT_TRUE(codegen::has_active_rows(*compiled)) << program.name();
  const auto plan = std::make_shared<simt::PreparedPlan>(compiled);
  engine.prepare(std::span(&plan, 1));
  std::vector<std::uint64_t> all;
  for (int turn = 0; turn < 2; ++turn) {
    const RunOptions options;
    std::map<std::string, Constant, std::less<>> parameters;
    for (const ParameterInfo& p : program.parameters()) parameters[p.name] = p.fallback;
    runtime::RunState state(graph, std::move(parameters), options);
    engine.run(*plan, graph, state);
    all.push_back(static_cast<std::uint64_t>(state.iterations));
    for (const Output& o : state.outputs)
      for (std::int64_t i = 0; i < o.column.size(); ++i) all.push_back(o.column.at(i).bits);
  }
  return all;
}

/// Counted by the kernels, which run in this process.
std::string counting(const unsigned long long& counter, const std::string& number) {
  return "__atomic_fetch_add((mg_u64*)" + std::to_string(reinterpret_cast<std::uintptr_t>(&counter)) +
         "ull, (mg_u64)(" + number + "), __ATOMIC_RELAXED)";
}

/// Rows that a program computes in two runs, and marks that it makes.
struct Work {
  unsigned long long rows = 0, marks = 0;
};
Work work_of(const Program& program, const Graph& graph, bool always) {
  Work work;
  const std::string awake = "return there && (turn.all || mg_ld_state(turn.now + row) == turn.stamp);",
                    mark = "{ turn.next[row] = (unsigned char)(turn.stamp + 1); }";
  simt::DeviceSource source =
      changed(awake,
              "const bool here = there && (turn.all || mg_ld_state(turn.now + row) == turn.stamp); " +
                  counting(work.rows, "here") + "; return here;",
              always);
  source.prelude = [prelude = source.prelude, mark, &work] {
    return replaced(
        prelude(), mark,
        "{ turn.next[row] = (unsigned char)(turn.stamp + 1); " + counting(work.marks, "1") + "; }");
  };
  bits(program, graph, std::move(source));
  return work;
}

TEST(DeviceActive, ASearchComputesFewRows) {
  MONOGRAPH_NEEDS_COMPILER();
  for (const auto& [graph, iterations] :
       {std::pair(read_graph("gen:path:300"), 300), std::pair(read_graph("gen:grid:16:16"), 31)}) {
    const auto all = static_cast<unsigned long long>(2 * iterations * graph.node_count());
    const Work few = work_of(bfs(), graph, false);
    EXPECT_LT(few.rows, all / (iterations > 100 ? 20 : 3)) << "of " << all;
    EXPECT_GT(few.rows, 2u * static_cast<unsigned long long>(graph.node_count()));
    EXPECT_GT(few.marks, 0u);
  }
}

/// Where every row changes in every iteration, nothing is marked.
TEST(DeviceActive, WhatAllChangesIsNotMarked) {
  MONOGRAPH_NEEDS_COMPILER();
  const Graph graph = testing::weighted("gen:grid:12:12");
  const Program program = testing::active_loop(
      testing::indices,
      [](const GraphRef& g, const Value& x) { return max(x, g.neighbor_agg(x, Aggregate::Max)) + 1; }, 6);
  EXPECT_EQ(work_of(program, graph, false).marks, 0u);
  EXPECT_GT(work_of(program, graph, true).marks, 0u);
}

// ---- machine code

/// Of the groups that compute active rows, as DeviceStage has it of all others: 80 registers and 64 bytes of
/// stack, but for modes.
void compile_for(const cuda::Nvrtc& nvrtc, int architecture, bool balanced) {
  std::string text = codegen::device_stage_prelude();
  std::map<std::string, bool> is_mode;  // by the names of kernels
  for (const ActiveCase& c : testing::active_cases()) {
    const auto plan = plan::compile(c.program.ir()).plan;
    for (plan::BlockIndex b = 1; b < plan->blocks.size(); ++b) {
      const auto step = codegen::device_step(*plan, b, 0);
      if (!step || !step->active) continue;
      const codegen::DeviceGroup group = codegen::emit_device_step(
          *step, "k" + std::to_string(is_mode.size()), {.balanced = balanced, .active = true});
      text += group.text;
      for (const codegen::DeviceKernel& k : group.kernels)
        is_mode[k.name] = step->stage.aggregates[0].kind == plan::Aggregate::Kind::Mode;
    }
  }
  EXPECT_GE(is_mode.size(), balanced ? 28u : 14u);
  const auto result = nvrtc.compile({.source = text, .architecture = architecture});
  ASSERT_TRUE(result.ok()) << result.reason << "\n" << result.log;
  EXPECT_EQ(result.log, "");
  const cuda::CubinReport report = cuda::inspect_cubin(result.cubin);
  ASSERT_EQ(report.kernels.size(), is_mode.size());
  for (std::size_t k = 0; k < report.kernels.size(); ++k) {
    const bool mode = is_mode.at(report.kernels[k]);
    const auto where = report.kernels[k] + " sm_" + std::to_string(architecture);
    EXPECT_LE(report.uses[k].registers, mode ? 255u : 80u) << where;
    EXPECT_LE(report.uses[k].stack_bytes, mode ? 1024u : 64u) << where;
  }
}

TEST(DeviceActive, EveryKernelCompilesForTheDeviceWithinItsBudget) {
  static const auto found = cuda::Nvrtc::find();
  if (!found.nvrtc) GTEST_SKIP() << found.reason;
  for (const int architecture : {80, 90, 100, 120})
    compile_for(*found.nvrtc, architecture, architecture % 20 == 0);
}

// ---- what is wrong on purpose

struct Mistake {
  std::string what, by, program;
  bool always = true, loops = false, balanced = false;
};

/// A path whose edges point forth and back by turns.
Graph zigzag() {
  std::vector<std::int32_t> from, to;
  for (std::int32_t v = 0; v < 100; ++v) from.push_back(v + v % 2), to.push_back(v + 1 - v % 2);
  return testing::odd_graph(101, from, to);
}

TEST(DeviceActive, EveryStepIsNeeded) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::string
      mark_short = "for (mg_i64 k = mine.first; k < mine.last; ++k) mg_mark(turn, mg_neighbor(side, k));",
      mark_long =
          "for (mg_i64 k = e.first + mg_lane(); k < e.last; k += 32) mg_mark(turn, mg_neighbor(side, k));";
  const Mistake mistakes[] = {
      {mark_short, ";", "bfs"},
      {mark_short, ";", "bfs", false},
      {mark_short, ";", "bfs", true, true},
      {mark_long, ";", "bfs"},
      {"i % 2 ? even : odd,", "i % 2 ? odd : even,", "bfs"},  // into the bytes that are being read
      {" || next != next", "", "least of neighbours"},
      {"(changed && !Settles)", "false", "average"},
      {"i == 0 || ", "", "searches"},
      {"i == 0 || ", "", "searches", true, true},
      {"run->active.marked = turn.marks;", "run->active.marked = 1;", "bfs", false},
      {"if (In) mg_mark_side", "if (In && !Out) mg_mark_side", "least label"},
      {"if (Out && !(In && run->undirected)) mg_mark_side", "if (Out && !In) mg_mark_side", "least label"},
      {"if (!wanted(row)) return;", "if (wanted(row)) return;", "widest path", true, false, true},
      {"run->active.reach = 0;", "", "bfs"},
  };
  const Graph hub = with_hub(), path = zigzag();
  std::map<std::tuple<std::string, bool, bool, bool>, std::vector<std::uint64_t>> known;
  for (const Mistake& m : mistakes) {
    const Graph& graph = m.program == "least label" || m.program == "average" ? path : hub;
    const Program program = program_of(m.program);
    auto& right = known[{m.program, m.always, m.loops, m.balanced}];
    if (right.empty()) right = bits(program, graph, changed("", "", m.always, m.loops, m.balanced));
    std::string found;
    for (std::uint64_t seed = 1; seed <= 3 && found.empty(); ++seed) try {
        if (bits(program, graph, changed(m.what, m.by, m.always, m.loops, m.balanced), seed) != right)
          found = "other bits";
      } catch (const InternalError& error) {
        found = error.what();
      }
    EXPECT_NE(found, "") << "\"" << m.by << "\" for \"" << m.what << "\" in " << m.program;
  }
}

}  // namespace
}  // namespace monograph
