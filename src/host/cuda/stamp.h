// Where a run on a device was at which time.
#pragma once

#include "host/cuda/runtime.h"

namespace monograph::cuda {

/// When a step of a run was done. A loop has one for each time that it decided whether to go on, the first
/// one before its first iteration; what begins the run is the step that is none.
struct Stamp {
  PlanStep step;
  std::int64_t iteration = -1;  ///< of the loop around it; of a loop: how many it had behind it
  std::uint64_t ns = 0;         ///< of the device's clock
};

}  // namespace monograph::cuda
