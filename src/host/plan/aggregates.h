// The operations that combine what lies around a node, seen as one thing.
#pragma once

#include <optional>

#include "host/plan/stage.h"

namespace monograph::plan {

/// graph.neighbor_agg, graph.neighbor_mode, graph.reduce_edges or graph.degree.
struct AggregateNode {
  Aggregate::Kind kind{};
  ops::Direction direction{};
  ops::MonoidKind monoid{};
  ScalarType type{}, total{};
  ops::Ties ties{};
  bool include_self = false;
  bool mean = false;      ///< a fold by sum, divided
  bool at_edges = false;  ///< `value` is a column over the edges, else over the nodes, read at the neighbour
  bool convert_first = false;  ///< value and weight become `type` before they are multiplied
  ir::ValueId value = {}, weight = {}, fill = {};
  ir::ValueId own = {};  ///< the value at the node itself, where it matters
};
std::optional<AggregateNode> read_aggregate(const ir::Region& region, const ir::Node& node);

}  // namespace monograph::plan
