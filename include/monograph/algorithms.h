// The algorithm library: each is a program written with the public DSL only, in a file of its own.
#pragma once

#include <monograph/graph.h>
#include <monograph/program.h>
#include <monograph/session.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

/// Each algorithm is a function that gives its program: `Program pagerank();` and so on. What they compute,
/// their outputs with types and units, their errors and the sources of their definitions are in the list, and
/// with the parameters in docs/algorithms.md, which `monograph list algorithms --markdown` prints.
#define MONOGRAPH_ALGORITHM(function, alias, match, doc, about, outputs, source) Program function();
#include <monograph/algorithm_list.def>

// More than one run ----------------------------------------------------------------------------------------

/// What `louvain_levels` finds, the finest first; at least one level.
struct CommunityLevels {
  std::vector<Column> levels;      ///< i32[V] each: the smallest node of each node's community
  std::vector<double> modularity;  ///< of each level, on the graph given
};
/// The Louvain method: the program `louvain`, then again on the graph of its communities (`contract`, made by
/// the host), until nothing moves. Parameters and errors are those of `louvain`; weights are f64
/// (InputError).
CommunityLevels louvain_levels(Session& session, const Graph& graph, const Parameters& parameters = {},
                               const RunOptions& options = {});
/// Its last level, as `louvain` gives one: what `monograph run louvain` runs. Iterations are the levels.
Result run_louvain(Session& session, const Graph& graph, const Parameters& parameters = {},
                   const RunOptions& options = {});

/// A named algorithm of the library.
struct AlgorithmInfo {
  std::string_view name;
  std::string_view doc;      ///< one line
  std::string_view alias;    ///< another name for it, or ""
  Match match;               ///< how results are compared with those of others, by LDBC Graphalytics
  std::string_view about;    ///< its definition, the attributes that it reads, its errors
  std::string_view outputs;  ///< their types and units, and what is written where there is no value
  std::string_view source;   ///< where the definition is from
  Program (*make)();
  /// Where one run of the program is not all of the algorithm: what is; else null.
  Result (*run)(Session&, const Graph&, const Parameters&, const RunOptions&) = nullptr;
};
/// All of them, by name.
std::span<const AlgorithmInfo> algorithms();
/// By name or alias, or null.
const AlgorithmInfo* find_algorithm(std::string_view name);
/// All of them with their parameters and outputs, in Markdown: docs/algorithms.md.
std::string algorithms_markdown();

}  // namespace monograph
