#include "host/cuda/needs.h"

#include <algorithm>

#include "host/codegen/device_active.h"
#include "host/ops/op_def.h"

namespace monograph::cuda {
namespace {

void add_direction(Needs& needs, ops::Direction direction) {
  needs.in = needs.in || direction != ops::Direction::Out;
  needs.out = needs.out || direction != ops::Direction::In;
}

void add_active(Needs& needs, const plan::ActiveSet& set) {
  needs.active = true;
  needs.readers_out = needs.readers_out || set.reads_in, needs.readers_in = needs.readers_in || set.reads_out;
}

void add_group(Needs& needs, const plan::Stage& stage) {
  needs.out = needs.out || stage.domain.domain == Domain::Edges;
  for (const plan::Aggregate& a : stage.aggregates) {
    needs.rows_in = needs.rows_in || a.direction != ops::Direction::Out;
    needs.rows_out = needs.rows_out || a.direction != ops::Direction::In;
  }
  needs.in = needs.in || needs.rows_in, needs.out = needs.out || needs.rows_out;
}

}  // namespace

Needs needs_of(const plan::Plan& plan) {
  Needs needs;
  for (plan::BlockIndex block = 0; block < plan.blocks.size(); ++block)
    for (std::size_t at = 0; at < plan.blocks[block].steps.size(); ++at) {
      const plan::Block& b = plan.blocks[block];
      const plan::Step& s = b.steps[at];
      if (s.kind == plan::Step::Kind::While)
        if (const auto active = codegen::device_active_set(plan, block, at); active.set)
          add_active(needs, *active.set);
      needs.loops = needs.loops || s.kind == plan::Step::Kind::While;
      const ir::Node& n = plan.program.regions[b.region].nodes[s.node];
      if (const auto walked = ops::walked(ops::def(n.op), n.attrs)) add_direction(needs, *walked);
      if (s.kind != plan::Step::Kind::Group) continue;
      needs.lanes = std::max(needs.lanes, plan::end_of_wave(b, at) - at);
      add_group(needs, plan::lower(plan.program, n.regions[0]));
    }
  return needs;
}

}  // namespace monograph::cuda
