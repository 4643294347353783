// What is asked of all, and when an answer is right.
#pragma once

#include <monograph/program.h>

#include <span>

#include "bench/peers/peer.h"

namespace monograph::bench::peers {

/// RuntimeError naming `what`, the node and both values where the peer's answer is not one to the same
/// question.
using Agreement = void (*)(const Graph& graph, const Answer& ours, const Answer& theirs,
                           const std::string& what);

struct Case {
  std::string_view algorithm, setting;
  bool undirected = false;      ///< only of undirected graphs
  std::int64_t most_edges = 0;  ///< stored edges; beyond that it takes too long
  Agreement agreement = nullptr;
  Program (*program)() = nullptr;
  Parameters (*parameters)(const Question& question, const Graph& graph) = nullptr;
};
std::span<const Case> cases();

/// What the case asks on this graph: searches start at the node with the most out-edges.
Question question_of(const Case& c, const Graph& graph);

// Ways to agree. Floats: |theirs - ours| <= 1e-4 |ours|, as LDBC Graphalytics compares them; 0 and infinity
// are exact.
void equal(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what);
/// Communities by another name: the same partition.
void same_partition(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what);
/// Equal levels or distances; each parent one hop nearer, or on a shortest path.
void same_searches(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what);
/// Two communities that may differ: in both every node has a label that none is more frequent than among its
/// neighbours.
void both_settled(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what);

}  // namespace monograph::bench::peers
