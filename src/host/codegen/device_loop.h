// A loop of a plan as ONE kernel: nested loops, branches and moves of values inside, every group of it as a
// stage function (device_stage.h), checks and scatters as their calls (device_step.h). It runs as one block,
// or as a cooperative grid with barriers between waves.
//
// The kernel has one parameter, `mg_loop*` (kernels/device_loop.cuh), in device memory. Any number of blocks
// is right, as long as all of them are resident at once.
#pragma once

#include <string>

#include "host/codegen/device_stage.h"
#include "host/plan/plan.h"

namespace monograph::codegen {

struct DeviceLoop {
  std::string text;  ///< needs device_stage_prelude() and device_loop_prelude() before it
  DeviceKernel kernel;
};

/// Why the loop that is this step has no such kernel: the operation in it that has no device code, or too
/// many loops inside of each other. Empty when it has one.
std::string loop_objection(const plan::Plan& plan, plan::BlockIndex block, std::size_t step);
/// `group` is part of the kernel's name. The loop has no objection.
DeviceLoop emit_device_loop(const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                            const std::string& group, DeviceOptions options = {});
/// What loops build on besides stages.
std::string device_loop_prelude();

}  // namespace monograph::codegen
