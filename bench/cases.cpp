#include "bench/cases.h"

#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/io.h>

#include "bench/programs.h"

namespace monograph::bench {
namespace {

constexpr GraphCase kGraphs[] = {
#define MONOGRAPH_BENCH_GRAPH(name, source, symmetric, far, quick) {name, source, symmetric, far, quick},
#include "bench/graph_list.def"
};

constexpr AlgorithmCase kAlgorithms[] = {
#define MONOGRAPH_BENCH_ALGORITHM(name, program, baseline, peer, work) {name, program, baseline, peer, work},
#include "bench/algorithm_list.def"
};

template <class Case>
const Case& find(std::span<const Case> cases, std::string_view what, std::string_view name) {
  std::string known;
  for (const Case& c : cases) {
    if (c.name == name) return c;
    known += (known.empty() ? "" : ", ") + std::string(c.name);
  }
  throw UsageError("unknown " + std::string(what) + " \"" + std::string(name) + "\" (known: " + known + ")");
}

constexpr std::int64_t kLong = 100,
                       kShort = 20;  // PageRank: GAPBS measures 20 iterations, small graphs want more
constexpr std::int64_t kFewEdges = 4 << 20;

}  // namespace

std::span<const GraphCase> graph_cases() { return kGraphs; }
std::span<const AlgorithmCase> algorithm_cases() { return kAlgorithms; }

const GraphCase& graph_case(std::string_view name) { return find(graph_cases(), "benchmark graph", name); }
const AlgorithmCase& algorithm_case(std::string_view name) {
  return find(algorithm_cases(), "benchmark algorithm", name);
}

Graph make_graph(const GraphCase& c, const SuiteOptions& suite) {
  ReadOptions options;
  options.progress = [&](std::int64_t, std::int64_t) { throw_if_cancelled(suite); };
  if (c.symmetric) {
    options.undirected = true;
    options.multi_edges = MultiEdges::Drop;
    options.self_loops = SelfLoops::Drop;
  }
  return read_graph(std::string(c.source), options);
}

bool fits(const AlgorithmCase& algorithm, const GraphCase& graph) {
  return !graph.far || algorithm.name != "least-labels";
}

std::int64_t iteration_limit(const AlgorithmCase& algorithm, const Graph& graph) {
  if (algorithm.name == "cdlp") return 10;
  if (algorithm.name.starts_with("pagerank")) return graph.edge_count() < kFewEdges ? kLong : kShort;
  return graph.node_count() + 1;
}

}  // namespace monograph::bench
