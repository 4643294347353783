#include "bench/peers/cases.h"

#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph::bench::peers {
namespace {

constexpr int kSamples = 4;  // of betweenness, as in the GAP Benchmark Suite
constexpr double kTolerance = 1e-10;

Parameters nothing(const Question&, const Graph&) { return {}; }
Parameters iterate(const Question& q, const Graph&) {
  Parameters values;
  values.set("max_iterations", q.iterations);
  if (q.algorithm == "pagerank") values.set("tolerance", 0.0);
  return values;
}
Parameters converge(const Question& q, const Graph&) {
  return Parameters().set("max_iterations", 10000).set("tolerance", q.tolerance);
}
Parameters search(const Question& q, const Graph& g) {
  return Parameters().set_text("source", g.ids().text(q.source));
}
Parameters sample(const Question&, const Graph&) {
  return Parameters().set("samples", kSamples).set("normalized", false);
}

constexpr Case kCases[] = {
#define MONOGRAPH_PEER_CASE(function, setting, undirected, most_edges, agreement, parameters) \
  {#function, setting, undirected, most_edges, agreement, function, parameters},
#include "bench/peers/case_list.def"
};

std::int32_t busiest_node(const Graph& g) {
  const auto offsets = g.out().offsets;
  std::int32_t best = 0;
  const auto degree = [&](std::int32_t v) {
    const auto at = static_cast<std::size_t>(v);
    return offsets[at + 1] - offsets[at];
  };
  for (std::int32_t v = 1; v < g.node_count(); ++v)
    if (degree(v) > degree(best)) best = v;
  return best;
}

/// Those that our betweenness draws with seed 0.
std::vector<std::int32_t> drawn_sources(const Graph& g) {
  ProgramBuilder p("sources");
  p.output("node", steps::sources(p, p.graph()).node);
  Session session({.backend = "cpu", .cpu_tier = CpuTier::Tiles, .cache = CacheUse::Off});
  const Result r = session.run(p.build(), g, Parameters().set("samples", kSamples));
  const auto nodes = r.column<std::int32_t>("node");
  return {nodes.begin(), nodes.begin() + std::min<std::ptrdiff_t>(kSamples, std::ssize(nodes))};
}

}  // namespace

std::span<const Case> cases() { return kCases; }

Question question_of(const Case& c, const Graph& graph) {
  Question q{.algorithm = c.algorithm, .setting = c.setting, .sources = {}};
  q.iterations = c.algorithm == "cdlp" ? 10 : 20;
  q.tolerance = kTolerance;
  q.source = busiest_node(graph);
  if (c.algorithm == "betweenness") q.sources = drawn_sources(graph);
  return q;
}

}  // namespace monograph::bench::peers
