// Single-source shortest paths. Bellman, On a routing problem, 1958; Ford 1956:
//   distance(source) = 0;   distance(v) = min(distance(v), min over u -> v of distance(u) + weight(u, v))
// until nothing changes; with weights that are not negative, nearer nodes are final before farther ones. So
// it is done bucket by bucket of distance. Meyer, Sanders: Delta-stepping: a parallelizable shortest path
// algorithm, 2003. Buckets begin narrow and widen while few nodes fall into one: what is the right width
// depends on weights and degrees, and no constant suits road networks and social ones.
//
// The tree, afterwards, of edges on which the equation holds: parent(v) is the smallest u nearer to the
// source. A node that only edges of no length reach (weight 0, or lost in rounding) has no such u; it waits
// for a neighbour that has its parent, so that edges of no length never close a circle.
#include <monograph/algorithms.h>

#include <cstdint>
#include <limits>

namespace monograph {
namespace {

// A bucket costs a look at every node; one that few nodes fall into is not worth that.
constexpr double kFewest = 1.0 / 32;  // of all nodes
constexpr double kWider = 1.5;
constexpr double kNarrow = 1e-3;  // of the mean weight: the first bucket

}  // namespace

Program sssp() {
  ProgramBuilder p("sssp");
  const GraphRef g = p.graph();
  const Value source = p.node_parameter("source", "where the paths start");
  const Value weight = g.load_edge("weight");
  p.check(!(weight >= 0.0), "sssp: expected weights of at least 0, found a negative one or NaN");

  const Value infinity = p.constant(Constant::of(std::numeric_limits<double>::infinity()));
  Variable distance = p.variable(where(g.node_index() == source, 0.0, infinity));
  Variable low = p.variable(0.0);
  Variable width = p.variable(kNarrow * sum(weight) / as_f64(g.edge_count()));
  p.while_loop([&] { return low.value() < infinity; }, g.node_count() + 1,
               [&] {
                 const Value high = low.value() + width.value();
                 Variable changed = p.variable(true);
                 p.while_loop([&] { return changed.value(); }, g.node_count() + 1,
                              [&] {
                                const Value here = g.gather_src(distance);
                                const Value in_bucket = (here >= low) & (here <= high);
                                const Value through = g.reduce_edges(
                                    where(in_bucket, here + weight, infinity), EdgeEnd::Dst, Monoid::Min);
                                const Value next = min(distance, through);
                                changed = any(next != distance);
                                distance = next;
                              });
                 const Value done = (distance.value() >= low) & (distance.value() <= high);
                 const Value few = as_f64(count(done)) < kFewest * as_f64(g.node_count());
                 width = where(few, kWider * width.value(), width);
                 low = reduce_min(where(distance.value() > high, distance, infinity));
               });
  p.output("distance", distance);

  const Value none = p.constant(Constant::of(std::numeric_limits<std::int32_t>::max()));
  const auto smallest = [&](const auto& parents) {
    const Value from = g.gather_src(distance), to = g.gather_dst(distance);
    const Value shortest = (from + weight == to) & (to != infinity);
    return g.reduce_edges(where(shortest & parents(from, to), g.edge_src(), none), EdgeEnd::Dst, Monoid::Min);
  };
  const Value nearer = smallest([](const Value& from, const Value& to) { return from < to; });
  Variable parent = p.variable(where(g.node_index() == source, g.node_index(), nearer));
  const auto waits = [&] { return (parent.value() == none) & (distance.value() != infinity); };
  p.if_else(any(waits()), [&] {
    p.while_loop([&] { return any(waits()); }, g.node_count() + 1,
                 [&] {
                   const Value found =
                       smallest([&](const Value&, const Value&) { return g.gather_src(parent) != none; });
                   parent = where(waits(), found, parent);
                 });
  });
  p.output_nodes("parent", where(parent.value() == none, -1, parent));
  return p.build();
}

}  // namespace monograph
