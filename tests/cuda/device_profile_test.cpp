// Profiles on a simulated device: the bits of a run, every step as often as it ran, and times that add up.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include "cuda/loop_programs.h"
#include "cuda/simulated_sessions.h"
#include "host/ir/program.h"
#include "host/plan/compile.h"
#include "host/runtime/profile.h"

namespace monograph::test {
namespace {

using runtime::DeviceTiming;
using runtime::Profile;
using runtime::ProfiledStep;

std::shared_ptr<const plan::Plan> plan_of(const Program& program) {
  return plan::compile(program.ir(), {}).plan;
}

Profile profiled(SimulatedMachine& m, const Program& program, const Graph& graph, DeviceTiming timing,
                 std::int64_t stamps = 1 << 16, const RunOptions& options = {}) {
  runtime::DeviceProfileOptions how;
  how.session.cache = CacheUse::Off;
  how.timing = timing, how.runs = 2, how.outputs = true, how.stamps = stamps;
  return runtime::profile(m.machine(), plan_of(program), program.parameters(), {}, graph, how, options);
}

std::vector<Program> programs() {
  std::vector<Program> all{spreading()};
  for (const char* name : {"pagerank", "bfs", "cdlp"}) all.push_back(algorithm(name));
  for (const auto& make : {nested_loops, branching_loop, inverse_degrees, loop_in_branch})
    all.push_back(make());
  return all;
}

void expect_outputs_of(const Profile& profile, const Result& want) {
  ASSERT_EQ(profile.outputs.size(), want.outputs().size());
  for (std::size_t i = 0; i < want.outputs().size(); ++i) {
    const Column &a = profile.outputs[i].column, &b = want.outputs()[i].column;
    ASSERT_EQ(a.bytes(), b.bytes());
    EXPECT_EQ(std::memcmp(a.data(), b.data(), static_cast<std::size_t>(b.bytes())), 0)
        << want.outputs()[i].name;
  }
}

/// As often as the cpu backend ran it; what leaves the run needs no kernel.
void expect_calls_of_the_cpu(const Program& program, const Graph& graph, const Profile& profile) {
  const Profile cpu = runtime::profile(plan_of(program), program.parameters(), {}, graph, 1, 1, {});
  ASSERT_EQ(profile.steps.size(), cpu.steps.size());
  for (std::size_t i = 0; i < cpu.steps.size(); ++i) {
    const ProfiledStep &got = profile.steps[i], &want = cpu.steps[i];
    ASSERT_EQ(std::pair(got.block, got.step), std::pair(want.block, want.step));
    EXPECT_EQ(got.kernels.empty(), want.kind != plan::Step::Kind::Group) << got.block << "." << got.step;
    if (want.kind != plan::Step::Kind::Host) {
      EXPECT_EQ(got.calls, want.calls) << got.block << "." << got.step;
    }
    if (want.kind == plan::Step::Kind::Group && !got.some_rows) {
      EXPECT_EQ(got.traffic.read, want.traffic.read);
    }
  }
}

TEST(DeviceProfile, StepByStepGivesTheBitsOfTheReferenceAndCountsWhatRan) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(30);
  for (const Program& program : programs()) {
    SCOPED_TRACE(program.name());
    SimulatedMachine m;
    const Profile profile = profiled(m, program, graph, DeviceTiming::Steps);
    expect_outputs_of(profile, reference(program, graph));
    expect_calls_of_the_cpu(program, graph, profile);
    EXPECT_EQ(profile.tier, "step by step, not graph mode");
    EXPECT_EQ(m.runtime.count("launch"), 0);
    EXPECT_EQ(m.runtime.count("create_graph"), 0);
    EXPECT_GT(m.runtime.count("launch_kernel"), 0);
    EXPECT_EQ(m.runtime.alive(), 0u);
  }
}

// Between two events the simulated device always takes a millisecond.
TEST(DeviceProfile, TimesAreOfTheStepItselfWithoutItsInside) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Profile profile = profiled(m, spreading(), ring(10), DeviceTiming::Steps);
  double total = 0;
  for (const ProfiledStep& s : profile.steps) {
    if (s.kind == plan::Step::Kind::Group) {
      EXPECT_DOUBLE_EQ(s.ms, static_cast<double>(s.calls));
    }
    if (s.kind == plan::Step::Kind::While) {
      EXPECT_DOUBLE_EQ(s.ms, 4) << "once before the loop, then in each of 3 iterations";
      EXPECT_EQ(s.traffic.read, 4 * 10 * 8) << "carried columns are copied, into the loop and in it";
    }
    if (!s.once) total += s.ms;
  }
  EXPECT_DOUBLE_EQ(profile.total_ms, total);
}

TEST(DeviceProfile, WhatTheGraphAloneDecidesIsTimedInTheFirstRun) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Profile profile = profiled(m, inverse_degrees(), ring(10), DeviceTiming::Steps);
  EXPECT_EQ(std::ranges::count(profile.steps, true, &ProfiledStep::once), 2) << "degrees, and their sum";
  for (const ProfiledStep& s : profile.steps) {
    if (s.once) {
      EXPECT_EQ(s.calls, 1);
    }
  }
}

TEST(DeviceProfile, CanBeCancelled) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  RunOptions options;
  options.cancel.cancel();
  EXPECT_THROW(profiled(m, nested_loops(), ring(5), DeviceTiming::Steps, 1, options), Cancelled);
  EXPECT_THROW(profiled(m, nested_loops(), ring(5), DeviceTiming::Stamps, 1, options), Cancelled);
  EXPECT_EQ(m.runtime.alive(), 0u);
}

TEST(DeviceProfile, IsCancelledBetweenIterations) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Program program = monograph::testing::program_of("long", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.full(1.0));
    p.loop(200, [&] { x = x + 1.0; });
    p.output("x", x);
  });
  SimulatedMachine m;
  RunOptions options;
  int kernels = 0;
  m.runtime.on_kernel = [&, run = m.runtime.on_kernel](const FakeNode& node) {
    if (++kernels == 20) options.cancel.cancel();
    run(node);
  };
  EXPECT_THROW(profiled(m, program, ring(5), DeviceTiming::Steps, 1, options), Cancelled);
  EXPECT_LT(kernels, 25);
  EXPECT_EQ(m.runtime.alive(), 0u);
}

TEST(DeviceProfile, WhicheverCallFailsNothingStaysBehind) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(6);
  SimulatedMachine whole;
  profiled(whole, spreading(), graph, DeviceTiming::Steps);
  const int calls = static_cast<int>(whole.runtime.calls.size());
  for (int at = 0; at < calls; at += 3) {
    SimulatedMachine m;
    m.runtime.fail_at = at;
    try {
      profiled(m, spreading(), graph, DeviceTiming::Steps);
    } catch (const Error&) {
    }
    EXPECT_EQ(m.runtime.alive(), 0u) << whole.runtime.calls[static_cast<std::size_t>(at)];
  }
}

// ---- stamps

using Row = std::tuple<std::int64_t, std::int64_t, std::int64_t>;  // block, step, iteration

std::vector<Row> rows_of(std::span<const cuda::Stamp> stamps) {
  std::vector<Row> rows;
  for (const cuda::Stamp& s : stamps)
    rows.emplace_back(static_cast<std::int32_t>(s.step.block), static_cast<std::int32_t>(s.step.step),
                      s.iteration);
  return rows;
}

TEST(Stamps, OnePerStepAndIterationInTheOrderOfTime) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Graph graph = ring(12);
  const Program program = monograph::testing::program_of("chain", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.load_node("x"));
    p.loop(3, [&] { x = g.neighbor_agg(x, Aggregate::Sum) * 0.5; });
    p.output("x", x);
    p.output("total", sum(x));
  });
  const Profile profile = profiled(m, program, graph, DeviceTiming::Stamps);
  expect_outputs_of(profile, reference(program, graph));
  EXPECT_EQ(m.runtime.count("launch"), 3) << "one per run";
  EXPECT_EQ(m.runtime.count("launch_kernel"), 0);
  ASSERT_EQ(profile.stamps_lost, 0);
  std::int64_t loop = -1, total = -1;
  for (const ProfiledStep& s : profile.steps) {
    if (s.kind == plan::Step::Kind::While) loop = s.step;
    if (s.kind == plan::Step::Kind::Group && s.block == 0) total = s.step;
  }
  EXPECT_EQ(rows_of(profile.stamps), (std::vector<Row>{{-1, -1, -1},
                                                       {0, loop, 0},
                                                       {1, 0, 0},
                                                       {0, loop, 1},
                                                       {1, 0, 1},
                                                       {0, loop, 2},
                                                       {1, 0, 2},
                                                       {0, loop, 3},
                                                       {0, total, -1}}));
  for (std::size_t i = 1; i < profile.stamps.size(); ++i)
    EXPECT_GT(profile.stamps[i].ns, profile.stamps[i - 1].ns);
}

TEST(Stamps, EveryStepOfEveryProgramAsOftenAsItRan) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(20);
  for (const Program& program : programs()) {
    SCOPED_TRACE(program.name());
    SimulatedMachine m;
    const Profile profile = profiled(m, program, graph, DeviceTiming::Stamps);
    expect_outputs_of(profile, reference(program, graph));
    const Profile steps = profiled(m, program, graph, DeviceTiming::Steps);
    ASSERT_EQ(profile.steps.size(), steps.steps.size());
    for (std::size_t i = 0; i < steps.steps.size(); ++i) {
      const ProfiledStep &got = profile.steps[i], &want = steps.steps[i];
      if (!want.once && want.kind != plan::Step::Kind::Host) {
        EXPECT_EQ(got.calls, want.calls) << got.block << "." << got.step;
      }
    }
    std::vector<Row> rows = rows_of(profile.stamps);
    EXPECT_TRUE(std::ranges::is_sorted(profile.stamps, {}, &cuda::Stamp::ns));
    if (program.name() != "nested") {  // there an iteration of the inner loop has one for each of the outer
      std::ranges::sort(rows);
      EXPECT_EQ(std::ranges::adjacent_find(rows), rows.end()) << "one per step and iteration";
    }
  }
}

TEST(Stamps, RoundsTakeTheSameOnes) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(9);
  std::vector<std::vector<Row>> all;
  for (const std::vector<cuda::Protocol>& proven :
       {std::vector<cuda::Protocol>{}, {cuda::Protocol::Unroll}, {cuda::Protocol::FullUnroll}}) {
    SimulatedMachine m;
    m.proven = proven;
    const Profile profile = profiled(m, turning(), graph, DeviceTiming::Stamps);
    expect_outputs_of(profile, reference(turning(), graph));
    std::vector<Row>& rows = all.emplace_back(rows_of(profile.stamps));
    std::ranges::sort(rows);
  }
  EXPECT_EQ(all[0], all[1]);
  EXPECT_EQ(all[0], all[2]);
}

TEST(Stamps, TheLastOnesAreKept) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(8);
  SimulatedMachine enough, few;
  const Profile whole = profiled(enough, spreading(), graph, DeviceTiming::Stamps);
  const Profile part = profiled(few, spreading(), graph, DeviceTiming::Stamps, 5);
  const std::vector<Row> all = rows_of(whole.stamps);
  ASSERT_GT(all.size(), 5u);
  EXPECT_EQ(rows_of(part.stamps), std::vector<Row>(all.end() - 5, all.end()));
  EXPECT_EQ(part.stamps_lost, std::ssize(all) - 5);
}

TEST(Stamps, RunsWithoutThemHaveNoKernelForThem) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine plain, stamped;
  const auto launches = [](SimulatedMachine& m, std::int64_t stamps) {
    profiled(m, spreading(), ring(8), DeviceTiming::Stamps, stamps);
    return m.launches;
  };
  const Profile profile = profiled(stamped, spreading(), ring(8), DeviceTiming::Stamps);
  const auto loops = std::ranges::count_if(profile.stamps, [&](const cuda::Stamp& s) {
    return s.step.block == 0 && std::ranges::any_of(profile.steps, [&](const ProfiledStep& p) {
             return p.block == 0 && p.step == s.step.step && p.kind == plan::Step::Kind::While;
           });
  });
  EXPECT_EQ(stamped.launches - launches(plain, 0), 3 * (std::ssize(profile.stamps) - loops))
      << "one after each step; loops have kernels of their own";
}

}  // namespace
}  // namespace monograph::test
