// What passes that rebuild a program region by region have in common.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "host/ir/builder.h"

namespace monograph::passes {

/// Where the values of a region's nodes went; arguments stay where they are.
class ValueMap {
 public:
  explicit ValueMap(const ir::Region& from) : results_(from.nodes.size()) {}
  /// The results of `node` are now these.
  void set(std::size_t node, std::vector<ir::ValueId> results) { results_[node] = std::move(results); }
  /// The results of `node`, `count` of them, are those of the node that begins with `first`.
  void set(std::size_t node, ir::ValueId first, std::size_t count);
  ir::ValueId operator()(ir::ValueId v) const {
    return v.is_none() || v.is_argument() ? v : results_[v.node][v.result];
  }
  std::vector<ir::ValueId> operator()(std::vector<ir::ValueId> values) const;

 private:
  std::vector<std::vector<ir::ValueId>> results_;
};

/// Region `source` of `p` copied to `target` of `out`. Each node comes with its operands moved and its
/// regions copied; `emit` adds it and returns its values.
using EmitNode = std::function<std::vector<ir::ValueId>(ir::RegionIndex target, ir::Node node)>;
void copy_region(const ir::Program& p, ir::RegionIndex source, ir::Builder& out, ir::RegionIndex target,
                 const EmitNode& emit);

/// The values of a node of `count` results that begins with `first`.
std::vector<ir::ValueId> values_from(ir::ValueId first, std::size_t count);

/// Is it a column that a kernel makes more cheaply than it would read it (node_index, iota, a broadcast)?
/// Such columns are computed where they are used, and not kept.
bool is_free_column(const ir::Node& n);

/// Calls f on every operand and result of the region that is a block argument.
void for_each_argument(ir::Region& r, const std::function<void(ir::ValueId&)>& f);

}  // namespace monograph::passes
