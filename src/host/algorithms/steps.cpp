#include "host/algorithms/steps.h"

namespace monograph::steps {
namespace {

/// How many of its bits are set: in pairs, in fours, in bytes, and all bytes by a product.
Value bits_set(const Value& x) {
  const Value pairs = x - ((x >> 1) & 0x5555555555555555);
  const Value fours = (pairs & 0x3333333333333333) + ((pairs >> 2) & 0x3333333333333333);
  return (((fours + (fours >> 4)) & 0x0f0f0f0f0f0f0f0f) * 0x0101010101010101) >> 56;
}

/// Of a number with one bit set, and that not the sign: which. A float has it as its exponent.
Value which_bit(const Value& x) { return (to_bits(as_f64(x)) >> 52) - 1023; }

}  // namespace

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

void each_distance(ProgramBuilder& p, GraphRef g, const Sources& sources,
                   const std::function<void(const Value& distance, const Value& arriving)>& visit) {
  const Value index = as_i64(g.node_index());
  p.loop((sources.count + 63) >> 6, [&] {
    const Value place = index - p.iteration() * 64;  // in the batch, if from 0 to 63
    const Value of_batch = (place >= 0) & (place < 64) & (index < sources.count);
    const Value bit = where(of_batch, 1 << place, 0);
    Variable heard = p.variable(scatter_reduce(bit, sources.node, Monoid::BitOr));
    Variable distance = p.variable(0);
    Variable open = p.variable(true);
    p.while_loop([&] { return open.value(); }, g.node_count() + 1,
                 [&] {
                   const Value next = heard | g.neighbor_agg(heard, Aggregate::BitOr);
                   const Value fresh = next ^ heard;
                   distance = distance + 1;
                   visit(distance, bits_set(fresh));
                   open = any(fresh != 0);
                   heard = next;
                 });
  });
}

Value colours(ProgramBuilder& p, GraphRef g, const Value& seed) {
  const Value own = random_order(g, seed, 0);
  Variable colour = p.variable(g.full(-1));
  p.while_loop(
      [&] { return any(colour.value() == -1); }, g.node_count() + 1,
      [&] {
        const Value waiting = colour.value() == -1;
        const Value ahead =
            g.neighbor_agg(where(waiting, own, -1), Aggregate::Max, {.direction = Direction::Both});
        Variable ready = p.variable(waiting & (own >= ahead));  // equal: a self-loop shows it to itself
        Variable base = p.variable(0);                          // colours are looked at 63 at a time
        p.while_loop([&] { return any(ready); }, g.node_count() + 1,
                     [&] {
                       const Value place = colour - base;
                       const Value bit = where((place >= 0) & (place < 63), 1 << place, 0);
                       const Value taken =
                           g.neighbor_agg(bit, Aggregate::BitOr, {.direction = Direction::Both});
                       const Value free = (taken ^ -1) & (taken + 1);  // the lowest bit that is not set
                       const Value fits = ready & (free > 0);          // the sign: all 63 are taken
                       colour = where(fits, base + which_bit(free), colour);
                       ready = ready & !fits;
                       base = base + 63;
                     });
      });
  return colour;
}

Value is_undirected(GraphRef g) { return sum(g.degree(Direction::Both)) == g.edge_count(); }

Value degree_without_loops(GraphRef g) {
  const Value elsewhere = as_i64(g.edge_src() != g.edge_dst());
  return g.reduce_edges(elsewhere, EdgeEnd::Both, Monoid::Sum);
}

Value unit_length(const Operand& x) { return safe_div(x, norm_l2(x), 0.0); }

}  // namespace monograph::steps
