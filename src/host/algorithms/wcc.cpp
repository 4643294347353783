// Weakly connected components. f(u) is u's parent in a forest of which each tree lies in one component; trees
// merge until there is one for each.
//
// First, nodes point at their first neighbour, where that is smaller, and paths are halved until all trees
// are stars: on most graphs that makes nearly one tree, of which no edge need be looked at again. Sutton,
// Ben-Nun, Barak: Optimizing parallel graph connectivity computation via subgraph sampling (Afforest), 2018.
//
// Then the other edges, from their ends outside the tree of the node with most edges: the greatest of the
// trees that a node sees hooks onto the least. When no tree moves, an edge with an end outside joins equal
// ones. Zhang, Azad, Hu: FastSV: a distributed-memory connected component algorithm with fast convergence,
// 2020.
//
// The root of a component is its smallest index. Rounds grow with the logarithm of the diameter.
#include <monograph/algorithms.h>

namespace monograph {

Program wcc() {
  ProgramBuilder p("wcc");
  const GraphRef g = p.graph();
  const Value index = g.node_index();
  const Value first = as_i32(g.neighbor_at(index, g.full(0)));
  const Value hub = as_i32(argmax(g.degree(Direction::Both)));

  Variable tree =
      p.variable(where((first >= 0) & (first < index), first, index));  // the root of a node's tree
  Variable halved = p.variable(true);
  p.while_loop([&] { return halved.value(); }, g.node_count() + 1,
               [&] {
                 const Value next = take(tree, tree);
                 halved = any(next != tree);
                 tree = next;
               });

  const auto large = [&](const Value& roots) { return reduce_max(where(index == hub, roots, -1)); };
  Variable f = p.variable(tree.value());
  Variable largest = p.variable(large(tree));
  Variable changed = p.variable(true);
  p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
               [&] {
                 const Value outside = tree.value() != largest;
                 const auto seen = [&](Aggregate extreme) {
                   return where(outside, g.neighbor_agg(tree, extreme, {.direction = Direction::Both}), tree);
                 };
                 const Value least = min(tree, seen(Aggregate::Min)), most = max(tree, seen(Aggregate::Max));
                 f = min(min(f, scatter_reduce(least, most, Monoid::Min)), least);
                 const Value next = take(f, f);
                 changed = any(next != tree);
                 largest = large(next);
                 tree = next;
               });
  p.output_nodes("component", f);
  return p.build();
}

}  // namespace monograph
