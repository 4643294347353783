// Runs on a device, as sessions have them: what stopped one becomes the error that every backend gives.
#pragma once

#include <span>
#include <vector>

#include "host/cuda/stamp.h"
#include "host/plan/cache.h"
#include "host/plan/plan.h"
#include "host/runtime/machine.h"
#include "host/runtime/run_state.h"

namespace monograph::cuda {  // what they are is for device_run.cpp to know
class Engine;
class PreparedPlan;
class RemoteColumns;
}  // namespace monograph::cuda

namespace monograph::runtime {

using DevicePlan = std::shared_ptr<cuda::PreparedPlan>;

struct DeviceRun {
  std::shared_ptr<cuda::RemoteColumns> columns;  ///< outputs that stayed on the device
  int device = 0;
  std::int64_t allocations = 0, bytes = 0;
  double compile_ms = 0;
  std::int64_t csc_builds = 0, csc_hits = 0;  ///< on the device
  std::vector<cuda::Stamp> stamps = {};       ///< in the order of time, of an engine that takes them
  std::int64_t stamps_lost = 0;               ///< before them, for which there was no room
};

std::shared_ptr<cuda::Engine> device_engine(const Machine& machine, const cuda::Device& device,
                                            const SessionOptions& options, std::shared_ptr<plan::Cache> cache,
                                            std::int64_t stamps = 0);
DevicePlan device_plan(std::shared_ptr<const plan::Plan> plan);
/// DeviceError: no compiler.
void prepare_for_device(cuda::Engine& engine, std::span<const DevicePlan> plans);
/// Outputs, stores and the course of loops are in `state` afterwards. RuntimeError: a check failed, or the
/// device. Cancelled. MemoryError.
DeviceRun run_on_device(cuda::Engine& engine, const DevicePlan& plan, const Graph& graph, RunState& state,
                        const RunOptions& options);

}  // namespace monograph::runtime
