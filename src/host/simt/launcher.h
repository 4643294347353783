// Runs what has kernels in a plan by them, launch by launch, each under another order of its threads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/cpu/group_runner.h"
#include "host/simt/device_plan.h"
#include "host/simt/device_run.h"
#include "host/simt/runtime.h"

namespace monograph::simt {

/// What all launches of a session share: stacks, and where in the sequence of orders it is.
struct LaunchState {
  Emulator emulator;
  std::uint64_t seed =
      1;  ///< 0: threads in order, as far as barriers let them, and as many blocks as are of use
  std::uint64_t launches = 0;
};

class Launcher final : public cpu::GroupRunner {
 public:
  Launcher(const DevicePlan& plan, LaunchState& state);
  bool runs(plan::BlockIndex block, std::size_t step) const override { return plan_.step(block, step); }
  /// InternalError when a kernel breaks a rule of the device, or when the check that it says failed is not
  /// the one that fails on the CPU.
  bool run(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) override;

 private:
  using Saved = std::vector<unsigned char>;
  void fill(const scalar::mg_run& run, const codegen::DeviceStep& step);
  void set_arguments(const scalar::mg_run& run, const plan::Step& step);
  void launch(const DeviceKernel& kernel, std::int64_t rows, const std::string& where);
  void save(const scalar::mg_run& run, const plan::Step& step);
  bool report_failure(scalar::mg_run& run, plan::BlockIndex block, std::size_t step);
  bool fails_on_cpu(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) const;
  std::int64_t bytes_of(plan::SlotId slot, const scalar::mg_run& run) const;
  void* place_of(plan::SlotId slot, const scalar::mg_run& run) const;
  std::string describe(plan::BlockIndex block, std::size_t step) const;

  const DevicePlan& plan_;
  LaunchState& state_;
  scalar::mg_device device_{};
  std::vector<unsigned char> partial_;
  std::vector<unsigned long long> votes_;
  std::vector<void*> places_;                          // what each parameter points at
  std::vector<void*> parameters_;                      // the address of each parameter
  std::vector<std::pair<plan::SlotId, Saved>> saved_;  // of arguments that a result overwrites
};

}  // namespace monograph::simt
