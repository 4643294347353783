// Waves: groups that may run at once, and what they may not share.
#include <gtest/gtest.h>
#include <monograph/io.h>
#include <monograph/program.h>

#include <algorithm>

#include "host/plan/compile.h"
#include "host/plan/schedule.h"
#include "unit/regressions.h"
#include "unit/test_programs.h"

using namespace monograph;

namespace {

plan::Plan plan_of(const Program& p, int level = 2) { return *plan::compile(p.ir(), {.level = level}).plan; }

/// Two traversals that no group can make together, with reductions, in a loop; and one before it that the
/// graph alone decides.
Program two_directions() {
  return monograph::testing::program_of("two", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(1.0 / (as_f64(g.degree(Direction::In)) + 1));
    Variable y = p.variable(as_f64(g.degree(Direction::Out)));
    Variable sums = p.variable(p.constant(0.0)), most = p.variable(p.constant(0.0));
    p.loop(3, [&] {
      const Value from = g.neighbor_agg(x, Aggregate::Sum, {.direction = Direction::In}) * 0.5;
      const Value to = g.neighbor_agg(y, Aggregate::Max, {.direction = Direction::Out}) * 0.25;
      sums = sums + sum(from);
      most = most + reduce_max(to);
      x = from + 1;
      y = to - 1;
    });
    p.output("x", x);
    p.output("y", y);
    p.output("sums", sums);
    p.output("most", most);
  });
}

std::size_t widest(const plan::Plan& p, std::size_t block) {
  std::size_t most = 0;
  const plan::Block& b = p.blocks[block];
  for (std::size_t i = 0; i < b.steps.size(); i = plan::end_of_wave(b, i))
    most = std::max(most, plan::end_of_wave(b, i) - i);
  return most;
}

bool has(const std::vector<plan::SlotId>& slots, plan::SlotId s) {
  return s != plan::kNoSlot && std::ranges::find(slots, s) != slots.end();
}

void expect_no_shared_slot(const plan::Block& b, std::size_t first, const std::string& program) {
  const std::size_t end = plan::end_of_wave(b, first);
  ASSERT_LE(end - first, plan::kWaveWidth) << program;
  for (std::size_t i = first; i < end; ++i) {
    if (end > first + 1) {
      EXPECT_EQ(b.steps[i].kind, plan::Step::Kind::Group) << program;
    }
    for (std::size_t j = first; j < end; ++j)
      for (plan::SlotId s : b.steps[i].out)
        EXPECT_FALSE(i != j && (has(b.steps[j].in, s) || has(b.steps[j].out, s)))
            << program << ": steps " << i << " and " << j << " share slot " << s;
  }
}

std::string bits(const SessionOptions& options, const Program& p, const Graph& g) {
  Session s(options);
  const Executable e = s.compile(p);
  s.run(e, g);
  const Result r = s.run(e, g);  // the second: what the graph alone decides is known
  std::string all;
  for (const Output& o : r.outputs())
    all.append(static_cast<const char*>(o.column.data()), static_cast<std::size_t>(o.column.bytes()));
  return all;
}

}  // namespace

TEST(Waves, TraversalsInDifferentDirectionsRunAtOnce) {
  const plan::Plan p = plan_of(two_directions());
  ASSERT_EQ(p.blocks.size(), 2u);
  EXPECT_EQ(widest(p, 1), 2u) << plan::to_text(p);
  EXPECT_NE(plan::to_text(p).find("in parallel with the step before"), std::string::npos);
}

TEST(Waves, NoStepWritesWhatAnotherOfItsWaveTouches) {
  std::size_t shared = 0;
  for (const Program& program : monograph::testing::test_programs())
    for (const int level : {0, 1, 2}) {
      const plan::Plan p = plan_of(program, level);
      for (const plan::Block& b : p.blocks)
        for (std::size_t i = 0; i < b.steps.size(); i = plan::end_of_wave(b, i)) {
          expect_no_shared_slot(b, i, program.name());
          shared += plan::end_of_wave(b, i) > i + 1;
        }
    }
  EXPECT_GT(shared, 10u) << "waves of one step share nothing anyhow";
}

TEST(Waves, TheSameBitsOnAnyNumberOfThreads) {
  for (const char* name : {"gen:uniform:70000:90000", "gen:rmat:6:8"}) {
    const Graph g = read_graph(name);
    const std::string want = bits({.backend = "reference"}, two_directions(), g);
    for (const CpuTier tier : {CpuTier::Tiles, CpuTier::Native})
      for (const int threads : {1, 2, 3, 7})
        EXPECT_TRUE(bits({.backend = "cpu", .cpu_tier = tier, .threads = threads, .cache = CacheUse::Off},
                         two_directions(), g) == want)
            << name << ", " << threads << " threads";
  }
}

TEST(Waves, ATakeThatFailsBesideAnotherGroupIsTheOneReported) {
  const Program p = monograph::testing::program_of("beside", [](ProgramBuilder& b, GraphRef g) {
    const Value in = g.degree(Direction::In);
    const Value out = g.neighbor_agg(as_f64(in), Aggregate::Sum, {.direction = Direction::Out});
    b.output("taken", take(in, g.node_index() + 1));
    b.output("out", out);
  });
  const plan::Plan made = plan_of(p);
  EXPECT_EQ(widest(made, 0), 2u) << plan::to_text(made);
  for (const auto& way : monograph::testing::every_way(true)) {
    Session s(way.options);
    try {
      s.run(s.compile(p), read_graph("gen:rmat:6:8"));
      FAIL() << way.name;
    } catch (const RuntimeError& error) {
      EXPECT_NE(std::string(error.what()).find("graph.take: index[63] is 64"), std::string::npos)
          << error.what();
    }
  }
}
