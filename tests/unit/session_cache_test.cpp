// Sessions and what they keep: plans and compiled code found again, plans loaded, damage repaired.
#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <limits>

#include "host/plan/cache.h"
#include "host/plan/compile.h"
#include "host/plan/forms.h"
#include "unit/test_programs.h"

namespace monograph {
namespace {

namespace fs = std::filesystem;

class SessionCache : public ::testing::Test {
 protected:
  SessionCache() {
    std::string name = (fs::temp_directory_path() / "monograph-session-XXXXXX").string();
    root_ = mkdtemp(name.data());
  }
  ~SessionCache() override { fs::remove_all(root_); }

  SessionOptions options(CpuTier tier = CpuTier::Tiles, CacheUse use = CacheUse::On) const {
    return {.backend = "cpu", .cpu_tier = tier, .threads = 1, .cache = use, .cache_folder = root_ / "cache"};
  }
  std::vector<fs::path> entries(const std::string& suffix) const {
    std::vector<fs::path> found;
    for (const auto& file : fs::directory_iterator(root_ / "cache"))
      if (file.path().extension() == suffix) found.push_back(file.path());
    return found;
  }
  static void damage(const fs::path& file) {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    stream.seekg(20);
    const char byte = static_cast<char>(stream.get() ^ 1);
    stream.seekp(20);
    stream.put(byte);
  }

  const Program program_ = find_algorithm("pagerank")->make();
  const Graph graph_ = read_graph("gen:karate");
  fs::path root_;
};

std::vector<std::uint64_t> bits(const Result& r) {
  std::vector<std::uint64_t> all;
  for (const Output& o : r.outputs())
    for (std::int64_t i = 0; i < o.column.size(); ++i) all.push_back(o.column.at(i).bits);
  return all;
}

TEST_F(SessionCache, PlansAreFoundAgainInMemoryAndOnDisk) {
  Session first(options());
  const Result made = first.run(program_, graph_), again = first.run(program_, graph_);
  EXPECT_EQ(made.plan_cache_hits, 0);
  EXPECT_EQ(again.plan_cache_hits, 1);
  Session second(options());
  const Result found = second.run(program_, graph_);
  EXPECT_EQ(found.plan_cache_hits, 1);
  EXPECT_EQ(bits(found), bits(made));
  EXPECT_EQ(entries(".plan").size(), 1u);
  SessionOptions other = options();
  other.level = 1;
  EXPECT_EQ(Session(other).run(program_, graph_).plan_cache_hits, 0);
  EXPECT_EQ(entries(".plan").size(), 2u);
  for (const CacheUse use : {CacheUse::Off, CacheUse::Memory})
    EXPECT_EQ(Session(options(CpuTier::Tiles, use)).run(program_, graph_).plan_cache_hits, 0);
  EXPECT_TRUE(second.take_warnings().empty());
}

TEST_F(SessionCache, ADamagedPlanIsMadeAgainWithOneWarning) {
  const auto expected = bits(Session(options()).run(program_, graph_));
  damage(entries(".plan").at(0));
  Session session(options());
  const Result r = session.run(program_, graph_);
  EXPECT_EQ(r.plan_cache_hits, 0);
  EXPECT_EQ(bits(r), expected);
  EXPECT_EQ(session.take_warnings().size(), 1u);
  EXPECT_EQ(Session(options()).run(program_, graph_).plan_cache_hits, 1);
}

// Whole and well formed, but not what this compiler makes: refused when read, seen by check.
TEST_F(SessionCache, AnotherPlanUnderTheKey) {
  const plan::CacheKey key = plan::plan_key(program_.ir(), {.level = 2});
  const auto leave = [&](const std::string& bytes) {
    plan::Cache({.folder = root_ / "cache"}).keep(key, bytes);
  };
  leave("not a plan");
  Session session(options());
  EXPECT_EQ(session.run(program_, graph_).plan_cache_hits, 0);
  EXPECT_NE(session.take_warnings().at(0).find("expected a plan, found other bytes"), std::string::npos);
  leave(plan::to_bytes(*plan::compile(program_.ir(), {.level = 1}).plan));
  Session checked(options(CpuTier::Tiles, CacheUse::Check));
  EXPECT_THROW(checked.compile(program_), InternalError);
  leave(plan::to_bytes(*plan::compile(program_.ir()).plan));
  EXPECT_EQ(Session(options(CpuTier::Tiles, CacheUse::Check)).run(program_, graph_).plan_cache_hits, 1);
}

TEST_F(SessionCache, CompiledCodeIsFoundAgain) {
  Session first(options(CpuTier::Native));
  const Result made = first.run(program_, graph_);
  if (made.tier != "native") GTEST_SKIP() << made.tier_reason;
  EXPECT_GT(made.compile_ms, 0);
  ASSERT_EQ(entries(".native").size(), 1u);
  Session second(options(CpuTier::Native)), automatic(options(CpuTier::Auto));
  const Result found = second.run(program_, graph_), at_once = automatic.run(program_, graph_);
  EXPECT_EQ(found.tier, "native");
  EXPECT_EQ(found.compile_ms, 0);
  EXPECT_EQ(at_once.tier, "native") << at_once.tier_reason;
  EXPECT_EQ(bits(found), bits(made));
  EXPECT_EQ(bits(at_once), bits(made));
  damage(entries(".native").at(0));
  Session third(options(CpuTier::Native));
  const Result repaired = third.run(program_, graph_);
  EXPECT_GT(repaired.compile_ms, 0);
  EXPECT_EQ(bits(repaired), bits(made));
  EXPECT_EQ(third.take_warnings().size(), 1u);
  EXPECT_EQ(Session(options(CpuTier::Native)).run(program_, graph_).compile_ms, 0);
}

// Both are opened through a descriptor of the same number: the loader must not take the second for the first.
TEST_F(SessionCache, TwoCompiledPlansFromOneCache) {
  const Program degree = find_algorithm("degree")->make();
  std::vector<std::uint64_t> expected[2];
  {
    Session session(options(CpuTier::Native));
    const Result made = session.run(program_, graph_);
    if (made.tier != "native") GTEST_SKIP() << made.tier_reason;
    expected[0] = bits(made), expected[1] = bits(session.run(degree, graph_));
  }
  Session session(options(CpuTier::Native));
  for (const int round : {0, 1}) {
    SCOPED_TRACE(round);
    EXPECT_EQ(bits(session.run(program_, graph_)), expected[0]);
    EXPECT_EQ(bits(session.run(degree, graph_)), expected[1]);
  }
}

// The old system baked the number of nodes into its cached plans.
TEST_F(SessionCache, Bug09OnePlanOnTwoGraphs) {
  Graph graphs[] = {graph_, read_graph("gen:path:3"), read_graph("gen:rmat:6:4"), graph_};
  for (Graph& g : graphs) monograph::testing::add_algorithm_attributes(g);
  Session reference({.backend = "reference"});
  for (const AlgorithmInfo& a : algorithms()) {
    const Program program = a.make();
    for (const bool through_json : {false, true}) {
      Session session(options());
      const Plan plan = *session.compile(program).plan();
      const Executable loaded =
          session.load(through_json ? Plan::from_json(plan.to_json()) : Plan::from_bytes(plan.to_bytes()));
      for (const Graph& graph : graphs)
        EXPECT_EQ(bits(session.run(loaded, graph)), bits(reference.run(program, graph))) << a.name;
    }
  }
}

// The old system stored results as f32. Every bit of an f64 has to pass through a plan and its forms.
TEST_F(SessionCache, Bug13ResultsKeepEveryBitThroughAPlan) {
  ProgramBuilder b("precise");
  const double tiny = std::numeric_limits<double>::denorm_min(), third = 1.0 / 3.0, large = 1e300 / 3;
  const Value given = b.parameter("given", std::nextafter(0.1, 1.0));
  b.output("third", b.graph().full(third));
  b.output("given", given);
  b.output("tiny", b.constant(Constant::of(tiny)));
  b.output("large", b.constant(Constant::of(large)) * 1.0000000000000002);
  b.output("long", b.constant(Constant::of((std::int64_t{1} << 53) + 1)));
  const Program program = b.build();
  for (const int level : {0, 2}) {
    SessionOptions o = options();
    o.level = level;
    Session session(o);
    const Plan plan = *session.compile(program).plan();
    for (const Plan& same : {plan, Plan::from_bytes(plan.to_bytes()), Plan::from_json(plan.to_json())}) {
      const Result r = session.run(session.load(same), graph_);
      for (const double x : r.column<double>("third"))
        EXPECT_EQ(std::bit_cast<std::uint64_t>(x), std::bit_cast<std::uint64_t>(third));
      EXPECT_EQ(r.scalar<double>("given"), std::nextafter(0.1, 1.0));
      EXPECT_EQ(r.scalar<double>("tiny"), tiny);
      EXPECT_EQ(r.scalar<double>("large"), large * 1.0000000000000002);
      EXPECT_EQ(r.scalar<std::int64_t>("long"), (std::int64_t{1} << 53) + 1);
    }
  }
}

TEST_F(SessionCache, LoadedPlansBindParametersAndRunOnEveryBackend) {
  Session session(options());
  const Plan plan = Plan::from_bytes(session.compile(program_).plan()->to_bytes());
  const Parameters parameters{{"damping", Constant::of(0.5)}};
  const auto expected = bits(session.run(session.compile(program_), graph_, parameters));
  EXPECT_EQ(bits(session.run(session.load(plan), graph_, parameters)), expected);
  EXPECT_NE(bits(session.run(session.load(plan), graph_)), expected);
  Session reference({.backend = "reference"});
  EXPECT_EQ(bits(reference.run(reference.load(plan), graph_, parameters)), expected);
  EXPECT_FALSE(reference.compile(program_).plan());
  EXPECT_EQ(session.load(plan).plan_hash(), plan.hash());
  EXPECT_THROW(session.run(session.load(plan), graph_, Parameters{{"damping", Constant::of(2.0)}}),
               UsageError);
}

}  // namespace
}  // namespace monograph
