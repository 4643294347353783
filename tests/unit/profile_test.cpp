// What a profile says of loops: copies count, what changes hands does not.
#include "host/runtime/profile.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>

namespace monograph {
namespace {

/// Bytes that the loop of a program moves by itself in one call.
runtime::Traffic moved(const Program& program, const Graph& graph) {
  Session session({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
  const auto plan = std::make_shared<const plan::Plan>(session.compile(program).plan()->content());
  for (const runtime::ProfiledStep& s : runtime::profile(plan, {}, {}, graph, 1, 2, {}).steps)
    if (s.kind == plan::Step::Kind::While) return s.traffic;
  ADD_FAILURE() << "no loop";
  return {};
}

/// Two columns of f64 through `times` iterations; `twice`: both become the same new one.
Program loop(std::int64_t times, bool twice) {
  ProgramBuilder p("loop");
  const GraphRef g = p.graph();
  const Value x = g.load_node("x", ScalarType::F64, 1.0);
  Variable a = p.variable(x + 1), b = p.variable(x * 3);
  p.loop(times, [&] {
    const Value next = g.in_sum(a) + b;
    b = twice ? next : a.value();
    a = next;
  });
  p.output("a", a);
  p.output("b", b);
  return p.build();
}

TEST(ProfileMoves, CopiesCountInEachIteration) {
  const Graph graph = read_graph("gen:path:50");
  constexpr std::int64_t kColumn = 50 * 8;
  const runtime::Traffic three = moved(loop(3, true), graph), five = moved(loop(5, true), graph);
  EXPECT_EQ(five.written - three.written, 2 * kColumn) << "a copy in each iteration";
  EXPECT_EQ(three.read, three.written);
}

TEST(ProfileMoves, WhatChangesHandsIsFree) {
  const Graph graph = read_graph("gen:path:50");
  EXPECT_EQ(moved(loop(5, false), graph).written, moved(loop(3, false), graph).written);
}

// the loop of bfs follows changes: what a call of its group moves depends on them; pagerank's computes all
// rows
TEST(ProfileTraffic, OfLoopsThatComputeSomeRowsIsNotKnown) {
  for (const char* source : {"gen:path:5000", "gen:path:50"}) {  // on small graphs all rows are computed
    const Graph graph = read_graph(source);
    const bool some = graph.node_count() == 5000;
    const Program program = bfs();
    Session session({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
    const auto plan = std::make_shared<const plan::Plan>(session.compile(program).plan()->content());
    int groups = 0;
    for (const runtime::ProfiledStep& s :
         runtime::profile(plan, program.parameters(), {}, graph, 1, 2, {}).steps) {
      if (s.kind != plan::Step::Kind::Group || s.block == 0) continue;
      ++groups;
      EXPECT_EQ(s.some_rows, some);
      EXPECT_EQ(s.traffic.read == 0, some);
    }
    EXPECT_GE(groups, 1);
  }
}

}  // namespace
}  // namespace monograph
