// Loops that compute only the rows that read a changed one: which loops may, and that nobody notices.
#include "host/plan/active_set.h"

#include <gtest/gtest.h>
#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <cmath>
#include <functional>
#include <limits>

#include "host/plan/compile.h"
#include "unit/active_programs.h"

using namespace monograph;
using namespace monograph::testing;

namespace {

/// Compilations take most of the test's time: one of each kind of text.
bool is_compiled(const ActiveCase& c) {
  for (const char* name : {"bfs", "relaxation", "only near ones", "only light edges", "plain search",
                           "least label", "widest path", "heard of", "core", "keeps its label"})
    if (c.name == name) return true;
  return false;
}

plan::ActiveSetAnswer answer(const Program& p) {
  const plan::Plan plan = *plan::compile(p.ir()).plan;
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i)
    if (plan.blocks[0].steps[i].kind == plan::Step::Kind::While) return plan::active_set(plan, 0, i);
  return {{}, "no loop"};
}

/// Compiled code is kept in a folder of the test, so that each program is compiled once.
SessionOptions way(CpuTier tier, ActiveRows rows, int threads) {
  return {.backend = "cpu",
          .cpu_tier = tier,
          .active_rows = rows,
          .threads = threads,
          .cache = tier == CpuTier::Native ? CacheUse::On : CacheUse::Off,
          .cache_folder = ::testing::TempDir() + "active_set_cache"};
}

void expect_the_same(const Program& p, const Graph& g, const std::string& what, bool native) {
  const std::string want = active_outcome({.backend = "reference"}, p, g);
  for (const CpuTier tier : {CpuTier::Tiles, CpuTier::Native})
    for (const ActiveRows rows : {ActiveRows::Never, ActiveRows::Always, ActiveRows::Auto})
      for (const int threads : {1, 3}) {
        if (tier == CpuTier::Native && !native) continue;
        EXPECT_TRUE(active_outcome(way(tier, rows, threads), p, g) == want)
            << what << (tier == CpuTier::Tiles ? ", tiles, " : ", native, ") << static_cast<int>(rows) << ", "
            << threads << " threads";
      }
}

}  // namespace

TEST(ActiveSet, FollowsFromTheProgram) {
  const auto of = [](const Program& p) { return answer(p).set.value(); };
  const plan::ActiveSet search = of(bfs());
  EXPECT_TRUE(search.reads_in && !search.reads_out && search.settles);
  ASSERT_TRUE(search.offers);
  EXPECT_TRUE(search.offers->bounded && search.offers->uniform);
  EXPECT_EQ(search.offers->combine, ops::MonoidKind::Min);
  const plan::ActiveSet paths = of(active_loop(odd_numbers, relaxation));
  ASSERT_TRUE(paths.offers);
  EXPECT_FALSE(paths.offers->bounded || paths.offers->uniform) << "weights differ from edge to edge";
  const plan::ActiveSet components = of(active_loop(indices, least_label));
  EXPECT_TRUE(components.reads_in && components.reads_out && components.offers && components.offers->bounded);
  const plan::ActiveSet labels = of(cdlp());
  EXPECT_TRUE(labels.settles && !labels.offers) << "a mode is no order";
  for (const ActiveCase& c : active_cases())
    EXPECT_TRUE(answer(c.program).set) << c.name << ": " << answer(c.program).reason;
}

TEST(ActiveSet, IsRefusedWithItsReason) {
  const auto reason = [](const auto& step) { return answer(active_loop(indices, step)).reason; };
  EXPECT_EQ(answer(pagerank()).reason.empty(), false);
  EXPECT_EQ(reason([](const GraphRef&, const Value& x) { return take(x, x); }),
            "its group combines no neighbourhoods");
  EXPECT_FALSE(answer(active_loop(indices, [](const GraphRef& g, const Value& x) {
                 return min(take(x, safe_idiv(g.node_index(), 2)), g.in_min(x));
               })).set);

  ProgramBuilder p("numbered");
  const GraphRef g = p.graph();
  Variable level = p.variable(as_i64(g.node_index()));
  p.loop(5, [&] { level = g.in_min(level) + p.iteration(); });
  p.output("level", level);
  EXPECT_EQ(answer(p.build()).reason, "its rows read the number of the iteration");
}

/// A search that is not guarded wraps where it should stop, so that its order is not kept: rows are computed,
/// values not offered.
TEST(ActiveSet, OffersOnlyWhatKeepsTheOrder) {
  const auto of = [](const auto& step) {
    return answer(active_loop(indices, step)).set.value().offers.has_value();
  };
  const std::int64_t last = std::numeric_limits<std::int32_t>::max();
  EXPECT_TRUE(of([&](const GraphRef& g, const Value& x) { return min(x, g.in_min(x)); }));
  EXPECT_FALSE(of([&](const GraphRef& g, const Value& x) { return min(x, g.in_min(x) + 1); }));
  EXPECT_TRUE(of([&](const GraphRef& g, const Value& x) {
    const Value m = g.in_min(x);
    return min(x, where(m == last, last, m + 1));
  }));
  EXPECT_FALSE(of([&](const GraphRef& g, const Value& x) {
    const Value m = g.in_min(x);
    return min(x, where(m == last, last, m + 2));
  }));
  EXPECT_FALSE(of([&](const GraphRef& g, const Value& x) {
    const Value m = g.in_min(x);
    return min(x, where(m == last - 1, last, m + 1));
  }));
  EXPECT_FALSE(of([&](const GraphRef& g, const Value& x) { return max(x, g.in_min(x)); })) << "two orders";
  EXPECT_FALSE(of([&](const GraphRef& g, const Value& x) { return min(x, neg(g.in_min(x))); }));
}

TEST(ActiveSet, NobodyNoticesOnOddGraphs) {
  const std::vector<Graph> graphs = odd_graphs();
  for (const ActiveCase& c : active_cases())
    for (std::size_t i = 0; i < graphs.size(); ++i)
      expect_the_same(c.program, graphs[i], c.name + " on graph " + std::to_string(i),
                      i == 7 && is_compiled(c));
}

TEST(ActiveSet, NobodyNoticesOnLargerGraphs) {
  const Graph graphs[] = {weighted("gen:rmat:10:8"), weighted("gen:grid:40:50"), weighted("gen:path:3000")};
  for (const ActiveCase& c : active_cases())
    for (const Graph& g : graphs) expect_the_same(c.program, g, c.name, is_compiled(c));
}

/// With all rows in each iteration this would take ten thousand million steps.
TEST(ActiveSet, ALongPathTakesAsManyStepsAsItHasNodes) {
  constexpr std::int64_t kNodes = 100000;
  const Graph path = weighted("gen:path:" + std::to_string(kNodes));
  // weights 0.1 ... 3.1 by turns of 13 edges, from the start of the path
  double length = 0;
  for (std::int64_t e = 0; e + 1 < kNodes; ++e) length += path.edge_attribute("weight")->span<double>()[e];
  for (const auto& [p, far] :
       {std::pair(bfs(), std::to_string(kNodes - 1)), std::pair(sssp(), to_string(Constant::of(length)))}) {
    Session s({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
    const Result r = s.run(s.compile(p), path);
    EXPECT_TRUE(r.converged);
    EXPECT_EQ(to_string(r.outputs()[0].column.at(kNodes - 1)), far);
  }
}
