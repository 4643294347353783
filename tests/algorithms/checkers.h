// Is a result right? Each checker verifies it by its definition, or against the textbook's sequential
// algorithm, never by the way the library computes it; as the GAP benchmark suite does. A checker returns ""
// or the first thing that is wrong.
#pragma once

#include <monograph/graph.h>
#include <monograph/session.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace monograph::test {

struct Edge {
  std::int32_t source, target;
  double weight;
};
/// Stored edges with attribute weight (1 without one).
std::vector<Edge> stored_edges(const Graph& g);
/// For each node the targets of its edges, each with the edge's weight; with multi-edges and self-loops.
using Lists = std::vector<std::vector<std::pair<std::int32_t, double>>>;
Lists out_lists(const Graph& g);
/// Sources of the edges that enter.
Lists in_lists(const Graph& g);
/// Both, one after the other; on an undirected graph each edge once.
Lists both_lists(const Graph& g);

/// "" or "got X, expected Y at node V" for the first pair that differs by more than `tolerance`, relatively
/// (or absolutely where the expected value is small).
std::string near(std::span<const double> got, const std::vector<double>& want, double tolerance = 1e-9);

/// How the result of an algorithm, run with its default parameters, is checked.
using Checker = std::string (*)(const Graph& g, const Result& r);
struct CheckerEntry {
  std::string_view algorithm;
  Checker check;
};

// by file: paths, components, centralities, communities, sets
std::vector<CheckerEntry> path_checkers();
std::vector<CheckerEntry> component_checkers();
std::vector<CheckerEntry> centrality_checkers();
std::vector<CheckerEntry> community_checkers();
std::vector<CheckerEntry> set_checkers();
/// Of the algorithm named; null when there is none.
Checker checker_of(std::string_view algorithm);

}  // namespace monograph::test
