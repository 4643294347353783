#include "host/algorithms/steps.h"

namespace monograph::steps {

Value random_order(GraphRef g, const Operand& seed, const Operand& round) {
  const Value index = as_i64(g.node_index());
  const Value bits = as_i64(random(seed, round * g.node_count() + index) * 2147483648.0);  // 31 of them
  return (bits << 32) | index;
}

Value node_of(const Operand& order) { return as_i32(order & 0xffffffff); }

Sources sources(ProgramBuilder& p, GraphRef g) {
  const Value samples =
      p.parameter("samples", 0, {.doc = "sources drawn at random; 0: all nodes", .minimum = 0});
  const Value seed = p.parameter("seed", 0, {.doc = "of the sample"});
  const Value n = g.node_count();
  const Value drawn = as_i32(random(seed, as_i64(g.node_index())) * as_f64(n));
  const Value count = where(samples > 0, min(samples, n), n);
  return {.node = where(samples > 0, drawn, g.node_index()),
          .count = count,
          .scale = safe_div(as_f64(n), as_f64(count), 0.0)};
}

Value is_undirected(GraphRef g) { return sum(g.degree(Direction::Both)) == g.edge_count(); }

Value degree_without_loops(GraphRef g) {
  const Value elsewhere = as_i64(g.edge_src() != g.edge_dst());
  return g.reduce_edges(elsewhere, EdgeEnd::Both, Monoid::Sum);
}

Value unit_length(const Operand& x) { return safe_div(x, norm_l2(x), 0.0); }

}  // namespace monograph::steps
