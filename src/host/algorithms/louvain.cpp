// Communities by the Louvain method. Blondel, Guillaume, Lambiotte, Lefebvre: Fast unfolding of communities
// in large networks, 2008. A level begins with each node by itself and moves nodes where modularity gains
// most,
//   argmax over the labels c around v of   weight(v, c) - resolution * k(v) * (K(c) without v) / 2m
// k(v) its weighted degree, K(c) the sum of a community's, 2m that of all; until a pass gains less than
// `tolerance`. Then communities become nodes, and the next level begins, until nothing moves:
// louvain_levels.cpp.
//
// All nodes at once would chase each other; so in a pass an eighth of them moves at a time, drawn anew for
// each pass, and a pass that lost modularity for all that is not kept.
#include <monograph/algorithms.h>

#include "host/algorithms/steps.h"

namespace monograph {
namespace {

constexpr int kShares = 8;

/// Of the graph whose directions are left out, by the labels of its nodes.
struct Division {
  GraphRef g;
  Value weight, degree, total, resolution;

  /// f64[V]: the degrees of a community, at its label.
  Value degrees(const Value& label) const { return scatter_reduce(degree, label, Monoid::Sum); }
  /// sum over communities of inside/2m - resolution * (degrees/2m)^2
  Value modularity(const Value& label) const {
    const Value home = where(g.gather_src(label) == g.gather_dst(label), weight, 0.0);
    const Value inside = sum(g.reduce_edges(home, EdgeEnd::Both, Monoid::Sum));
    const Value share = safe_div(degrees(label), total, 0.0);
    return safe_div(inside, total, 0.0) - resolution * sum(share * share);
  }
  /// The best label of each node.
  Value best(const Value& label) const {
    const Value factor = safe_div(resolution, total, 0.0);
    return g.best_label(label, degree, degrees(label), factor,
                        {.direction = Direction::Both, .weights = weight});
  }
};

Division division(ProgramBuilder& p, GraphRef g, const Value& contracted) {
  const Value resolution =
      p.parameter("resolution", 1.0, {.doc = "larger: smaller communities", .minimum = 0});
  const Value stored = g.load_edge("weight", ScalarType::F64, 1.0);
  p.check(!((stored >= 0.0) & is_finite(stored)),
          "louvain: expected weights of at least 0, found a negative one, an infinity or NaN");
  const Value half = steps::is_undirected(g) & !contracted & (g.edge_src() == g.edge_dst());
  const Value weight = where(half, stored * 2.0, stored);
  const Value degree = g.degree(Direction::Both, weight);
  return {.g = g, .weight = weight, .degree = degree, .total = sum(degree), .resolution = resolution};
}

}  // namespace

Program louvain() {
  ProgramBuilder p("louvain");
  const GraphRef g = p.graph();
  const Value contracted =
      p.parameter("contracted", false, {.doc = "self-loops stand for edges in both directions"});
  const Division of = division(p, g, contracted);
  const Value tolerance = p.parameter(
      "tolerance", 1e-7, {.doc = "least gain in modularity of a pass that is not the last", .minimum = 0});
  const Value iterations = p.parameter("max_iterations", 100, {.doc = "passes at most", .minimum = 0});
  const Value seed = p.parameter("seed", 0, {.doc = "of who moves when"});

  Variable label = p.variable(g.node_index());
  Variable quality = p.variable(of.modularity(label));
  Variable gains = p.variable(true);
  p.while_loop([&] { return gains.value(); }, iterations,
               [&] {
                 const Value turn = (steps::random_order(g, seed, p.iteration()) >> 32) & (kShares - 1);
                 Variable moved = p.variable(label);
                 p.loop(kShares, [&] { moved = where(turn == p.iteration(), of.best(moved), moved); });
                 const Value reached = of.modularity(moved);
                 const Value better = reached > quality;
                 gains = reached - quality > tolerance;
                 label = where(better, moved, label);
                 quality = where(better, reached, quality);
               });
  const Value smallest = scatter_reduce(g.node_index(), label, Monoid::Min);
  p.output_nodes("community", take(smallest, label));
  p.output("modularity", quality);
  return p.build();
}

}  // namespace monograph
