// How the groups of a plan run, where not in tiles, and what else of it does not run by the instance.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "host/cpu/host_run.h"
#include "host/plan/plan.h"

namespace monograph::cpu {

/// How a loop ended that did not run step by step.
struct LoopEnd {
  std::int64_t iterations = 0;
  bool finished = false;  ///< by its condition
  /// A check that failed: the group, and the iterations it was in, from the outermost loop of that run.
  struct Failure {
    plan::BlockIndex block = 0;
    std::size_t step = 0;
    std::vector<std::int64_t> iterations = {};
  };
  std::optional<Failure> failure = {};
};

class GroupRunner {
 public:
  virtual ~GroupRunner() = default;
  /// Whether a step that is no group is run here too.
  virtual bool runs(plan::BlockIndex, std::size_t) const { return false; }
  /// This step, on the slots of `run`. False when one of its checks failed, which `failed`
  /// and `failed_index` of the run then say. What else goes wrong is thrown.
  virtual bool run(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) = 0;
  /// The loop that is this step, with all that is in it, on the slots of `run`: each column at its place
  /// again afterwards. Of a failed check, `failed` and `failed_index` of the run say more. Nothing where it
  /// is to run step by step.
  virtual std::optional<LoopEnd> run_loop(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) {
    (void)run, (void)block, (void)step;
    return {};
  }
};

}  // namespace monograph::cpu
