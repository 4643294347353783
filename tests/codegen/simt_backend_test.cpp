// Plans whose groups are launched as kernels: what the launcher promises them, and what it finds out of those
// that are wrong on purpose.
#include <monograph/error.h>
#include <monograph/io.h>
#include <monograph/program.h>

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "host/plan/compile.h"
#include "host/runtime/run_state.h"
#include "host/simt/engine.h"
#include "support.h"

namespace monograph {
namespace {

using codegen::DeviceGroup;
using plan::Stage;

/// The group as it is, with something more at the end of its kernel.
DeviceGroup ending_with(const std::string& last, const Stage& stage, const std::string& group) {
  DeviceGroup device = codegen::emit_device_group(stage, group);
  const std::size_t end = device.text.rfind("}\nMG_KERNEL_ENTRY(");
  EXPECT_NE(end, std::string::npos) << device.text;
  device.text.insert(end, last);
  return device;
}

/// x[V] and a scalar, in a loop; values of both signs of zero among them.
Program steps() {
  ProgramBuilder p("steps");
  const GraphRef g = p.graph();
  const Value x = g.load_node("x");
  Variable y = p.variable(x), n = p.variable(p.constant(1.0));
  p.loop(3, [&] {
    y = y * n + as_f64(g.node_index()) - x;
    n = n + 0.5;
  });
  p.output("y", y);
  return p.build();
}

/// y[i] = x[i - 3], which fails at nodes 0, 1 and 2.
Program reads_before_the_first() {
  ProgramBuilder p("behind");
  const GraphRef g = p.graph();
  p.output("y", take(g.load_node("x") + 1.0, g.node_index() - 3));
  return p.build();
}

Graph graph(int nodes) {
  Graph g = read_graph("gen:path:" + std::to_string(nodes));
  std::vector<double> x;
  for (int v = 0; v < nodes; ++v) x.push_back(v % 3 ? 1.0 / v : -0.0);
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

using Emit = std::function<DeviceGroup(const Stage&, const std::string&)>;
DeviceGroup right(const Stage& stage, const std::string& group) {
  return codegen::emit_device_group(stage, group);
}
Emit ending_with(const std::string& last) {
  return [last](const Stage& stage, const std::string& group) { return ending_with(last, stage, group); };
}

/// Runs of one plan on graphs of these sizes, one after another: the bits of y.
std::vector<std::uint64_t> run(const Program& program, std::vector<int> sizes, const Emit& emit,
                               std::uint64_t seed = 1) {
  simt::Engine engine(seed, 1, {}, {.group = emit});
  const auto plan = std::make_shared<simt::PreparedPlan>(plan::compile(program.ir(), {.level = 2}).plan);
  engine.prepare(std::span(&plan, 1));
  std::vector<std::uint64_t> bits;
  for (const int nodes : sizes) {
    const Graph g = graph(nodes);
    const RunOptions options;
    runtime::RunState state(g, {}, options);
    engine.run(*plan, g, state);
    for (const double y : state.outputs.at(0).column.span<double>())
      bits.push_back(std::bit_cast<std::uint64_t>(y));
  }
  return bits;
}

std::vector<std::uint64_t> expected(const Program& program, std::vector<int> sizes) {
  std::vector<std::uint64_t> bits;
  for (const int nodes : sizes) {
    Session session({.backend = "reference"});
    const Result r = session.run(program, std::as_const(*std::make_unique<Graph>(graph(nodes))));
    for (const double y : r.column<double>("y")) bits.push_back(std::bit_cast<std::uint64_t>(y));
  }
  return bits;
}

/// What the run says that it died of.
template <class E>
std::string failure(const Program& program, const Emit& emit) {
  try {
    run(program, {100}, emit);
  } catch (const E& error) {
    return error.what();
  }
  return "nothing";
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

TEST(SimtBackend, GroupsOfALoopRunAsKernels) {
  MONOGRAPH_NEEDS_COMPILER();
  for (const std::uint64_t seed : {0, 1, 2})
    EXPECT_EQ(run(steps(), {200, 0, 1, 65, 200}, right, seed), expected(steps(), {200, 0, 1, 65, 200}));
}

TEST(SimtBackend, ADivergentBarrierIsAnErrorThatNamesKernelAndStep) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::string said =
      failure<InternalError>(steps(), ending_with("if (threadIdx.x < 7) __syncthreads();"));
  EXPECT_SAYS(said, "program steps, block 0, step 0: mg_s");
  EXPECT_SAYS(said, ": divergent barrier: thread");
}

TEST(SimtBackend, WhatAKernelMustLeaveIsLookedAt) {
  MONOGRAPH_NEEDS_COMPILER();
  EXPECT_SAYS(failure<InternalError>(steps(), ending_with("if (threadIdx.x == 0) run->blocks_done = 1;")),
              "leaves blocks_done at 1");
  EXPECT_SAYS(failure<InternalError>(steps(), ending_with("if (threadIdx.x == 0) run->reporting = 1;")),
              "reporting at 1");
}

TEST(SimtBackend, AFailedCheckIsTheUsersErrorWithItsIndex) {
  MONOGRAPH_NEEDS_COMPILER();
  std::string want;
  try {
    expected(reads_before_the_first(), {100});
  } catch (const RuntimeError& error) {
    want = error.what();
  }
  EXPECT_SAYS(want, "-3");
  EXPECT_EQ(failure<RuntimeError>(reads_before_the_first(), right), want);
}

TEST(SimtBackend, AFailureOfAnotherPlaceIsOursNotTheUsers) {
  MONOGRAPH_NEEDS_COMPILER();
  for (const char* wrong : {"run->failed = 7;", "run->failed_index = 7;"}) {
    const std::string said = failure<InternalError>(
        reads_before_the_first(), ending_with("if (run->failed != ~0ull) " + std::string(wrong)));
    EXPECT_SAYS(said, "device code is wrong: program behind, block 0");
    EXPECT_SAYS(said, "on the CPU node ");
  }
  EXPECT_SAYS(failure<InternalError>(steps(), ending_with("run->failed = 0;")), "on the CPU nothing fails");
}

TEST(SimtBackend, TextThatDoesNotCompileIsOurBug) {
  MONOGRAPH_NEEDS_COMPILER();
  EXPECT_SAYS(failure<InternalError>(steps(), ending_with("no_such_thing();")), "no_such_thing");
}

TEST(SimtBackend, EqualGroupsOfSeveralPlansAreCompiledOnce) {
  MONOGRAPH_NEEDS_COMPILER();
  std::map<std::string, int> names;
  const auto count = [&](const Stage& stage, const std::string& group) {
    if (group != "group") ++names[group];
    return codegen::emit_device_group(stage, group);
  };
  simt::Engine engine(1, 2, {}, {.group = count});
  std::vector<std::shared_ptr<simt::PreparedPlan>> plans;
  for (int i = 0; i < 3; ++i)
    plans.push_back(std::make_shared<simt::PreparedPlan>(plan::compile(steps().ir(), {.level = 2}).plan));
  engine.prepare(plans);
  EXPECT_FALSE(names.empty());
  for (const auto& [name, times] : names) EXPECT_EQ(times, 1) << name;
}

/// A machine without a compiler, for as long as it lives.
class NoCompiler {
 public:
  NoCompiler() { setenv("PATH", "/nowhere", 1), setenv("CXX", "no-such-compiler", 1); }
  ~NoCompiler() {
    setenv("PATH", path_.c_str(), 1);
    if (cxx_)
      setenv("CXX", cxx_->c_str(), 1);
    else
      unsetenv("CXX");
  }

 private:
  static std::optional<std::string> variable(const char* name) {
    const char* value = std::getenv(name);
    return value ? std::optional<std::string>(value) : std::nullopt;
  }
  const std::string path_ = variable("PATH").value_or("");
  const std::optional<std::string> cxx_ = variable("CXX");
};

TEST(SimtBackend, AMachineWithoutACompilerIsADeviceError) {
  const NoCompiler none;
  try {
    Session session({.backend = "simt"});
    ADD_FAILURE() << "a session without a compiler";
  } catch (const DeviceError& error) {
    EXPECT_SAYS(std::string(error.what()), "backend simt: no C++ compiler");
    EXPECT_EQ(static_cast<int>(error.kind()), 4);
  }
  for (const BackendInfo& b : backends())
    if (b.name == "simt") {
      EXPECT_FALSE(b.available);
      EXPECT_SAYS(b.reason, "no C++ compiler");
    }
  EXPECT_EQ(Session().backend(), "cpu");
}

}  // namespace
}  // namespace monograph
