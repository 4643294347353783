// Random well-typed programs and random small graphs, decoded from a list of choices: a shorter list of
// smaller numbers gives a smaller program, so rapidcheck's shrinking of the list shrinks the program.
#pragma once

#include <monograph/graph.h>
#include <monograph/program.h>

#include <cstdint>
#include <vector>

namespace monograph::testing {

using Choices = std::vector<std::uint16_t>;

/// Values of every type, element-wise operations of every row, aggregations, gathers, reductions, variables,
/// loops, branches, breaks and continues to a depth of three. Loops run a few iterations.
Program random_program(const Choices& choices);

/// 0 to 12 nodes; directed or not; self-loops, multi-edges, isolated nodes, sinks; edge attribute "weight"
/// and node attribute "x" (f64) with small numbers, zeros of both signs, infinities and NaN.
Graph random_graph(const Choices& choices);

}  // namespace monograph::testing
