// How the groups of a plan run, where not in tiles, and what else of it does not run by the instance.
#pragma once

#include "host/cpu/host_run.h"
#include "host/plan/plan.h"

namespace monograph::cpu {

class GroupRunner {
 public:
  virtual ~GroupRunner() = default;
  /// Whether a step that is no group is run here too.
  virtual bool runs(plan::BlockIndex, std::size_t) const { return false; }
  /// This step, on the slots of `run`. False when one of its checks failed, which `failed`
  /// and `failed_index` of the run then say. What else goes wrong is thrown.
  virtual bool run(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) = 0;
};

}  // namespace monograph::cpu
