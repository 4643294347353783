// Graphs on which algorithms go wrong, small enough to check every result by its definition.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace monograph::test {

struct Shape {
  std::string name;
  Graph graph;  ///< with every attribute that an algorithm of the library reads
};

using Ends = std::vector<std::pair<std::int32_t, std::int32_t>>;
/// A graph with edge attribute `weight` and node attributes `value`, `restart` and `community` (see below).
/// Weights are some of 0.5, 1.0, ... 3.5, the same in both directions of an edge.
Graph with_attributes(std::int32_t nodes, const Ends& ends, bool undirected = false);
/// The same with the weights given, one for each listed edge.
Graph with_weights(std::int32_t nodes, const Ends& ends, std::vector<double> weights,
                   bool undirected = false);
/// Adds node attributes: value f64, restart f64 (0 at most nodes), community i64 (numbers of nodes).
void add_node_attributes(Graph& graph);

/// No node, one node, no edges, self-loops, multi-edges, two components, a hub, paths in both orders,
/// circles, a complete graph, trees, weights of 0 and of one size, weights lost in rounding, a source that
/// reaches nobody, ids that are not indices, and random graphs; directed and undirected.
std::vector<Shape> shapes();

/// `edges` edges between random nodes, the same for the same seed; self-loops and multi-edges where `simple`
/// is false.
Ends random_ends(std::int32_t nodes, int edges, unsigned seed, bool simple);

}  // namespace monograph::test
