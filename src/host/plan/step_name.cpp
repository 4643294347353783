#include "host/plan/step_name.h"

#include "host/ops/op_def.h"

namespace monograph::plan {

std::string step_name(const Plan& plan, BlockIndex block, std::size_t step) {
  constexpr std::size_t kReadable = 80;
  const Block& b = plan.blocks[block];
  const ir::Node& n = plan.program.regions[b.region].nodes[b.steps[step].node];
  std::string name = std::to_string(block) + "." + std::to_string(step);
  if (n.op != ops::OpId::Fused) return name + " " + std::string(ops::def(n.op).name);
  for (const ir::Node& inside : plan.program.regions[n.regions[0]].nodes)
    if (inside.op != ops::OpId::Constant && name.size() < kReadable)
      name += " " + std::string(ops::def(inside.op).name);
  return name;
}

}  // namespace monograph::plan
