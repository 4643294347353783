#include "host/cuda/needs.h"

#include <algorithm>

namespace monograph::cuda {
namespace {

void add_group(Needs& needs, const plan::Stage& stage) {
  needs.out = needs.out || stage.domain.domain == Domain::Edges;
  for (const plan::Aggregate& a : stage.aggregates) {
    needs.in = needs.in || a.direction != ops::Direction::Out;
    needs.out = needs.out || a.direction != ops::Direction::In;
  }
}

}  // namespace

Needs needs_of(const plan::Plan& plan) {
  Needs needs;
  for (const plan::Block& b : plan.blocks)
    for (std::size_t at = 0; at < b.steps.size(); ++at) {
      const plan::Step& s = b.steps[at];
      needs.loops = needs.loops || s.kind == plan::Step::Kind::While;
      if (s.kind != plan::Step::Kind::Group) continue;
      needs.lanes = std::max(needs.lanes, plan::end_of_wave(b, at) - at);
      add_group(needs, plan::lower(plan.program, plan.program.regions[b.region].nodes[s.node].regions[0]));
    }
  return needs;
}

}  // namespace monograph::cuda
