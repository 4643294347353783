#include "host/passes/rebuild.h"

#include <algorithm>

namespace monograph::passes {

using ir::ValueId;

std::vector<ValueId> values_from(ValueId first, std::size_t count) {
  std::vector<ValueId> values;
  for (std::uint32_t i = 0; i < count; ++i) values.push_back({first.node, first.result + i});
  return values;
}

void ValueMap::set(std::size_t node, ValueId first, std::size_t count) {
  results_[node] = values_from(first, count);
}

std::vector<ValueId> ValueMap::operator()(std::vector<ValueId> values) const {
  for (ValueId& v : values) v = (*this)(v);
  return values;
}

void copy_region(const ir::Program& p, ir::RegionIndex source, ir::Builder& out, ir::RegionIndex target,
                 const EmitNode& emit) {
  const ir::Region& r = p.regions[source];
  ValueMap moved(r);
  for (std::size_t i = 0; i < r.nodes.size(); ++i) {
    ir::Node n = r.nodes[i];
    n.operands = moved(std::move(n.operands));
    for (ir::RegionIndex& child : n.regions) {
      const ir::RegionIndex copy = out.add_region(p.regions[child].args);
      copy_region(p, child, out, copy, emit);
      child = copy;
    }
    moved.set(i, emit(target, std::move(n)));
  }
  out.set_results(target, moved(r.results));
}

bool is_free_column(const ir::Node& n) {
  const ops::OpDef& def = ops::def(n.op);
  if (def.bound || def.effect != ops::Effect::Pure || n.results.size() != 1) return false;
  return n.results[0].domain != Domain::Scalar &&
         (def.access == ops::Access::Source || n.op == ir::OpId::Broadcast);
}

void for_each_argument(ir::Region& r, const std::function<void(ValueId&)>& f) {
  const auto visit = [&](ValueId& v) {
    if (v.is_argument()) f(v);
  };
  for (ir::Node& n : r.nodes) std::for_each(n.operands.begin(), n.operands.end(), visit);
  std::for_each(r.results.begin(), r.results.end(), visit);
}

}  // namespace monograph::passes
