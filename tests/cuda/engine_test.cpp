// Sessions on a simulated device: what a run gives, what stays on the device, and how much memory it takes.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include <cstring>

#include "cuda/simulated_sessions.h"

namespace monograph::test {
namespace {

using monograph::testing::program_of;

/// Calls since `from`, without what only looks.
std::vector<std::string> calls_since(const FakeRuntime& runtime, std::size_t from) {
  std::vector<std::string> calls(runtime.calls.begin() + static_cast<std::ptrdiff_t>(from),
                                 runtime.calls.end());
  std::erase(calls, "set_device");
  return calls;
}

TEST(CudaEngine, AlgorithmsGiveTheBitsOfTheReference) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  EXPECT_EQ(session.backend(), "cuda");
  const Graph graph = ring(60);
  for (const char* name : {"pagerank", "cdlp", "wcc", "bfs", "degree"}) {
    SCOPED_TRACE(name);
    expect_same(session.run(algorithm(name), graph), reference(algorithm(name), graph));
  }
}

TEST(CudaEngine, AutoTakesADeviceThatIsReady) {
  SimulatedMachine m;
  const Session session({}, m.machine());
  EXPECT_EQ(session.backend(), "cuda");
  EXPECT_EQ(session.backend_reason(), "auto: device 0 is ready (NVIDIA H200)");
  m.compiler_missing = "it is not here";
  EXPECT_EQ(Session({}, m.machine()).backend(), "cpu") << "auto must be able to run every program";
}

TEST(CudaEngine, ARunIsOneLaunchAndOneWait) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = ring(40);
  const Executable e = session.compile(spreading());
  EXPECT_GT(session.run(e, graph).allocations, 0);
  for (const std::int64_t times : {0, 1, 7}) {
    const std::size_t before = m.runtime.calls.size();
    const Result result = session.run(e, graph, {{"times", Constant::of(times)}});
    EXPECT_EQ(calls_since(m.runtime, before), (std::vector<std::string>{"launch", "query"}));
    EXPECT_EQ(result.allocations, 0);
    EXPECT_EQ(result.csr_builds, 0);
    expect_same(result, reference(spreading(), graph, {{"times", Constant::of(times)}}));
  }
}

TEST(CudaEngine, ResultsStayOnTheDeviceUntilTheyAreAskedFor) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  m.staging = 64;  // a few elements at once
  Session session = simulated(m);
  const Graph graph = ring(100);
  const Result want = reference(spreading(), graph);
  const Executable e = session.compile(spreading());
  session.run(e, graph);
  const int copies = m.runtime.count("copy_async");
  const Result result = session.run(e, graph);
  EXPECT_EQ(m.runtime.count("copy_async"), copies);
  const auto view = result.device("x");
  ASSERT_TRUE(view);
  EXPECT_EQ(view->size, 100);
  EXPECT_EQ(view->type, ScalarType::F64);
  EXPECT_EQ(std::memcmp(view->data, want.column<double>("x").data(), 800), 0) << "the fake's memory is ours";
  EXPECT_FALSE(result.device("total")) << "scalars are here";
  EXPECT_EQ(result.scalar<double>("total"), want.scalar<double>("total"));
  EXPECT_EQ(m.runtime.count("copy_async"), copies);

  std::vector<double> streamed;
  result.stream<double>("x", 33, [&](std::int64_t first, std::span<const double> piece) {
    EXPECT_EQ(first, static_cast<std::int64_t>(streamed.size()));
    EXPECT_EQ(piece.size(), first == 99 ? 1u : 33u);
    streamed.insert(streamed.end(), piece.begin(), piece.end());
  });
  EXPECT_TRUE(std::ranges::equal(streamed, want.column<double>("x")));
  EXPECT_GT(m.runtime.count("copy_async"), copies);
  expect_same(result, want);
  const int fetched = m.runtime.count("copy_async");
  expect_same(result, want);
  EXPECT_EQ(m.runtime.count("copy_async"), fetched) << "fetched once";
}

TEST(CudaEngine, AResultIsAValueWhateverTheSessionDoesNext) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Graph graph = ring(50);
  Result first, second;
  {
    Session session = simulated(m);
    const Executable e = session.compile(spreading());
    first = session.run(e, graph, {{"times", Constant::of(2)}});
    EXPECT_TRUE(first.device("x"));
    second = session.run(e, graph, {{"times", Constant::of(5)}});
    EXPECT_FALSE(first.device("x")) << "its memory has the second's now";
    EXPECT_TRUE(second.device("x"));
  }
  EXPECT_FALSE(second.device("x"));
  expect_same(first, reference(spreading(), graph, {{"times", Constant::of(2)}}));
  expect_same(second, reference(spreading(), graph, {{"times", Constant::of(5)}}));
  EXPECT_EQ(m.runtime.used_memory(), 0u);
}

TEST(CudaEngine, RowsAndAttributesAreUploadedOnceForAllPlans) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = ring(3000);
  session.run(spreading(), graph);
  const std::size_t used = m.runtime.used_memory();
  const Program other = program_of("other", [](ProgramBuilder& p, GraphRef g) {
    p.output("y", g.neighbor_agg(g.load_node("x"), Aggregate::Max, {.weights = g.load_edge("w")}));
  });
  const Result result = session.run(other, graph);
  expect_same(result, reference(other, graph));
  EXPECT_LT(m.runtime.used_memory() - used, 3u * 3000 * 8) << "its columns, but neither edges nor weights";
  const Graph copy = graph;
  EXPECT_EQ(session.run(other, copy).allocations, 0) << "the same topology";
}

TEST(CudaEngine, OnlyTheDirectionsThatAPlanWalksAreUploaded) {
  MONOGRAPH_NEEDS_SIMULATION();
  const auto used_by = [](Direction direction) {
    SimulatedMachine m;
    Session session = simulated(m);
    const Program p = program_of("degrees", [&](ProgramBuilder& b, GraphRef g) {
      b.output("d", g.neighbor_agg(cast(g.node_index(), ScalarType::I64), Aggregate::Sum,
                                   {.direction = direction}));
    });
    session.run(p, ring(4000));
    return m.runtime.used_memory();
  };
  const std::size_t out = used_by(Direction::Out), in = used_by(Direction::In),
                    both = used_by(Direction::Both);
  EXPECT_GT(in, out) << "with the order of edges";
  EXPECT_GT(both, in);
}

TEST(CudaEngine, AChangedAttributeIsWrittenOverTheOldOne) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  Graph graph = ring(30);
  const Executable e = session.compile(spreading());
  expect_same(session.run(e, graph), reference(spreading(), graph));
  std::vector<double> x(30, 0.125);
  graph.set_node_attribute("x", Column::of(std::span<const double>(x)));
  const int graphs = m.runtime.count("instantiate");
  expect_same(session.run(e, graph), reference(spreading(), graph));
  EXPECT_EQ(m.runtime.count("instantiate"), graphs);
}

TEST(CudaEngine, StoresComeBackToTheGraph) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Program p = program_of("storing", [](ProgramBuilder& b, GraphRef g) {
    const Value x = g.load_node("x");
    b.store_node("x", x * 2.0);
    b.output("was", x);
  });
  Graph mine = ring(20), theirs = ring(20);
  Session other({.backend = "reference"});
  const Executable e = session.compile(p), r = other.compile(p);
  for (int turn = 0; turn < 3; ++turn) {
    expect_same(session.run(e, mine), other.run(r, theirs));
    const auto a = mine.node_attribute("x")->span<double>(), b = theirs.node_attribute("x")->span<double>();
    EXPECT_TRUE(std::ranges::equal(a, b)) << turn;
  }
}

// ---- memory

TEST(CudaMemory, ThePeakIsKnownAndKept) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(5000);
  for (const char* name : {"pagerank", "cdlp", "bfs"}) {
    SimulatedMachine m;
    m.runtime.bulk_machine = nullptr;  // it would need room of its own, before the run
    Session session = simulated(m);
    const Result result = session.run(algorithm(name), graph);
    EXPECT_EQ(static_cast<std::size_t>(result.device_bytes), m.runtime.most_memory()) << name;
    EXPECT_EQ(m.runtime.used_memory(), m.runtime.most_memory()) << name;
  }
}

TEST(CudaMemory, AtTheLimitItRunsAndBelowItEdgesStayInHostMemory) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(5000);
  const Result want = reference(spreading(), graph);
  SimulatedMachine m;
  const auto need = static_cast<std::uint64_t>(simulated(m).run(spreading(), graph).device_bytes);
  const std::size_t staging = m.runtime.pinned_memory();
  {
    Session exact = simulated(m, {.device_memory = need});
    const Result result = exact.run(spreading(), graph);
    expect_same(result, want);
    EXPECT_EQ(static_cast<std::uint64_t>(result.device_bytes), need);
  }
  {
    Session less = simulated(m, {.device_memory = need - 1});
    const Result result = less.run(spreading(), graph);
    expect_same(result, want);
    EXPECT_LT(static_cast<std::uint64_t>(result.device_bytes), need / 2)
        << "neighbours and weights are most of it";
    EXPECT_GT(m.runtime.pinned_memory(), staging + 10000 * 4);
  }
}

TEST(CudaMemory, GroupsThatNoLongerRunAtOnceNeedLessRoom) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(5000);
  const Program p = program_of("labels", [](ProgramBuilder& b, GraphRef g) {
    b.output("in", g.neighbor_mode(g.node_index()));
    b.output("out", g.neighbor_mode(g.node_index(), {.direction = Direction::Out}));
  });
  SimulatedMachine m;
  const auto need = static_cast<std::uint64_t>(simulated(m, {.level = 0}).run(p, graph).device_bytes);
  Session session = simulated(m, {.level = 0, .device_memory = need - 1});
  const Result result = session.run(p, graph);
  expect_same(result, reference(p, graph));
  EXPECT_LE(static_cast<std::uint64_t>(result.device_bytes), need - 2 * 8 * 10000) << "room for votes once";
  EXPECT_LT(m.runtime.pinned_memory(), 40000u) << "and the edges are where they were";
}

TEST(CudaMemory, WhatDoesNotFitAtAllIsRefusedWithFiguresBeforeAnythingIsTaken) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(5000);
  SimulatedMachine m;
  Session session = simulated(m, {.device_memory = 50000});
  const Executable e = session.compile(spreading());
  try {
    session.run(e, graph);
    FAIL() << "expected an error";
  } catch (const MemoryError& error) {
    const std::string text = error.what();
    EXPECT_TRUE(text.starts_with("out of device memory: program \"spreading\" needs ")) << text;
    for (const char* part : {" on device 0 (rows ", "edges ", "columns ", " with its edges in host memory",
                             "the limit is 48.8 KiB", "of 150.0 GiB are free", "--backend cpu"})
      EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  }
  EXPECT_EQ(m.runtime.used_memory(), 0u);
  expect_same(session.run(e, ring(100)), reference(spreading(), ring(100)));
}

TEST(CudaMemory, WhatWasUsedLongestAgoGoesFirst) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Graph a = ring(5000), b = ring(4999), c = ring(4998);
  const auto need = static_cast<std::uint64_t>(simulated(m).run(spreading(), a).device_bytes);
  Session session = simulated(m, {.device_memory = 2 * need});
  const Executable e = session.compile(spreading());
  const Result of_a = session.run(e, a);
  session.run(e, b);
  EXPECT_EQ(session.run(e, a).allocations, 0);
  const Result of_b = session.run(e, b);
  session.run(e, a);
  expect_same(session.run(e, c), reference(spreading(), c));
  EXPECT_LE(m.runtime.used_memory(), 2 * need);
  EXPECT_EQ(session.run(e, a).allocations, 0) << "used after b";
  EXPECT_GT(session.run(e, b).allocations, 0) << "had to go";
  expect_same(of_a, reference(spreading(), a));
  expect_same(of_b, reference(spreading(), b));
}

TEST(CudaMemory, ADeviceThatOthersFilledIsNoReasonToFailWhereOurOwnCanGo) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Graph a = ring(3000), b = ring(2999);
  Session session = simulated(m);
  const Executable e = session.compile(spreading());
  session.run(e, a);
  m.runtime.devices[0].free_memory = m.runtime.used_memory() + 1000;
  expect_same(session.run(e, b), reference(spreading(), b));
}

}  // namespace
}  // namespace monograph::test
