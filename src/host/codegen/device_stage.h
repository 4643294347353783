// A fused group as device code: kernels that compile under NVRTC, under nvcc, and with the SIMT shim.
//
// Every kernel of a group has the same parameters, in this order:
//   mg_device* run              the run's state, in device memory (kernels/device_run.cuh)
//   one pointer per argument    a column's elements, or the mg_value of a scalar
//   one pointer per result      likewise; a result may have the memory of an argument that is read at its own row only
// so whoever launches them needs to know slots, and nothing of operations.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/plan/stage.h"

namespace monograph::codegen {

struct DeviceKernel {
  std::string name;  ///< extern "C": says group, operation and type, as profilers show it
  /// How many blocks are of use for that many rows of the stage's domain: one per so many rows, at least one; any
  /// number is right. 0: one block, whatever the rows.
  std::int64_t rows_per_block = 0;
  unsigned block_threads = 256;
  std::uint32_t shared_bytes = 0;  ///< dynamic
};

struct DeviceGroup {
  std::string text;                   ///< needs device_stage_prelude() before it
  std::vector<DeviceKernel> kernels;  ///< to be launched in this order, each after the one before it is done
};

/// The kernels of a stage; `group` is part of their names. Any stage that `lower` makes has one.
DeviceGroup emit_device_group(const plan::Stage& stage, const std::string& group);
/// Everything that groups build on: the same for all of them.
std::string device_stage_prelude();

}  // namespace monograph::codegen
