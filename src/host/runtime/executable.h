// What a session keeps of a compiled program.
#pragma once

#include <monograph/session.h>

#include <memory>
#include <vector>

#include "host/cpu/engine.h"
#include "host/plan/plan.h"
#include "host/simt/engine.h"

namespace monograph {

namespace cuda {
class PreparedPlan;
}

struct Executable::Impl {
  Program program;  ///< as it was written
  std::vector<ParameterInfo> parameters;
  std::vector<const ir::Node*> bound;        ///< nodes that need something of the graph
  bool stores = false;                       ///< sets attributes of the graph
  std::shared_ptr<const plan::Plan> plan;    ///< of backends that run plans
  std::shared_ptr<cpu::PreparedPlan> cpu;    ///< of the cpu backend
  std::shared_ptr<simt::PreparedPlan> simt;  ///< of the simt backend
  std::shared_ptr<cuda::PreparedPlan> cuda;  ///< of the cuda backend
  std::int64_t groups = 0, steps = 0;
  bool from_cache = false;
  std::uint64_t range_payload = 0;  ///< for profilers: the first digits of the plan's hash, 0 when none is attached
  std::string replaced_by = {};  ///< the template whose program runs in its place

  explicit Impl(Program p);
};

}  // namespace monograph
