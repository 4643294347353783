// Scatters and checks as device code: the oracle's bits and the oracle's errors, whatever the order of
// threads.
#include <gtest/gtest.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <random>

#include "host/codegen/device_stage.h"
#include "host/codegen/device_step.h"
#include "host/cuda/nvrtc.h"
#include "host/plan/compile.h"
#include "on_both.h"
#include "region_runner.h"
#include "unit/test_programs.h"

namespace monograph::test {
namespace {

using Index = std::function<std::int64_t(std::int64_t)>;

Graph graph_of(std::int64_t nodes, const Index& index) {
  Graph g = Graph::from_edges({.source = {}, .target = {}, .attributes = {}, .ids = NodeIds::dense(nodes)});
  std::mt19937 random(3);
  std::vector<double> x;
  std::vector<std::int64_t> to;
  for (std::int64_t v = 0; v < nodes; ++v) {
    x.push_back(v % 1000 == 7 ? -0.0 : v % 1000 == 8 ? std::nan("") : 1.0 / (1 + random() % 1000) - 0.25);
    to.push_back(index(v));
  }
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  g.set_node_attribute("to", Column::of(std::span<const std::int64_t>(to)));
  return g;
}

/// Every monoid, both types of an index, results of 1, 4 and 8 bytes.
Program scatters() {
  ProgramBuilder p("scatters");
  const GraphRef g = p.graph();
  const Value x = g.load_node("x"), wide = g.load_node("to", ScalarType::I64), narrow = as_i32(wide);
  const Value whole = as_i64(x * 1000);
  p.output("sum", scatter_reduce(x, wide, Monoid::Sum));
  p.output("sum32", scatter_reduce(cast(x, ScalarType::F32), narrow, Monoid::Sum));
  p.output("prod", scatter_reduce(x + 1, narrow, Monoid::Prod));
  p.output("wholes", scatter_reduce(whole, wide, Monoid::Sum));
  p.output("products", scatter_reduce(whole, wide, Monoid::Prod));
  p.output("products32", scatter_reduce(as_i32(whole), wide, Monoid::Prod));
  p.output("counts", scatter_reduce(x > 0.0, narrow, Monoid::Sum));
  p.output("min", scatter_reduce(x, narrow, Monoid::Min));
  p.output("max32", scatter_reduce(cast(x, ScalarType::F32), wide, Monoid::Max));
  p.output("max", scatter_reduce(as_i32(whole), wide, Monoid::Max));
  p.output("any", scatter_reduce(x > 0.74, wide, Monoid::Any));
  p.output("all", scatter_reduce(x > -0.2, narrow, Monoid::All));
  return p.build();
}
/// The sum alone: what is slow to run thread by thread.
Program one_sum() {
  ProgramBuilder p("one sum");
  const GraphRef g = p.graph();
  p.output("sum", scatter_reduce(g.load_node("x"), g.load_node("to", ScalarType::I64), Monoid::Sum));
  return p.build();
}

TEST(DeviceSteps, ScattersOfAnySize) {
  MONOGRAPH_NEEDS_COMPILER();
  std::mt19937 random(1);
  OnBoth both(scatters());
  for (const std::int64_t nodes : {0, 1, 2, 31, 33, 255, 256, 257, 1023, 1025, 3000})
    both.expect_same(
        graph_of(nodes, [&](std::int64_t) { return static_cast<std::int64_t>(random()) % nodes; }));
  both.expect_same(graph_of(9000, [](std::int64_t) { return 8999; }));
  const std::string error = both.expect_same(graph_of(5000, [](std::int64_t v) -> std::int64_t {
    return v == 4000 ? -1 : v == 2345 ? 5000 : v == 2346 ? 1ll << 33 : v / 2;
  }));
  EXPECT_NE(error.find("index[2345] is 5000, but there are 5000 nodes"), std::string::npos) << error;
}

// Three digits of the targets; rows of one segment, of one and an element, of two, and in between.
TEST(DeviceSteps, RowsOfWholeSegments) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::int64_t nodes = 67000, ends[] = {4096, 8193, 16385, 20480, 33000, nodes};
  OnBoth(one_sum(), false).expect_same(graph_of(nodes, [&](std::int64_t v) -> std::int64_t {
    for (const std::int64_t end : ends)
      if (v < end) return v % 5 == 0 ? v : end - 7;
    return 0;
  }));
}

/// A check of a column over any domain, in a loop: the element `bad` of iteration 2.
Program checks(int domain, std::int64_t bad = 7) {
  ProgramBuilder p("checks");
  const GraphRef g = p.graph();
  Variable n = p.variable(0);
  p.loop(5, [&] {
    const Value index = as_i64(domain == 0 ? g.node_index() : domain == 1 ? g.edge_src() : p.iota(3000));
    p.check((index == p.constant(bad)) & (p.iteration() == 2), "too far");
    n = n + 1;
  });
  p.output("n", n);
  return p.build();
}

TEST(DeviceSteps, ChecksNameTheFirstElement) {
  MONOGRAPH_NEEDS_COMPILER();
  std::vector<std::int32_t> from, to;
  for (std::int32_t v = 0; v < 2000; ++v) from.push_back(v), to.push_back(v / 3);
  const Graph g =
      Graph::from_edges({.source = from, .target = to, .attributes = {}, .ids = NodeIds::dense(2000)});
  for (const int domain : {0, 1, 2}) {
    for (const std::int64_t bad : {7, 1999, -1}) {
      const std::string said = OnBoth(checks(domain, bad), false).expect_same(g);
      const std::string want =  // every node has one edge
          bad < 0 ? "n[0] 5\n" : "too far at index " + std::to_string(bad);
      EXPECT_NE(said.find(want), std::string::npos) << said;
    }
  }
  const Program scalar = monograph::testing::program_of("scalar", [](ProgramBuilder& p, GraphRef g) {
    p.check(sum(g.node_index()) > 100, "too much");
    p.output("n", g.node_count());
  });
  EXPECT_NE(OnBoth(scalar, false).expect_same(g).find("too much"), std::string::npos);
}

TEST(DeviceSteps, RoomIsWhatKernelsUse) {
  const plan::Plan plan = *plan::compile(one_sum().ir()).plan;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i)
    if (const auto step = codegen::device_step(plan, 0, i))
      most = std::max(most, step->partial_bytes(5000, 0));
  EXPECT_EQ(most, 5 * 1024 + 2 * 4 * 5000) << "a number per digit and chunk, two orders";
}

// Rows that enter and rows that leave have tables of their own, also where the two are one.
TEST(DeviceSteps, ModesOfBothDirectionsHaveRoomForBoth) {
  MONOGRAPH_NEEDS_COMPILER();
  // no pass makes such a group, a program file may hold one
  const Program modes = Program::from_text(R"(program "modes" {
  %i = core.node_index
  %g = control.fused %i {
    (%i: i32[V]) {
      %in = graph.neighbor_mode %i direction=in
      %out = graph.neighbor_mode %i direction=out
      %sum = core.add %in, %out
      yield %sum
    }
  }
  attr.output %g name="mode"
}
)");
  const plan::Plan plan = *plan::compile(modes.ir(), {.level = 0}).plan;
  std::int64_t most = 0;
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i)
    if (const auto step = codegen::device_step(plan, 0, i))
      most = std::max(most, step->vote_bytes(1000, true));
  EXPECT_EQ(most, 2 * 2 * 8 * 1000) << "two directions in one group, two slots per edge";
  std::vector<std::int32_t> from, to;
  for (std::int32_t v = 0; v < 400; ++v) from.push_back(v % 3), to.push_back(v);
  for (const bool undirected : {false, true})
    OnBoth(modes, false)
        .expect_same(Graph::from_edges({.source = from,
                                        .target = to,
                                        .attributes = {},
                                        .ids = NodeIds::dense(400),
                                        .undirected = undirected}));
}

// Chunks of several leaves: where there are more leaves than chunks.
TEST(DeviceStage, ScattersOfManyChunks) {
  MONOGRAPH_NEEDS_COMPILER();
  const std::int64_t nodes = 256 * 1024 + 700;
  OnBoth(one_sum(), false).expect_same(graph_of(nodes, [&](std::int64_t v) { return v * 7919 % nodes; }));
}

/// What stands outside of groups in the entry block, as one text.
std::string text_of(const Program& program) {
  const plan::Plan plan = *plan::compile(program.ir()).plan;
  std::string text = codegen::device_stage_prelude();
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i) {
    const auto step = codegen::device_step(plan, 0, i);
    if (step && step->kind != codegen::DeviceStep::Kind::Group)
      text += codegen::emit_device_step(*step, "k" + std::to_string(i)).text;
  }
  return text;
}

void expect_compiles(const Program& program, std::initializer_list<int> architectures) {
  const auto nvrtc = cuda::Nvrtc::find();
  if (!nvrtc.nvrtc) GTEST_SKIP() << nvrtc.reason;
  for (const int architecture : architectures) {
    const auto result = nvrtc.nvrtc->compile({.source = text_of(program), .architecture = architecture});
    EXPECT_TRUE(result.ok()) << result.reason << "\n" << result.log;
  }
}

/// One of each kind.
Program few() {
  return monograph::testing::program_of("few", [](ProgramBuilder& p, GraphRef g) {
    const Value x = g.load_node("x"), i = g.node_index();
    p.check(x > 1.0, "large");
    p.check(sum(i) > 100, "too much");
    p.output("sum", scatter_reduce(x, i, Monoid::Sum));
    p.output("any", scatter_reduce(x > 0.0, i, Monoid::Any));
    p.output("most", scatter_reduce(x, i, Monoid::Max));
  });
}

TEST(DeviceSteps, CompileForTheDevice) { expect_compiles(few(), {90}); }
TEST(DeviceStage, StepsCompileForEveryArchitecture) {
  expect_compiles(few(), {80, 100, 120});
  expect_compiles(scatters(), {90});
}

}  // namespace
}  // namespace monograph::test
