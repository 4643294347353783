// Device code of one step of a plan under a name that says what it is: equal texts have equal names, and no
// others have, so that whoever compiles kernels can share them between steps and plans.
#pragma once

#include "host/codegen/device_loop.h"
#include "host/codegen/device_step.h"

namespace monograph::codegen {

/// Its kernels, in the order of launch; nothing where a step needs none (an output, a loop). Needs
/// device_stage_prelude() before it.
DeviceGroup step_text(const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                      DeviceOptions options = {});

/// A loop as one kernel, or why it is none.
struct LoopKernelText {
  std::string objection = {};
  std::string text = {};  ///< needs device_stage_prelude() before it, and nothing else
  DeviceKernel kernel = {};
};
/// Of a step that is a loop.
LoopKernelText loop_text(const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                         DeviceOptions options = {});

}  // namespace monograph::codegen
