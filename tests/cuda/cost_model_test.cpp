// Which way a plan runs on a device: nothing that is not proven, and of what is, the cheapest.
#include "host/cuda/cost_model.h"

#include <gtest/gtest.h>
#include <monograph/error.h>

#include "cuda/loop_programs.h"
#include "host/plan/compile.h"

namespace monograph::test {
namespace {

using cuda::DeviceFigures;
using cuda::Protocol;
using cuda::Tier;

plan::Plan plan_of(const Program& program) { return *plan::compile(program.ir(), {.level = 2}).plan; }

const std::vector<Protocol> kEverything{Protocol::BlockLoop, Protocol::GridLoop, Protocol::Unroll,
                                        Protocol::FullUnroll};

DeviceFigures figures(std::vector<Protocol> proven) {
  return {.kernel_ns = 1300,
          .round_ns = 5000,
          .block_barrier_ns = 100,
          .grid_barrier_ns = 1500,
          .bytes_per_us = 4'000'000,
          .block_bytes_per_us = 60'000,
          .proven = std::move(proven)};
}

TEST(CostModel, WhatComesWithTheLibraryProvesNothing) {
  const DeviceFigures shipped = cuda::figures_for(cuda::shipped_figures(), 90);
  EXPECT_FALSE(shipped.measured);
  EXPECT_TRUE(shipped.proven.empty());
  EXPECT_FALSE(shipped.source.empty());
  for (const Program& program : {fixed(), nested_loops(), rotating_loop()}) {
    const cuda::Way way = cuda::choose_way(plan_of(program), 100, 1000, shipped);
    EXPECT_EQ(way.graph.tier, Tier::Graph);
    EXPECT_EQ(way.graph.unroll, 1);
    EXPECT_EQ(way.graph.full_unroll, 0);
    EXPECT_EQ(way.text(), "T2: nodes of a graph");
  }
}

TEST(CostModel, OnlyWhatIsProvenIsTaken) {
  const plan::Plan plan = plan_of(nested_loops());
  const auto choose = [&](std::vector<Protocol> proven) {
    return cuda::choose_way(plan, 100, 1000, figures(std::move(proven)));
  };
  EXPECT_EQ(choose(kEverything).graph.tier, Tier::Block) << "a graph of a hundred nodes";
  EXPECT_EQ(choose({Protocol::GridLoop, Protocol::Unroll}).graph.tier, Tier::Grid);
  const cuda::Way rounds = choose({Protocol::Unroll});
  EXPECT_EQ(rounds.graph.tier, Tier::Graph);
  EXPECT_GT(rounds.graph.unroll, 1);
  EXPECT_EQ(choose({}).graph.unroll, 1);
}

TEST(CostModel, ALargeGraphIsNotForOneBlock) {
  const plan::Plan plan = plan_of(nested_loops());
  EXPECT_NE(cuda::choose_way(plan, 10'000'000, 200'000'000, figures(kEverything)).graph.tier, Tier::Block);
  EXPECT_LT(cuda::estimate_ns(plan, 10'000'000, 200'000'000, figures({}), {.tier = Tier::Grid}),
            cuda::estimate_ns(plan, 10'000'000, 200'000'000, figures({}), {.tier = Tier::Block}));
}

TEST(CostModel, AFixedNumberOfIterationsNeedsNoRounds) {
  const cuda::Way way = cuda::choose_way(plan_of(fixed()), 1000, 5000, figures({Protocol::FullUnroll}));
  EXPECT_GT(way.graph.full_unroll, 0);
  EXPECT_EQ(cuda::choose_way(plan_of(rotating_loop()), 1000, 5000, figures({Protocol::FullUnroll}))
                .graph.full_unroll,
            0)
      << "a parameter decides how often: there is nothing to gain";
}

// What a round costs decides whether iterations share one.
TEST(CostModel, FiguresDecide) {
  const plan::Plan plan = plan_of(rotating_loop());
  DeviceFigures cheap_rounds = figures({Protocol::Unroll, Protocol::GridLoop});
  cheap_rounds.round_ns = 0, cheap_rounds.kernel_ns = 1, cheap_rounds.grid_barrier_ns = 100'000;
  EXPECT_EQ(cuda::choose_way(plan, 1000, 5000, cheap_rounds).graph.tier, Tier::Graph);
  DeviceFigures cheap_barrier = cheap_rounds;
  cheap_barrier.grid_barrier_ns = 0;
  EXPECT_EQ(cuda::choose_way(plan, 1000, 5000, cheap_barrier).graph.tier, Tier::Grid);
}

TEST(CostModel, FiguresAreReadFromAFile) {
  const std::string one = R"({"architecture": 90, "measured": true, "source": "a device", "kernel_ns": 1,
    "round_ns": 2, "block_barrier_ns": 3, "grid_barrier_ns": 4, "bytes_per_us": 5, "block_bytes_per_us": 6,
    "hub_edges": 7, "proven": ["unroll", "grid_loop"]})";
  const auto file = [](const std::string& devices, int format = 1) {
    return "{\"format\": " + std::to_string(format) + ", \"devices\": [" + devices + "]}";
  };
  const auto all = cuda::read_figures(file(one), "figures");
  EXPECT_EQ(cuda::figures_for(all, 90).proven, (std::vector{Protocol::Unroll, Protocol::GridLoop}));
  EXPECT_EQ(cuda::figures_for(all, 90).round_ns, 2);
  EXPECT_THROW(cuda::figures_for(all, 80), InternalError) << "and none for the others";
  const auto error = [](const std::string& text) -> std::string {
    try {
      cuda::read_figures(text, "figures");
    } catch (const PlanError& e) {
      return e.what();
    }
    return "none";
  };
  EXPECT_EQ(error("{"), "figures: expected JSON");
  EXPECT_EQ(error(file(one, 2)), "figures: /format: expected 1, found 2");
  std::string other = one;
  other.replace(other.find("unroll"), 6, "luck");
  EXPECT_NE(error(file(other)).find("/devices/0/proven/0"), std::string::npos) << error(file(other));
  other = one;
  other.replace(other.find("\"bytes_per_us\": 5"), 17, "\"bytes_per_us\": 0");
  EXPECT_NE(error(file(other)).find("moves none"), std::string::npos) << error(file(other));
}

}  // namespace
}  // namespace monograph::test
