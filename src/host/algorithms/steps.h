// Steps that several algorithms take, said with the public DSL like the algorithms themselves.
#pragma once

#include <monograph/program.h>

#include <cstdint>
#include <functional>

namespace monograph::steps {

/// i64[V] >= 0, all different: an order of the nodes as good as random, another one for each `seed` and
/// `round` (i64). The node's index in the low 32 bits makes them different, the random bits above decide.
Value random_order(GraphRef g, const Operand& seed, const Operand& round);
/// i32[V]: the node that such a number belongs to.
Value node_of(const Operand& order);

/// Where searches start, of an algorithm that takes all nodes or a sample of them.
struct Sources {
  Value node;   ///< i32[V]: the i-th of them in element i
  Value count;  ///< i64: the first so many elements are used
  Value scale;  ///< f64: V / count, by which what a sample adds up to is too small; 0 without nodes
};
/// All nodes in order, or as many as parameter `samples` says, drawn with parameter `seed` (each is any node
/// with the same probability, whatever the others are, so that estimates are not biased). Declares both
/// parameters.
Sources sources(ProgramBuilder& p, GraphRef g);

/// Breadth-first searches from the sources, 64 at once, one in each bit (Then et al.: The more the merrier,
/// 2014). For each batch and distance d = 1, 2, ...: visit(d (i64), how many searches of the batch arrive at
/// each node after d hops along edge directions (i64[V])).
void each_distance(ProgramBuilder& p, GraphRef g, const Sources& sources,
                   const std::function<void(const Value& distance, const Value& arriving)>& visit);

/// i64[V] >= 0, different at neighbours, whatever the directions: each node in a random order takes the
/// smallest that those before it left (Jones, Plassmann 1993).
Value colours(ProgramBuilder& p, GraphRef g, const Value& seed);

/// bool: is every edge stored in both directions? On a directed graph the edges at all nodes, in both
/// directions, are twice the stored ones. True without edges.
Value is_undirected(GraphRef g);

/// i64[V]: how many edges at each node lead to another one, in both directions; an undirected edge counts
/// once.
Value degree_without_loops(GraphRef g);

/// x / |x|; zeros where that is 0.
Value unit_length(const Operand& x);

}  // namespace monograph::steps
