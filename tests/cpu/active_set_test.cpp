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

using namespace monograph;

namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// next = step(x), until nothing changes or for `most` iterations.
Program loop_of(const std::function<Value(ProgramBuilder&, const GraphRef&)>& first,
                const std::function<Value(const GraphRef&, const Value&)>& step, std::int64_t most = 60) {
  ProgramBuilder p("loop");
  const GraphRef g = p.graph();
  Variable x = p.variable(first(p, g));
  Variable changed = p.variable(true);
  Variable many = p.variable(std::int64_t{0});
  p.while_loop([&] { return changed.value(); }, most,
               [&] {
                 const Value next = step(g, x);
                 changed = any(next != x);
                 many = count(next != x);
                 x = next;
               });
  p.output("x", x);
  p.output("many", many);
  return p.build();
}

Value odd_numbers(ProgramBuilder&, const GraphRef& g) { return g.load_node("x"); }
Value indices(ProgramBuilder&, const GraphRef& g) { return g.node_index(); }
Value a_seventh(ProgramBuilder&, const GraphRef& g) { return safe_mod(g.node_index(), 7) == 3; }

Value least_label(const GraphRef& g, const Value& x) {
  return min(x, g.neighbor_agg(x, Aggregate::Min, {.direction = Direction::Both}));
}

Value relaxation(const GraphRef& g, const Value& x) {
  return min(x, g.reduce_edges(g.gather_src(x) + g.load_edge("weight"), EdgeEnd::Dst, Monoid::Min));
}
/// Nodes offer along all of their edges, or along none.
Value only_near_ones(const GraphRef& g, const Value& x) {
  const Value here = g.gather_src(x);
  return min(x,
             g.reduce_edges(where((here >= 10.0) & (here <= 200.0), here + g.load_edge("weight"), kInfinity),
                            EdgeEnd::Dst, Monoid::Min));
}
/// A condition that differs from edge to edge.
Value only_light_edges(const GraphRef& g, const Value& x) {
  const Value weight = g.load_edge("weight");
  return min(
      x, g.reduce_edges(where(weight < 2.0, g.gather_src(x) + weight, kInfinity), EdgeEnd::Dst, Monoid::Min));
}

struct Case {
  std::string name;
  Program program;
};

/// Compilations take most of the test's time: one of each kind of text.
bool is_compiled(const Case& c) {
  for (const char* name : {"bfs", "relaxation", "only near ones", "only light edges", "least label",
                           "widest path", "heard of", "core", "keeps its label"})
    if (c.name == name) return true;
  return false;
}

/// Every kind of loop that has an active set.
std::vector<Case> cases() {
  std::vector<Case> all{{"bfs", bfs()}, {"cdlp", cdlp()}};
  const auto add = [&](const std::string& name, const auto& first, const auto& step) {
    all.push_back({name, loop_of(first, step)});
  };
  // values of all kinds, NaN, infinities and -0 among them
  add("least of neighbours", odd_numbers,
      [](const GraphRef& g, const Value& x) { return min(x, g.in_min(x)); });
  add("greatest, one step less", odd_numbers, [](const GraphRef& g, const Value& x) {
    return max(x, g.neighbor_agg(x, Aggregate::Max, {.direction = Direction::Out}) + -0.125);
  });
  add("widest path", odd_numbers, [](const GraphRef& g, const Value& x) {
    return max(g.reduce_edges(min(g.gather_src(x), g.load_edge("weight")), EdgeEnd::Dst, Monoid::Max), x);
  });
  add("heard of", a_seventh, [](const GraphRef& g, const Value& x) {
    return x | g.neighbor_agg(x, Aggregate::Any, {.direction = Direction::Out});
  });
  add(
      "heard from all", [](ProgramBuilder&, const GraphRef& g) { return safe_mod(g.node_index(), 7) != 3; },
      [](const GraphRef& g, const Value& x) {
        return x & g.neighbor_agg(x, Aggregate::All, {.direction = Direction::Both});
      });
  add(
      "core", [](ProgramBuilder&, const GraphRef& g) { return g.full(true); },
      [](const GraphRef& g, const Value& x) {
        return x & (g.neighbor_agg(x, Aggregate::Sum, {.direction = Direction::Both}) >= 3);
      });
  add("relaxation", odd_numbers, relaxation);
  add("only near ones", odd_numbers, only_near_ones);
  add("only light edges", odd_numbers, only_light_edges);
  add("least label", indices, least_label);
  add("keeps its label", indices, [](const GraphRef& g, const Value& x) {
    return g.neighbor_mode(x, {.direction = Direction::Both, .ties = Ties::Keep});
  });
  add("votes too", indices, [](const GraphRef& g, const Value& x) {
    return g.neighbor_mode(x, {.ties = Ties::Highest, .include_self = true});
  });
  add("average", odd_numbers, [](const GraphRef& g, const Value& x) { return g.in_mean(x) * 0.5 + x; });
  add("farthest neighbour", indices, [](const GraphRef& g, const Value& x) {
    return max(x, g.neighbor_agg(x, Aggregate::ArgMax, {.direction = Direction::Out}));
  });
  return all;
}

plan::ActiveSetAnswer answer(const Program& p) {
  const plan::Plan plan = *plan::compile(p.ir()).plan;
  for (std::size_t i = 0; i < plan.blocks[0].steps.size(); ++i)
    if (plan.blocks[0].steps[i].kind == plan::Step::Kind::While) return plan::active_set(plan, 0, i);
  return {{}, "no loop"};
}

/// Everything that a run shows.
std::string outcome(const SessionOptions& options, const Program& p, const Graph& g) {
  Session session(options);
  const Executable e = session.compile(p);
  std::string s;
  for (int turn = 0; turn < 2; ++turn) {
    const Result r = session.run(e, g);
    if (options.cpu_tier == CpuTier::Native) EXPECT_EQ(r.tier, "native") << r.tier_reason;
    s += std::to_string(r.iterations) + (r.converged ? " converged\n" : " stopped\n");
    for (const Output& o : r.outputs()) {
      s += o.name;
      for (std::int64_t i = 0; i < o.column.size(); ++i) {
        const std::string element = to_string(o.column.at(i));
        s += " " + (element.starts_with("nan") ? std::string("nan") : element);  // all NaN are one
      }
      s += "\n";
    }
  }
  return s;
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
  const std::string want = outcome({.backend = "reference"}, p, g);
  for (const CpuTier tier : {CpuTier::Tiles, CpuTier::Native})
    for (const ActiveRows rows : {ActiveRows::Never, ActiveRows::Always, ActiveRows::Auto})
      for (const int threads : {1, 3}) {
        if (tier == CpuTier::Native && !native) continue;
        EXPECT_TRUE(outcome(way(tier, rows, threads), p, g) == want)
            << what << (tier == CpuTier::Tiles ? ", tiles, " : ", native, ") << static_cast<int>(rows) << ", "
            << threads << " threads";
      }
}

/// Values that are not like others at some nodes, and positive weights.
Graph with_attributes(Graph g, bool with_nan) {
  std::vector<double> w, x;
  for (std::int64_t e = 0; e < g.edge_count(); ++e)
    w.push_back(0.25 * static_cast<double>(e * 7919 % 13) + 0.1);
  for (std::int64_t v = 0; v < g.node_count(); ++v)
    x.push_back(v % 11 == 4               ? -kInfinity
                : v % 13 == 5             ? kInfinity
                : with_nan && v % 17 == 3 ? std::nan("")
                : v % 5 == 1              ? -0.0
                                          : static_cast<double>(v * 7919 % 1009));
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

Graph weighted(const std::string& generator) { return with_attributes(read_graph(generator), false); }

Graph edges(std::int32_t nodes, std::vector<std::int32_t> source, std::vector<std::int32_t> target,
            bool undirected = false) {
  return with_attributes(Graph::from_edges({.source = std::move(source),
                                            .target = std::move(target),
                                            .attributes = {},
                                            .ids = NodeIds::dense(nodes),
                                            .undirected = undirected}),
                         true);
}

/// Directed and lopsided, with loops, repeated edges, sinks, isolated nodes; a hub; nothing at all.
std::vector<Graph> odd_graphs() {
  std::vector<std::int32_t> hub(40, 0), rest(40), a, b;
  for (std::int32_t v = 0; v < 40; ++v) rest[static_cast<std::size_t>(v)] = v + 1;
  for (std::int32_t i = 0; i < 700; ++i) a.push_back(i * 31 % 190), b.push_back(i * i % 200);
  return {edges(0, {}, {}),
          edges(1, {}, {}),
          edges(1, {0}, {0}),
          edges(6, {0, 0, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 0, 4, 0}),
          edges(6, {0, 0, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 0, 4, 0}, true),
          edges(41, hub, rest),
          edges(41, rest, hub),
          edges(200, a, b),
          edges(200, a, b, true)};
}

}  // namespace

TEST(ActiveSet, FollowsFromTheProgram) {
  const auto of = [](const Program& p) { return answer(p).set.value(); };
  const plan::ActiveSet search = of(bfs());
  EXPECT_TRUE(search.reads_in && !search.reads_out && search.settles);
  ASSERT_TRUE(search.offers);
  EXPECT_TRUE(search.offers->bounded && search.offers->uniform);
  EXPECT_EQ(search.offers->combine, ops::MonoidKind::Min);
  const plan::ActiveSet paths = of(loop_of(odd_numbers, relaxation));
  ASSERT_TRUE(paths.offers);
  EXPECT_FALSE(paths.offers->bounded || paths.offers->uniform) << "weights differ from edge to edge";
  const plan::ActiveSet components = of(loop_of(indices, least_label));
  EXPECT_TRUE(components.reads_in && components.reads_out && components.offers && components.offers->bounded);
  const plan::ActiveSet labels = of(cdlp());
  EXPECT_TRUE(labels.settles && !labels.offers) << "a mode is no order";
  for (const Case& c : cases())
    EXPECT_TRUE(answer(c.program).set) << c.name << ": " << answer(c.program).reason;
}

TEST(ActiveSet, IsRefusedWithItsReason) {
  const auto reason = [](const auto& step) { return answer(loop_of(indices, step)).reason; };
  EXPECT_EQ(answer(pagerank()).reason.empty(), false);
  EXPECT_EQ(reason([](const GraphRef&, const Value& x) { return take(x, x); }),
            "its group combines no neighbourhoods");
  EXPECT_FALSE(answer(loop_of(indices, [](const GraphRef& g, const Value& x) {
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
    return answer(loop_of(indices, step)).set.value().offers.has_value();
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
  for (const Case& c : cases())
    for (std::size_t i = 0; i < graphs.size(); ++i)
      expect_the_same(c.program, graphs[i], c.name + " on graph " + std::to_string(i),
                      i == 7 && is_compiled(c));
}

TEST(ActiveSet, NobodyNoticesOnLargerGraphs) {
  const Graph graphs[] = {weighted("gen:rmat:10:8"), weighted("gen:grid:40:50"), weighted("gen:path:3000")};
  for (const Case& c : cases())
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
