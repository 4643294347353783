// Sessions on a simulated device when something goes wrong: checks, cancellation, devices and compilers that
// fail at any moment.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include <filesystem>
#include <fstream>
#include <thread>

#include "cuda/loop_programs.h"
#include "cuda/simulated_sessions.h"
#include "host/cuda/prepared_plan.h"
#include "host/plan/compile.h"

namespace monograph::test {
namespace {

using monograph::testing::program_of;

template <class E>
std::string error_of(const std::function<void()>& f) {
  try {
    f();
  } catch (const E& error) {
    return error.what();
  }
  return "nothing was thrown";
}

Program endless() {
  return program_of("endless", [](ProgramBuilder& p, GraphRef g) {
    Variable x = p.variable(g.full(1.0));
    p.loop(1000000000, [&] { x = x + 1.0; });
    p.output("x", x);
  });
}

TEST(CudaFaults, AFailedCheckSaysWhatEveryBackendSays) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = ring(20);
  const std::string want = error_of<RuntimeError>([&] { reference(failing_later(), graph); });
  ASSERT_NE(want.find(" in iteration 2, 1"), std::string::npos) << want;
  const Executable e = session.compile(failing_later());
  for (int turn = 0; turn < 2; ++turn)
    EXPECT_EQ(error_of<RuntimeError>([&] { session.run(e, graph); }), want);
  expect_same(session.run(spreading(), graph), reference(spreading(), graph));
}

TEST(CudaFaults, SoDoChecksOutsideOfGroups) {
  MONOGRAPH_NEEDS_SIMULATION();
  const auto looping = [](const std::string& name,
                          const std::function<void(ProgramBuilder&, GraphRef)>& body) {
    return program_of(name, [&](ProgramBuilder& p, GraphRef g) {
      Variable x = p.variable(g.load_node("x"));
      p.loop(3, [&] {
        x = x * 2.0;
        body(p, g);
      });
      p.output("x", x);
    });
  };
  const Program programs[] = {
      looping("scalar check",
              [](ProgramBuilder& p, GraphRef) { p.check(p.iteration() == 1, "the second time"); }),
      looping("column check",
              [](ProgramBuilder& p, GraphRef g) {
                p.check(cast(g.node_index(), ScalarType::I64) + p.iteration() > 12, "too large");
              }),
      program_of("scatter",
                 [](ProgramBuilder& p, GraphRef g) {
                   const Value where = monograph::where(g.node_index() == 7, -3, g.node_index());
                   p.output("y", scatter_reduce(g.load_node("x"), where, Monoid::Sum));
                 }),
  };
  SimulatedMachine m;
  Session session = simulated(m);
  for (const Program& p : programs) {
    const std::string want = error_of<RuntimeError>([&] { reference(p, ring(12)); });
    EXPECT_EQ(error_of<RuntimeError>([&] { session.run(p, ring(12)); }), want) << p.name();
    EXPECT_NE(want, "nothing was thrown") << p.name();
  }
}

TEST(CudaFaults, ACancelledRunEndsBeforeItsNextIteration) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  m.runtime.asynchronous = true;
  Session session = simulated(m);
  const Graph graph = ring(4);
  const Executable e = session.compile(endless());
  RunOptions options;
  std::vector<std::int64_t> seen;
  options.progress = [&](std::int64_t iteration) {
    seen.push_back(iteration);
    if (iteration >= 3) options.cancel.cancel();
  };
  const std::string text = error_of<Cancelled>([&] { session.run(e, graph, {}, options); });
  EXPECT_TRUE(text.starts_with("the run was cancelled before iteration ")) << text;
  EXPECT_TRUE(std::ranges::is_sorted(seen));
  EXPECT_GE(seen.back(), 3);

  m.runtime.asynchronous = false;
  RunOptions cancelled;
  cancelled.cancel.cancel();
  EXPECT_EQ(error_of<Cancelled>([&] { session.run(spreading(), graph, {}, cancelled); }),
            "the run was cancelled before iteration 0");
  expect_same(session.run(spreading(), graph), reference(spreading(), graph));
}

TEST(CudaFaults, WhatProgressThrowsEndsTheRun) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  m.runtime.asynchronous = true;
  Session session = simulated(m);
  RunOptions options;
  options.progress = [](std::int64_t) { throw std::runtime_error("enough"); };
  EXPECT_EQ(error_of<std::runtime_error>([&] { session.run(endless(), ring(4), {}, options); }), "enough");
  expect_same(session.run(spreading(), ring(4)), reference(spreading(), ring(4)));
}

TEST(CudaFaults, ALostDeviceIsReportedOnceAndTheSessionClosesCleanly) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  const Graph graph = ring(10);
  Result before;
  {
    Session session = simulated(m);
    const Executable e = session.compile(spreading());
    before = session.run(e, graph);
    const Result kept = session.run(algorithm("degree"), graph);
    m.runtime.sticky = true, m.runtime.fail_at = static_cast<int>(m.runtime.calls.size()) + 3;
    const std::string first = error_of<RuntimeError>([&] {
      for (int turn = 0; turn < 3; ++turn) session.run(e, graph);
    });
    EXPECT_TRUE(first.starts_with("CUDA: ")) << first;
    const std::size_t calls = m.runtime.calls.size();
    const std::string later = error_of<RuntimeError>([&] { session.run(e, graph); });
    EXPECT_TRUE(later.starts_with("device 0 failed in an earlier run (CUDA: ")) << later;
    EXPECT_EQ(m.runtime.calls.size(), calls) << "nothing more is asked of it";
    EXPECT_THROW(kept.outputs(), RuntimeError) << "what was not fetched is lost";
  }
  EXPECT_EQ(m.runtime.alive(), 0u);
}

/// A whole life of a session: two programs, two graphs, results fetched and not.
void live(SimulatedMachine& m, const Graph& a, const Graph& b) {
  Session session = simulated(m, {.cache = CacheUse::Off});
  const Executable e = session.compile(spreading());
  const Result first = session.run(e, a);
  const Result second = session.run(e, b);
  const Result third = session.run(e, a, {{"times", Constant::of(std::int64_t{1})}});
  EXPECT_EQ(first.outputs().size(), 2u);
  second.stream<double>("x", 5, [](std::int64_t, std::span<const double>) {});
}

TEST(CudaFaults, WhicheverCallFailsNothingStaysBehindAndTheSessionCanBeUsed) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph a = ring(12), b = ring(11);
  SimulatedMachine whole;
  live(whole, a, b);
  const int calls = static_cast<int>(whole.runtime.calls.size());
  for (const cuda::Status failure : {cuda::Status::OutOfMemory, cuda::Status{719}})
    for (int i = 0; i < calls; ++i) {
      SCOPED_TRACE(std::to_string(i) + " " + whole.runtime.calls[static_cast<std::size_t>(i)]);
      SimulatedMachine m;
      m.runtime.fail_at = i, m.runtime.failure = failure;
      try {
        live(m, a, b);
      } catch (const Error&) {
      }
      EXPECT_EQ(m.runtime.alive(), 0u);
      EXPECT_EQ(m.runtime.used_memory(), 0u);
    }
}

TEST(CudaFaults, AFailedAllocationLeavesASessionThatGoesOn) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(12);
  const Result want = reference(spreading(), graph);
  SimulatedMachine whole;
  Session session = simulated(whole);
  const Executable e = session.compile(spreading());
  const std::size_t from = whole.runtime.calls.size();
  session.run(e, graph);
  for (std::size_t i = from; i < whole.runtime.calls.size(); ++i) {
    SCOPED_TRACE(std::to_string(i) + " " + whole.runtime.calls[i]);
    SimulatedMachine m;
    Session other = simulated(m);
    const Executable mine = other.compile(spreading());
    m.runtime.fail_at = static_cast<int>(i), m.runtime.failure = cuda::Status::OutOfMemory;
    EXPECT_THROW(other.run(mine, graph), MemoryError);
    expect_same(other.run(mine, graph), want);
  }
}

TEST(CudaFaults, AWrongParameterIsSaidBeforeAnythingIsLaunched) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = ring(12);
  const Executable e = session.compile(spreading());
  session.run(e, graph);
  for (const Parameters& wrong :
       {Parameters{{"times", Constant::of(2.5)}}, Parameters{{"times", Constant::of(true)}},
        Parameters{{"time", Constant::of(std::int64_t{2})}}}) {
    const int launches = m.runtime.count("launch");
    const std::string want = error_of<UsageError>([&] { reference(spreading(), graph, wrong); });
    EXPECT_NE(want, "nothing was thrown");
    EXPECT_EQ(error_of<UsageError>([&] { session.run(e, graph, wrong); }), want);
    EXPECT_EQ(m.runtime.count("launch"), launches);
  }
  expect_same(session.run(e, graph, {{"times", Constant::of(std::int64_t{2})}}),
              reference(spreading(), graph, {{"times", Constant::of(std::int64_t{2})}}));
}

TEST(CudaFaults, TwoSessionsOnTwoThreads) {
  MONOGRAPH_NEEDS_SIMULATION();
  const Graph graph = ring(40);
  const Result want = reference(spreading(), graph);
  std::vector<std::string> wrong(2);
  {
    std::vector<std::jthread> threads;
    for (unsigned t = 0; t < 2; ++t)
      threads.emplace_back([&, t] {
        SimulatedMachine m(t + 1);
        Session session = simulated(m);
        const Executable e = session.compile(spreading());
        for (int turn = 0; turn < 10; ++turn)
          if (!std::ranges::equal(session.run(e, graph).column<double>("x"), want.column<double>("x")))
            wrong[t] = "turn " + std::to_string(turn);
      });
  }
  EXPECT_EQ(wrong, std::vector<std::string>(2));
}

TEST(CudaFaults, AResultMayBeReadByAnotherThreadWhileItsSessionRuns) {
  MONOGRAPH_NEEDS_SIMULATION();
  SimulatedMachine m;
  Session session = simulated(m);
  const Graph graph = ring(200);
  const Executable e = session.compile(spreading());
  const Result want = reference(spreading(), graph);
  for (int turn = 0; turn < 5; ++turn) {
    const Result result = session.run(e, graph);
    std::vector<double> seen;
    {
      // the fake runtime is for one thread: what is asked of it is asked in turn
      std::jthread reader([&] {
        const auto x = result.column<double>("x");
        seen.assign(x.begin(), x.end());
      });
    }
    session.run(e, graph);
    EXPECT_TRUE(std::ranges::equal(seen, want.column<double>("x")));
  }
}

// ---- compilers

/// A folder of its own for a cache.
struct CacheFolder {
  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("monograph-cuda-" + std::to_string(::getpid()));
  CacheFolder() { std::filesystem::remove_all(path); }
  ~CacheFolder() { std::filesystem::remove_all(path); }
  SessionOptions options() const { return {.cache = CacheUse::On, .cache_folder = path.string()}; }
};

TEST(CudaKernels, AreCompiledOnceForAllSessions) {
  MONOGRAPH_NEEDS_SIMULATION();
  const CacheFolder folder;
  SimulatedMachine m;
  const Graph graph = ring(10);
  {
    Session session = simulated(m, folder.options());
    session.run(spreading(), graph);
    const int texts = m.texts;
    EXPECT_GT(texts, 1);
    session.run(program_of("spreading again",
                           [](ProgramBuilder& p, GraphRef g) {
                             Variable x = p.variable(g.load_node("x"));
                             p.loop(3, [&] {
                               x = g.neighbor_agg(x, Aggregate::Sum, {.weights = g.load_edge("w")}) * 0.25 +
                                   1.0;
                             });
                             p.output("x", x);
                           }),
                graph);
    EXPECT_LT(m.texts - texts, texts) << "equal groups of another program are there already";
  }
  const int texts = m.texts;
  m.compiler_missing = "NVRTC is not here";
  Session later = simulated(m, folder.options());
  expect_same(later.run(spreading(), graph), reference(spreading(), graph));
  EXPECT_EQ(m.texts, texts);
  const std::string text = error_of<DeviceError>([&] { later.run(algorithm("cdlp"), graph); });
  EXPECT_TRUE(text.starts_with("no compiler: ")) << text;
  EXPECT_TRUE(text.ends_with("not in the cache, and NVRTC is not here")) << text;
  expect_same(later.run(spreading(), graph), reference(spreading(), graph));
}

TEST(CudaKernels, AnotherVersionOfTheCompilerCompilesAnew) {
  MONOGRAPH_NEEDS_SIMULATION();
  const CacheFolder folder;
  SimulatedMachine m;
  simulated(m, folder.options()).compile(spreading());
  const int texts = m.texts;
  m.compiler_version = "13.1";
  simulated(m, folder.options()).compile(spreading());
  EXPECT_EQ(m.texts, 2 * texts);
  simulated(m, folder.options()).compile(spreading());
  EXPECT_EQ(m.texts, 2 * texts);
}

TEST(CudaKernels, ADamagedEntryIsSaidOnceAndMadeAgain) {
  MONOGRAPH_NEEDS_SIMULATION();
  const CacheFolder folder;
  SimulatedMachine m;
  simulated(m, folder.options()).compile(spreading());
  const int texts = m.texts;
  int damaged = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder.path))
    if (file.path().extension() == ".cubin" && damaged++ == 0)
      std::filesystem::resize_file(file.path(), std::filesystem::file_size(file.path()) / 2);
  ASSERT_GT(damaged, 1);
  Session session = simulated(m, folder.options());
  session.compile(spreading());
  EXPECT_EQ(m.texts, texts + 1);
  EXPECT_EQ(session.take_warnings().size(), 1u);
}

TEST(CudaKernels, AnImageThatTheCompilerFindsDamagedIsMadeAgain) {
  MONOGRAPH_NEEDS_SIMULATION();
  const CacheFolder folder;
  SimulatedMachine m;
  simulated(m, folder.options()).compile(spreading());
  const int texts = m.texts;
  m.image_damage = "section 3 lies outside the file";
  Session session = simulated(m, folder.options());
  session.compile(spreading());
  EXPECT_EQ(m.texts, 2 * texts);
  EXPECT_EQ(session.take_warnings(),
            (std::vector<std::string>{"compiled kernels in the cache are damaged: section 3 lies outside the "
                                      "file; they are made again"}));
}

TEST(CudaKernels, ACacheThatChecksMakesThemAgainAndCompares) {
  MONOGRAPH_NEEDS_SIMULATION();
  const CacheFolder folder;
  SimulatedMachine m;
  simulated(m, folder.options()).compile(spreading());
  const int texts = m.texts;
  SessionOptions check = folder.options();
  check.cache = CacheUse::Check;
  const Graph graph = ring(10);
  expect_same(simulated(m, check).run(spreading(), graph), reference(spreading(), graph));
  EXPECT_EQ(m.texts, 2 * texts);
  m.image_end = "other";
  const std::string text = error_of<InternalError>([&] { simulated(m, check).compile(spreading()); });
  EXPECT_TRUE(text.starts_with("compiled kernels in the cache are not what their text gives now: ")) << text;
  EXPECT_NE(text.find("15 bytes kept, 20 made; monograph cache clear"), std::string::npos) << text;
  m.compiler_missing = "NVRTC is not here";
  expect_same(simulated(m, check).run(spreading(), graph), reference(spreading(), graph));
}

TEST(CudaKernels, NvrtcMakesWhatIsLoaded) {
  const auto nvrtc = cuda::Nvrtc::find();
  if (!nvrtc.nvrtc) GTEST_SKIP() << nvrtc.reason;
  FakeRuntime runtime;
  const auto cache = std::make_shared<plan::Cache>(plan::CacheOptions{.mode = plan::CacheMode::Memory});
  const auto compiler = std::make_shared<cuda::NvrtcCompiler>(90, 2, "13.0", "");
  for (const bool again : {false, true}) {
    cuda::KernelStore store(runtime, compiler, cache);
    auto plan = std::make_shared<cuda::PreparedPlan>(std::make_shared<const plan::Plan>(
        *plan::compile(spreading().ir(), {.level = 2, .disabled = {}, .fast_math = false, .observe = {}},
                       nullptr, {})
             .plan));
    cuda::PreparedPlan* const plans[] = {plan.get()};
    cuda::PreparedPlan::prepare(plans, store);
    EXPECT_EQ(store.compiled() == 0, again) << "the second store finds them in the cache";
    EXPECT_GT(runtime.alive(), 1u);
  }
  EXPECT_EQ(runtime.alive(), 0u);
  EXPECT_FALSE(compiler->damage({}).empty());
}

TEST(CudaKernels, ATextThatDoesNotCompileIsKeptWithItsLog) {
  SimulatedMachine m;
  m.compiler_fails = "device.cu(1): error: this is the log";
  Session session = simulated(m);
  const std::string text = error_of<InternalError>([&] { session.compile(spreading()); });
  const std::string mark = "the text, with the compiler's log, is in ";
  ASSERT_NE(text.find(mark), std::string::npos) << text;
  const std::string file = text.substr(text.find(mark) + mark.size());
  std::ifstream in(file);
  const std::string kept(std::istreambuf_iterator<char>(in), {});
  EXPECT_NE(kept.find("__global__"), std::string::npos);
  EXPECT_NE(kept.find("this is the log"), std::string::npos);
  std::filesystem::remove(file);
}

}  // namespace
}  // namespace monograph::test
