// Runs what has kernels in a plan by them, launch by launch, each under another order of its threads.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/codegen/long_rows.h"
#include "host/cpu/group_runner.h"
#include "host/simt/device_plan.h"
#include "host/simt/device_run.h"
#include "host/simt/runtime.h"

namespace monograph::simt {

/// What all launches of a session share: stacks, and where in the sequence of orders it is.
struct LaunchState {
  Emulator emulator = {};
  std::uint64_t seed =
      1;  ///< 0: threads in order, as far as barriers let them, and as many blocks as are of use
  std::uint64_t launches = 0;
  bool always_active = false;  ///< loops with active rows mark them in each iteration
};

class Launcher final : public cpu::GroupRunner {
 public:
  Launcher(const DevicePlan& plan, LaunchState& state);
  bool runs(plan::BlockIndex block, std::size_t step) const override { return plan_.step(block, step); }
  /// InternalError when a kernel breaks a rule of the device, or when the check that it says failed is not
  /// the one that fails on the CPU.
  bool run(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) override;
  std::optional<cpu::LoopEnd> run_loop(scalar::mg_run& run, plan::BlockIndex block,
                                       std::size_t step) override;

 private:
  using Saved = std::vector<unsigned char>;
  /// What the steps that run one after another need beside their values.
  struct Room {
    std::size_t partial_bytes = 0, vote_bytes = 0, aggregates = 0;
    std::vector<unsigned char> partial = {}, pieces = {};
    std::vector<unsigned long long> vote_words = {};
  };
  static void add_room(Room& room, const codegen::DeviceStep& step, const scalar::mg_run& run);
  void add_room_of_blocks(Room& room, const plan::Step& step, const scalar::mg_run& run) const;
  void make_tables(const scalar::mg_run& run);
  scalar::mg_device state_with(Room& room, const scalar::mg_run& run) const;
  void make_stamps(const scalar::mg_run& run);
  std::optional<cpu::LoopEnd> loop_end(const scalar::mg_loop& loop, scalar::mg_run& run) const;
  void set_arguments(const scalar::mg_run& run, const plan::Step& step, const codegen::DeviceStep& device);
  std::uint64_t next_seed();
  void launch(const DeviceKernel& kernel, std::int64_t rows, const std::string& where);
  void launch(const DeviceKernel& kernel, std::uint64_t blocks, std::uint64_t seed, const std::string& where);
  void expect_idle(const scalar::mg_device& state, const DeviceKernel& kernel,
                   const std::string& where) const;
  void save(const scalar::mg_run& run, const plan::Step& step);
  bool report_failure(scalar::mg_run& run, plan::BlockIndex block, std::size_t step);
  bool fails_on_cpu(scalar::mg_run& run, plan::BlockIndex block, std::size_t step) const;
  std::int64_t bytes_of(plan::SlotId slot, const scalar::mg_run& run) const;
  void* place_of(plan::SlotId slot, const scalar::mg_run& run) const;
  std::string describe(plan::BlockIndex block, std::size_t step) const;

  const DevicePlan& plan_;
  LaunchState& state_;
  scalar::mg_device device_{};
  Room room_;
  codegen::LongRows long_in_, long_out_;  // of the graph, where stages are balanced
  bool has_tables_ = false;
  std::vector<unsigned char> stamps_;  // of active rows
  scalar::mg_marked_rows active_;      // as the last iteration left it
  std::vector<Room> lane_rooms_;
  std::vector<scalar::mg_device> lanes_;               // of a loop that runs as one kernel
  std::vector<void*> places_;                          // what each parameter points at
  std::vector<void*> parameters_;                      // the address of each parameter
  std::vector<std::pair<plan::SlotId, Saved>> saved_;  // of arguments that a result overwrites
};

}  // namespace monograph::simt
