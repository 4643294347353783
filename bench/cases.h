// What is measured: algorithms by graphs, from the two lists.
#pragma once

#include <monograph/program.h>

#include <span>
#include <string>
#include <string_view>

#include "bench/baseline.h"
#include "bench/floor.h"
#include "bench/suite.h"

namespace monograph::bench {

struct GraphCase {
  std::string_view name, source;
  bool symmetric = false, far = false, quick = false;
};

struct AlgorithmCase {
  std::string_view name;
  Program (*program)() = nullptr;
  MakeBaseline baseline = nullptr, peer = nullptr;
  const IterationWork& work;
};

std::span<const GraphCase> graph_cases();
std::span<const AlgorithmCase> algorithm_cases();

/// UsageError naming the known ones when there is none of that name.
const GraphCase& graph_case(std::string_view name);
const AlgorithmCase& algorithm_case(std::string_view name);

Graph make_graph(const GraphCase& c, const SuiteOptions& options = {});
/// False where the algorithm takes an iteration per hop and the graph has thousands.
bool fits(const AlgorithmCase& algorithm, const GraphCase& graph);
/// The limit given to both sides; none for the algorithms that end by themselves.
std::int64_t iteration_limit(const AlgorithmCase& algorithm, const Graph& graph);

}  // namespace monograph::bench
