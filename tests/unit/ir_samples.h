// Programs for the tests of the IR: one fixed, and as many random ones as there are seeds.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "host/ir/builder.h"
#include "host/ir/program.h"

namespace monograph::ir::testing {

inline constexpr std::string_view kLoopText = R"(program "loop" {
  %0 = core.constant value=true:bool : bool
  %1 = core.parameter name="limit" default=10:i64 minimum=0:i64 role=value doc="how often" : i64
  %2 = core.node_index : i32[V]
  %3 = core.cast %2 to=f64 : f64[V]
  %4 = attr.load_edge name="weight" type=f64 : f64[E]
  %5 = control.while %0, %1, %3, %4, %1 carried=1 : f64[V], i64, bool {
    (%a0: i64, %a1: f64[V], %a2: f64[E], %a3: i64) {
      %0 = graph.neighbor_agg %a1, weights=%a2 agg=sum direction=in include_self=false : f64[V]
      %1 = core.lt %a0, %a3 : bool
      %2 = control.if %1, %0, %a1 : f64[V] {
        (%a0: f64[V], %a1: f64[V]) {
          %0 = core.sub %a0, %a1 : f64[V]
          yield %0
        }
        (%a0: f64[V], %a1: f64[V]) {
          yield %a1
        }
      }
      yield %1, %2
    }
  }
  attr.output %5:0 name="x" role=value
  attr.output %5:1 name="iterations" role=value
}
)";

inline Node make_node(OpId op, std::vector<ValueId> operands, std::vector<Attr> attrs = {},
                      std::vector<RegionIndex> regions = {}) {
  return {.op = op,
          .operands = std::move(operands),
          .attrs = std::move(attrs),
          .regions = std::move(regions),
          .results = {},
          .where = {}};
}

/// A random program: columns and scalars, optional operands, loops and branches with captures, nested.
class RandomProgram {
 public:
  explicit RandomProgram(std::uint64_t seed) : random_(seed), builder_("random " + std::to_string(seed)) {}

  Program make() {
    fill(0, 0);
    const std::vector<ValueId> values = of(0, nodes_of(ScalarType::F64));
    builder_.emit(0, OpId::Output, {values.back()}, {std::string("x"), ops::EnumValue{0}});
    return builder_.finish();
  }

 private:
  std::size_t below(std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random_); }

  /// The values of type `t` in region `r`.
  std::vector<ValueId> of(RegionIndex r, const Type& t) const {
    std::vector<ValueId> out;
    const Region& region = builder_.region(r);
    for (std::uint32_t i = 0; i < region.args.size(); ++i)
      if (region.args[i] == t) out.push_back(ValueId::argument(i));
    for (std::uint32_t i = 0; i < region.nodes.size(); ++i)
      for (std::uint32_t j = 0; j < region.nodes[i].results.size(); ++j)
        if (region.nodes[i].results[j] == t) out.push_back({i, j});
    return out;
  }
  ValueId any(RegionIndex r, const Type& t) {
    const auto values = of(r, t);
    return values[below(values.size())];
  }

  void fill(RegionIndex r, int depth) {
    builder_.constant(r, Constant::of(below(2) == 0), line());
    builder_.constant(r, Constant::of(static_cast<std::int64_t>(random_())), line());
    builder_.constant(r, {ScalarType::F64, random_()});
    builder_.emit(r, OpId::Broadcast, {any(r, kF64)}, {kColumn});
    builder_.emit(r, OpId::Broadcast, {any(r, kF64)}, {edges_of(ScalarType::F64)});
    for (std::size_t n = 1 + below(6); n > 0; --n) step(r, depth);
  }

  void step(RegionIndex r, int depth) {
    switch (below(depth < 3 ? 5 : 3)) {
      case 0:
        builder_.emit(r, ops::scalar_id(below(2) ? ops::ScalarOp::Sub : ops::ScalarOp::Mul),
                      {any(r, kColumn), any(r, below(2) ? kColumn : kF64)}, {}, line());
        return;
      case 1:
        aggregate(r);
        return;
      case 2:
        builder_.emit(r, ops::scalar_id(ops::ScalarOp::Lt), {any(r, kF64), any(r, kF64)}, {}, line());
        return;
      case 3:
        branch(r, depth);
        return;
      default:
        loop(r, depth);
    }
  }

  void aggregate(RegionIndex r) {
    const ValueId weights = below(2) ? any(r, edges_of(ScalarType::F64)) : ValueId::none();
    const ValueId fill = below(2) ? any(r, kF64) : ValueId::none();
    const auto minimum = ops::EnumValue{2}, direction = ops::EnumValue{static_cast<std::uint8_t>(below(3))};
    builder_.emit(r, OpId::NeighborAgg, {any(r, kColumn), weights, fill},
                  {minimum, direction, below(2) == 0});
  }

  void branch(RegionIndex r, int depth) {
    Node node = make_node(OpId::If, {any(r, kBool), any(r, kColumn), any(r, kF64)});
    for (int i = 0; i < 2; ++i) {
      const RegionIndex child = builder_.add_region({kColumn, kF64});
      fill(child, depth + 1);
      builder_.set_results(child, {any(child, kColumn), any(child, kF64)});
      node.regions.push_back(child);
    }
    builder_.emit(r, std::move(node));
  }

  void loop(RegionIndex r, int depth) {
    const ValueId count = any(r, scalar_of(ScalarType::I64));
    const RegionIndex child = builder_.add_region({scalar_of(ScalarType::I64), kColumn, kF64});
    fill(child, depth + 1);
    builder_.set_results(child, {any(child, kBool), any(child, kColumn)});
    builder_.emit(r, make_node(OpId::While, {any(r, kBool), count, any(r, kColumn), any(r, kF64)},
                               {std::int64_t{1}}, {child}));
  }

  std::vector<Location> line() {
    if (below(3) > 0) return {};
    return {{"some \"file\".cpp", static_cast<std::uint32_t>(1 + below(99)),
             static_cast<std::uint32_t>(below(9))}};
  }

  static constexpr Type kColumn = nodes_of(ScalarType::F64), kF64 = scalar_of(ScalarType::F64),
                        kBool = scalar_of(ScalarType::Bool);
  std::mt19937_64 random_;
  Builder builder_;
};

}  // namespace monograph::ir::testing
