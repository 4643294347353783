// A plan as the engine keeps it: what it needs, and its kernels, loaded.
#pragma once

#include <memory>
#include <vector>

#include "host/cuda/kernel_store.h"
#include "host/cuda/needs.h"
#include "host/cuda/plan_graph.h"

namespace monograph::cuda {

class PreparedPlan {
 public:
  explicit PreparedPlan(std::shared_ptr<const plan::Plan> plan);
  const plan::Plan& plan() const { return *plan_; }
  const Needs& needs() const { return needs_; }
  const PlanKernels& kernels() const { return kernels_; }
  /// Slots that a run binds, by the names of their parameters.
  const std::vector<std::pair<plan::SlotId, std::string>>& parameters() const { return parameters_; }
  double compile_ms() const { return compile_ms_; }
  /// For profilers: the first digits of the plan's hash, 0 when none is attached.
  std::uint64_t range_payload() const { return range_payload_; }

  /// Kernels of all of them, in one go. DeviceError when a plan has an operation
  /// without device code, or no compiler is there; InternalError when device code does not compile.
  static void prepare(std::span<PreparedPlan* const> plans, KernelStore& store);

 private:
  struct Texts;
  std::shared_ptr<const plan::Plan> plan_;
  Needs needs_;
  PlanKernels kernels_;
  std::vector<LoadedCode> code_;  // of those
  std::vector<std::pair<plan::SlotId, std::string>> parameters_;
  double compile_ms_ = 0;
  std::uint64_t range_payload_ = 0;
};

}  // namespace monograph::cuda
