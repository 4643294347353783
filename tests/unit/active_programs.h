// Loops that need not compute all rows in each iteration, of every kind; and graphs that are hard on them.
#pragma once

#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <cmath>
#include <functional>
#include <limits>

namespace monograph::testing {

/// next = step(x), until nothing changes or for `most` iterations.
inline Program active_loop(const std::function<Value(ProgramBuilder&, const GraphRef&)>& first,
                           const std::function<Value(const GraphRef&, const Value&)>& step,
                           std::int64_t most = 60) {
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

inline Value odd_numbers(ProgramBuilder&, const GraphRef& g) { return g.load_node("x"); }
inline Value indices(ProgramBuilder&, const GraphRef& g) { return g.node_index(); }
inline Value a_seventh(ProgramBuilder&, const GraphRef& g) { return safe_mod(g.node_index(), 7) == 3; }

inline Value least_label(const GraphRef& g, const Value& x) {
  return min(x, g.neighbor_agg(x, Aggregate::Min, {.direction = Direction::Both}));
}

inline Value relaxation(const GraphRef& g, const Value& x) {
  return min(x, g.reduce_edges(g.gather_src(x) + g.load_edge("weight"), EdgeEnd::Dst, Monoid::Min));
}
/// Nodes offer along all of their edges, or along none.
inline Value only_near_ones(const GraphRef& g, const Value& x) {
  const Value here = g.gather_src(x);
  return min(x, g.reduce_edges(where((here >= 10.0) & (here <= 200.0), here + g.load_edge("weight"),
                                     std::numeric_limits<double>::infinity()),
                               EdgeEnd::Dst, Monoid::Min));
}
/// A condition that differs from edge to edge.
inline Value only_light_edges(const GraphRef& g, const Value& x) {
  const Value weight = g.load_edge("weight");
  return min(x, g.reduce_edges(
                    where(weight < 2.0, g.gather_src(x) + weight, std::numeric_limits<double>::infinity()),
                    EdgeEnd::Dst, Monoid::Min));
}

/// A search as one writes it first: nodes that were not reached have nothing to offer.
inline Value one_step_farther(const GraphRef& g, const Value& x) {
  const std::int64_t far = std::numeric_limits<std::int32_t>::max();
  const Value here = g.gather_src(x);
  return min(x, g.reduce_edges(where(here == far, far, here + 1), EdgeEnd::Dst, Monoid::Min));
}

struct ActiveCase {
  std::string name;
  Program program;
};

/// Every kind of loop that has an active set.
inline std::vector<ActiveCase> active_cases() {
  std::vector<ActiveCase> all{{"bfs", bfs()}, {"cdlp", cdlp()}};
  const auto add = [&](const std::string& name, const auto& first, const auto& step) {
    all.push_back({name, active_loop(first, step)});
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
  add(
      "plain search",
      [](ProgramBuilder&, const GraphRef& g) {
        return where(g.node_index() == 0, 0, std::int64_t{std::numeric_limits<std::int32_t>::max()});
      },
      one_step_farther);
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

/// Everything that two runs show.
inline std::string active_outcome(Session& session, const Program& p, const Graph& g) {
  const Executable e = session.compile(p);
  std::string s;
  for (int turn = 0; turn < 2; ++turn) {
    const Result r = session.run(e, g);
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

inline std::string active_outcome(const SessionOptions& options, const Program& p, const Graph& g) {
  Session session(options);
  if (options.cpu_tier == CpuTier::Native)
    if (const Result r = session.run(p, g); r.tier != "native") return "not compiled: " + r.tier_reason;
  return active_outcome(session, p, g);
}

/// Searches from one node after another: the same loop begins again, with other values.
inline Program repeated_searches() {
  ProgramBuilder p("searches");
  const GraphRef g = p.graph();
  const Value far = p.constant(std::numeric_limits<std::int32_t>::max()), v = g.node_index();
  Variable total = p.variable(as_f64(v) * 0.0);
  p.loop(4, [&] {
    Variable x = p.variable(where(v == as_i32(p.iteration()) * 3, 0, far));
    Variable changed = p.variable(true);
    p.while_loop([&] { return changed.value(); }, 1000,
                 [&] {
                   const Value near = g.in_min(x);
                   const Value next = min(x, where(near == far, far, near + 1));
                   changed = any(next != x);
                   x = next;
                 });
    total = total + where(x == far, 0.5, as_f64(x.value()));
  });
  p.output("total", total);
  return p.build();
}

/// Values that are not like others at some nodes, and positive weights.
inline Graph with_odd_attributes(Graph g, bool with_nan) {
  std::vector<double> w, x;
  for (std::int64_t e = 0; e < g.edge_count(); ++e)
    w.push_back(0.25 * static_cast<double>(e * 7919 % 13) + 0.1);
  for (std::int64_t v = 0; v < g.node_count(); ++v)
    x.push_back(v % 11 == 4               ? -std::numeric_limits<double>::infinity()
                : v % 13 == 5             ? std::numeric_limits<double>::infinity()
                : with_nan && v % 17 == 3 ? std::nan("")
                : v % 5 == 1              ? -0.0
                                          : static_cast<double>(v * 7919 % 1009));
  g.set_edge_attribute("weight", Column::of(std::span<const double>(w)));
  g.set_node_attribute("x", Column::of(std::span<const double>(x)));
  return g;
}

inline Graph weighted(const std::string& generator) {
  return with_odd_attributes(read_graph(generator), false);
}

inline Graph odd_graph(std::int32_t nodes, std::vector<std::int32_t> source, std::vector<std::int32_t> target,
                       bool undirected = false) {
  return with_odd_attributes(Graph::from_edges({.source = std::move(source),
                                                .target = std::move(target),
                                                .attributes = {},
                                                .ids = NodeIds::dense(nodes),
                                                .undirected = undirected}),
                             true);
}

/// Directed and lopsided, with loops, repeated edges, sinks, isolated nodes; a hub; nothing at all.
inline std::vector<Graph> odd_graphs() {
  std::vector<std::int32_t> hub(40, 0), rest(40), a, b;
  for (std::int32_t v = 0; v < 40; ++v) rest[static_cast<std::size_t>(v)] = v + 1;
  for (std::int32_t i = 0; i < 700; ++i) a.push_back(i * 31 % 190), b.push_back(i * i % 200);
  return {odd_graph(0, {}, {}),
          odd_graph(1, {}, {}),
          odd_graph(1, {0}, {0}),
          odd_graph(6, {0, 0, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 0, 4, 0}),
          odd_graph(6, {0, 0, 1, 2, 2, 3, 3}, {1, 1, 2, 2, 0, 4, 0}, true),
          odd_graph(41, hub, rest),
          odd_graph(41, rest, hub),
          odd_graph(200, a, b),
          odd_graph(200, a, b, true)};
}

}  // namespace monograph::testing
