// Bugs that an older compiler of this kind had, each with a test of its name that fails on it:
//   Bug01 operands of a - b sorted             regressions_passes_test.cpp
//   Bug02 a factor moved into an aggregate     regressions_passes_test.cpp
//   Bug03 a carried slot freed too early       here
//   Bug04 carried values copied one by one     regressions_passes_test.cpp
//   Bug05 iterations that read the first value regressions_passes_test.cpp
//   Bug06 fusion deleted what a loop names     here
//   Bug07 loops dropped or put in order        regressions_passes_test.cpp
//   Bug08 scratch that leaks into the next run here
//   Bug09 the number of nodes in a plan        session_cache_test.cpp
//   Bug10 weights and direction dropped        here
//   Bug11 a slow path that nobody is told of   here
//   Bug12 several rules for division by zero   here
//   Bug13 results stored as f32                session_cache_test.cpp
//   Bug14 a tolerance that was made wider      here
// Expected values are worked out by hand or by the loops written out in C++.
#include "regressions.h"

#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/io.h>

#include <bit>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <optional>

using namespace monograph;
using monograph::testing::every_way;
using monograph::testing::values;
using monograph::testing::Way;

namespace {

using Reals = std::vector<double>;

/// 0 -> 1 -> 2 -> 3 -> 0 and 0 -> 2, node attribute x = 1, 2, 3, 4, edge attribute w = 2, 3, 5, 7, 11 in the
/// order of edges: 0-1, 0-2, 1-2, 2-3, 3-0.
Graph small() {
  Graph g = Graph::from_edges(
      {.source = {0, 0, 1, 2, 3}, .target = {1, 2, 2, 3, 0}, .attributes = {}, .ids = NodeIds::dense(4)});
  const Reals x{1, 2, 3, 4}, w{2, 3, 5, 7, 11};
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  g.set_edge_attribute("w", Column::of(std::span<const double>(w)));
  return g;
}

/// in_sum on small()
Reals in_sum(const Reals& v) { return {v[3], v[0], v[0] + v[1], v[2]}; }

std::vector<std::uint64_t> bits(std::span<const double> values) {
  std::vector<std::uint64_t> out;
  for (const double v : values) out.push_back(std::bit_cast<std::uint64_t>(v));
  return out;
}

/// A variable of the environment, until the end of the scope.
class Environment {
 public:
  Environment(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Environment() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

}  // namespace

TEST(Regression, EachOfTheFourteenBugsHasATest) {
  std::string names;
  const ::testing::UnitTest& all = *::testing::UnitTest::GetInstance();
  for (int s = 0; s < all.total_test_suite_count(); ++s)
    for (int t = 0; t < all.GetTestSuite(s)->total_test_count(); ++t)
      names += std::string(" ") + all.GetTestSuite(s)->GetTestInfo(t)->name();
  for (int bug = 1; bug <= 14; ++bug) {
    const std::string name = std::string(bug < 10 ? " Bug0" : " Bug") + std::to_string(bug);
    EXPECT_NE(names.find(name), names.npos) << "no test is called" << name;
  }
}

// `kept` and `a` are last mentioned at the top of the body, and a good number of columns come after them.
TEST(Regression, Bug03SlotsOfALoopLiveToTheNextIteration) {
  ProgramBuilder b("late");
  const GraphRef g = b.graph();
  const Value x = g.load_node("x"), kept = g.in_sum(x);  // read in the loop only
  Variable a = b.variable(x), c = b.variable(kept), unchanged = b.variable(g.out_sum(x));
  b.loop(3, [&] {
    const Value first = g.in_sum(a) + kept + unchanged;
    const Value second = g.in_sum(first), third = g.in_sum(second), fourth = g.in_sum(third);
    b.loop(2, [&] { c = g.in_sum(c) + fourth; });
    a = second - third;
    unchanged = unchanged + 0.0;
  });
  b.output("a", a), b.output("c", c);

  Reals a_is{1, 2, 3, 4}, c_is = in_sum(a_is);
  const Reals kept_is = c_is, unchanged_is{5, 3, 4, 1};
  for (int i = 0; i < 3; ++i) {
    Reals first = in_sum(a_is);
    for (int v = 0; v < 4; ++v) first[v] += kept_is[v] + unchanged_is[v];
    const Reals second = in_sum(first), third = in_sum(second), fourth = in_sum(third);
    for (int j = 0; j < 2; ++j) {
      c_is = in_sum(c_is);
      for (int v = 0; v < 4; ++v) c_is[v] += fourth[v];
    }
    for (int v = 0; v < 4; ++v) a_is[v] = second[v] - third[v];
  }
  const Program program = b.build();
  const Graph graph = small();
  for (const Way& way : every_way(true)) {
    SCOPED_TRACE(way.name);
    const Result r = Session(way.options).run(program, graph);
    EXPECT_EQ(values<double>(r, "a"), a_is);
    EXPECT_EQ(values<double>(r, "c"), c_is);
  }
}

// `half` disappears into the kernel that gathers it, but it is also what the loop carries, what its condition
// reads and what is left afterwards.
TEST(Regression, Bug06WhatALoopNamesOutlivesItsFusion) {
  ProgramBuilder b("named");
  const GraphRef g = b.graph();
  Variable y = b.variable(g.load_node("x")), half = b.variable(y * 0.5), total = b.variable(b.constant(0.0));
  b.while_loop([&] { return reduce_max(half) < 20.0; }, 9,
               [&] {
                 const Value scaled = y * 0.5 + 1.0;
                 y = g.in_sum(scaled);
                 half = scaled;
                 total = total + sum(scaled);
               });
  b.output("y", y), b.output("half", half), b.output("total", total), b.output("after", half * y);

  Reals y_is{1, 2, 3, 4}, half_is{.5, 1, 1.5, 2}, after(4);
  double total_is = 0;
  std::int64_t iterations = 0;
  while (*std::ranges::max_element(half_is) < 20 && iterations < 9) {
    for (int v = 0; v < 4; ++v) half_is[v] = y_is[v] * 0.5 + 1, total_is += half_is[v];
    y_is = in_sum(half_is), ++iterations;
  }
  for (int v = 0; v < 4; ++v) after[v] = half_is[v] * y_is[v];
  const Program program = b.build();
  const Graph graph = small();
  for (const Way& way : every_way(true)) {
    SCOPED_TRACE(way.name);
    const Result r = Session(way.options).run(program, graph);
    EXPECT_EQ(r.iterations, iterations);
    EXPECT_EQ(values<double>(r, "y"), y_is);
    EXPECT_EQ(values<double>(r, "half"), half_is);
    EXPECT_EQ(values<double>(r, "after"), after);
    EXPECT_EQ(r.scalar<double>("total"), total_is);
  }
}

// Everything that accumulates: sums, counts, scattered elements, carried values; and a run that is cut short.
TEST(Regression, Bug08RunsLeaveNothingBehind) {
  ProgramBuilder b("again");
  const GraphRef g = b.graph();
  const Value bad = b.parameter("bad", 1e9);
  const Value index = g.node_index();
  Variable y = b.variable(cast(index, ScalarType::F64) + 1.0), total = b.variable(b.constant(0.0));
  b.loop(4, [&] {
    total = total + sum(y);
    b.check(y > bad, "too much");
    y = g.in_sum(y * 0.5) + cast(g.neighbor_agg(y > 2.0, Aggregate::Count), ScalarType::F64);
  });
  b.output("y", y), b.output("total", total);
  const Value to = where(index > 1, 0, index);
  b.output("scattered", scatter_reduce(y, to, Monoid::Sum));
  b.output("counted", scatter_reduce(cast(y, ScalarType::I64), to, Monoid::Sum));
  const Program program = b.build();
  const Graph graphs[] = {small(), read_graph("gen:karate"), read_graph("gen:rmat:7:4"),
                          read_graph("gen:path:2")};
  Session oracle({.backend = "reference"});
  for (const Way& way : every_way(true)) {
    Session session(way.options);
    const Executable run = session.compile(program);
    for (const int graph : {0, 0, 1, 0, 2, 2, 3, 1, 0}) {
      SCOPED_TRACE(way.name + ", graph " + std::to_string(graph));
      const Result expected = oracle.run(program, graphs[graph]), r = session.run(run, graphs[graph]);
      for (const char* name : {"y", "total", "scattered"})
        EXPECT_EQ(bits(r.column<double>(name)), bits(expected.column<double>(name))) << name;
      EXPECT_EQ(values<std::int64_t>(r, "counted"), values<std::int64_t>(expected, "counted"));
      EXPECT_THROW(session.run(run, graphs[graph], {{"bad", Constant::of(1.9)}}), RuntimeError);
    }
  }
}

TEST(Regression, Bug10WeightsAndDirectionsCount) {
  ProgramBuilder b("weights");
  const GraphRef g = b.graph();
  const Value x = g.load_node("x"), w = g.load_edge("w");
  const std::pair<const char*, Direction> directions[] = {
      {"in", Direction::In}, {"out", Direction::Out}, {"both", Direction::Both}};
  for (const auto& entry : directions) {
    const char* const name = entry.first;
    const Direction direction = entry.second;  // clang 14 captures no structured binding
    b.output(name, g.neighbor_agg(x, Aggregate::Sum, {.direction = direction}));
    b.output(name + std::string(" w"),
             g.neighbor_agg(x, Aggregate::Sum, {.direction = direction, .weights = w}));
    b.output(name + std::string(" min"),
             g.neighbor_agg(x, Aggregate::Min, {.direction = direction, .weights = w}));
    b.output(name + std::string(" degree"), g.degree(direction, w));
    Variable y = b.variable(x);  // in a loop the factor may move to the iteration before
    b.loop(2, [&] { y = g.neighbor_agg(y * 2.0, Aggregate::Sum, {.direction = direction, .weights = w}); });
    b.output(name + std::string(" loop"), y);
  }
  b.output("src", g.reduce_edges(g.gather_src(x) * w, EdgeEnd::Src, Monoid::Sum));
  b.output("dst", g.reduce_edges(g.gather_dst(x) + w, EdgeEnd::Dst, Monoid::Max));
  const std::pair<const char*, Reals> expected[] = {
      {"in", {4, 1, 3, 3}},
      {"out", {5, 3, 4, 1}},
      {"both", {9, 4, 7, 4}},
      {"in w", {44, 2, 13, 21}},
      {"out w", {13, 15, 28, 11}},
      {"both w", {57, 17, 41, 32}},
      {"in min", {44, 2, 3, 21}},
      {"out min", {4, 15, 28, 11}},
      {"both min", {4, 2, 3, 11}},
      {"in degree", {11, 2, 8, 7}},
      {"out degree", {5, 5, 7, 11}},
      {"both degree", {16, 7, 15, 18}},
      // of 88 4 26 42; of 26 30 56 22; of 114 34 82 64
      {"in loop", {924, 352, 568, 364}},
      {"out loop", {456, 560, 308, 572}},
      {"both loop", {2036, 1276, 1920, 3656}},
      {"src", {5, 10, 21, 44}},
      {"dst", {12, 4, 8, 11}},
  };
  const Program program = b.build();
  const Graph graph = small();
  for (const Way& way : every_way(true)) {
    SCOPED_TRACE(way.name);
    const Result r = Session(way.options).run(program, graph);
    for (const auto& [name, is] : expected) EXPECT_EQ(values<double>(r, name), is) << name;
  }
}

TEST(Regression, Bug11EveryResultSaysHowItRanAndWhy) {
  const Graph graph = small();
  const Program program = find_algorithm("wcc")->make();
  const auto run = [&](CpuTier tier) {
    return Session({.backend = "cpu", .cpu_tier = tier, .cache = CacheUse::Off}).run(program, graph);
  };
  Result r = run(CpuTier::Tiles);
  EXPECT_EQ(r.backend, "cpu");
  EXPECT_EQ(r.backend_reason, "asked for");
  EXPECT_EQ(r.tier, "tiles");
  EXPECT_EQ(r.tier_reason, "asked for");
  r = run(CpuTier::Auto);
  EXPECT_EQ(r.tier, "tiles");
  EXPECT_EQ(r.tier_reason, "auto: first run of this plan");
  {  // asked for, and not to be had
    const Environment compiler("CXX", "/nonexistent/c++"), path("PATH", "");
    r = run(CpuTier::Native);
  }
  EXPECT_EQ(r.tier, "tiles");
  EXPECT_TRUE(r.tier_reason.starts_with("native is not available: ")) << r.tier_reason;
  EXPECT_NE(r.tier_reason.find("/nonexistent/c++"), std::string::npos) << r.tier_reason;
  EXPECT_EQ(r.tier_reason.find('\n'), std::string::npos);
  r = Session({.backend = "auto", .cache = CacheUse::Off}).run(program, graph);
  EXPECT_EQ(r.backend, "cpu");
  EXPECT_TRUE(r.backend_reason.starts_with("auto: ")) << r.backend_reason;
  EXPECT_THROW(Session({.backend = "gpu"}), UsageError);
}

// Of constants (which fold), of parameters (which cannot) and of columns (vector code).
TEST(Regression, Bug12DivisionByZeroHasOneRule) {
  constexpr double kInf = std::numeric_limits<double>::infinity();
  ProgramBuilder b("zeros");
  const GraphRef g = b.graph();
  std::vector<std::pair<std::string, std::optional<double>>> expected;  // none: NaN
  const auto add = [&](const std::string& name, const Value& v, std::optional<double> is) {
    b.output(name, cast(v, ScalarType::F64));
    expected.push_back({name, is});
  };
  const auto operations = [&](const std::string& kind, const auto& real, const auto& whole) {
    const Value zero = real(0.0), none = whole(0), minus = whole(-7);
    add(kind + " 1/0", real(1.0) / zero, kInf), add(kind + " -1/0", real(-1.0) / zero, -kInf);
    add(kind + " 1/-0", real(1.0) / real(-0.0), -kInf), add(kind + " 0/0", zero / zero, std::nullopt);
    add(kind + " safe", safe_div(real(1.0), zero, 4.0), 4),
        add(kind + " safe -0", safe_div(real(1.0), real(-0.0), 4.0), 4);
    add(kind + " i/0", minus / none, -kInf), add(kind + " idiv", safe_idiv(minus, none), 0);
    add(kind + " mod", safe_mod(minus, none), 0), add(kind + " fmod", safe_mod(real(3.0), zero), 0);
  };
  operations(
      "constant", [&](double v) { return b.constant(v); }, [&](int v) { return b.constant(v); });
  int n = 0;
  const auto name = [&] { return "p" + std::to_string(n++); };
  operations(
      "parameter", [&](double v) { return b.parameter(name(), v); },
      [&](int v) { return b.parameter(name(), v); });
  const Value zeros = g.load_node("x") - g.load_node("x");
  operations(
      "column", [&](double v) { return std::signbit(v) && v == 0 ? -zeros : zeros + v; },
      [&](int v) { return cast(zeros, ScalarType::I64) + v; });
  const Program program = b.build();
  const Graph graph = small();
  for (const Way& way : every_way(true)) {
    SCOPED_TRACE(way.name);
    const Result r = Session(way.options).run(program, graph);
    for (const auto& [output, is] : expected)
      for (const double v : r.column<double>(output)) {
        if (is)
          EXPECT_EQ(std::bit_cast<std::uint64_t>(v), std::bit_cast<std::uint64_t>(*is))
              << output << ": " << v;
        else
          EXPECT_TRUE(std::isnan(v)) << output << ": " << v;
      }
  }
}

// The old one drifted by 5 % and its tolerance was made wide enough. Here there is none.
TEST(Regression, Bug14PageRankIsTheSameToTheLastBit) {
  const Program program = find_algorithm("pagerank")->make();
  for (const char* source : {"gen:karate", "gen:rmat:9:8", "gen:path:70"}) {
    const Graph graph = read_graph(source);
    for (const Parameters& parameters :
         {Parameters{},
          Parameters{{"max_iterations", Constant::of(std::int64_t{37})}, {"tolerance", Constant::of(0.0)}}}) {
      const Result expected = Session({.backend = "reference"}).run(program, graph, parameters);
      double total = 0;
      for (const double rank : expected.column<double>("rank")) total += rank;
      EXPECT_NEAR(total, 1, 1e-12);
      for (const Way& way :
           every_way(source == std::string("gen:karate") && parameters.constants().empty())) {
        SCOPED_TRACE(way.name + " on " + source);
        const Result r = Session(way.options).run(program, graph, parameters);
        EXPECT_EQ(bits(r.column<double>("rank")), bits(expected.column<double>("rank")));
        EXPECT_EQ(r.iterations, expected.iterations);
      }
    }
  }
}
