// A plan as one CUDA graph: parameters in, every step, results out. Built node by node for one graph and one
// device; a run is one launch of it, and other parameters need no other graph.
//
// Loops are WHILE nodes, branches IF nodes; groups of a wave are branches of the graph that run at once.
// Carried columns change hands by copies, or take turns in memory where iterations are unrolled
// (loop_form.h).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/cuda/column_moves.h"
#include "host/cuda/control.h"
#include "host/cuda/device_tables.h"
#include "host/cuda/handles.h"
#include "host/cuda/loop_form.h"
#include "host/cuda/stamp.h"
#include "host/plan/plan.h"

namespace monograph::cuda {

class GraphBuilder;

/// One kernel of a step: see codegen/device_step.h for its parameters.
struct GroupKernel {
  Kernel kernel = nullptr;
  std::int64_t rows_per_block = 0;
  unsigned threads = 256, shared_bytes = 0;
};
struct PlanKernels {
  /// [block][step], in the order of launch. Of a loop: the kernel that is all of it, whose parameter is an
  /// mg_loop; none where its steps are nodes.
  std::vector<std::vector<std::vector<GroupKernel>>> groups;
  /// Of control_text(). `leave` to `settle`: for loops that are unrolled.
  Kernel enter = nullptr, next = nullptr, branch = nullptr, move = nullptr, note = nullptr, leave = nullptr,
         copy = nullptr, settle = nullptr, stamp = nullptr;
  /// All of those, by their names in control_text().
  void set_control(const std::function<Kernel(const char* name)>& kernel);
};

/// Why a plan has no graph: the operation that has no device code. Empty when it has one.
std::string objection(const plan::Plan& plan);
/// Slots of the present iterations of the loops around a block, outermost first.
std::vector<plan::SlotId> loops_around(const plan::Plan& plan, plan::BlockIndex block);

/// Device memory that a plan's groups need beside columns, for each lane: the sizes of mg_device::partial and
/// mg_device::votes, for whichever of its steps needs most.
struct LaneRoom {
  std::int64_t partial = 0, votes = 0, pieces = 0;  ///< bytes
};
/// `pieces` of long rows that are cut, in all directions.
LaneRoom room_for(const plan::Plan& plan, std::int64_t nodes, std::int64_t edges, bool undirected,
                  std::int64_t pieces = 0);

class PlanGraph {
 public:
  /// `lanes` (1 to MG_LANES) have the graph's sizes and rows, and room for partial results, in device memory:
  /// as many groups run at once, each with room of its own. `attributes` are the columns of the plan's
  /// attribute slots there. Both, and the plan, are the caller's and outlive this. MemoryError, RuntimeError:
  /// nothing stays behind. `plan` has no objection.
  PlanGraph(Runtime& runtime, const plan::Plan& plan, const PlanKernels& kernels,
            std::span<const device::mg_device> lanes, const std::map<plan::SlotId, void*>& attributes,
            const GraphOptions& options = {});

  /// Parameters by their slots, for the runs to come.
  void set(plan::SlotId slot, const Constant& value);
  /// One launch, and a wait for its end. What it allocates: nothing.
  void run() { start(), wait(); }
  /// The same in parts. A run that is `stopped` ends before its first iteration.
  void start(bool stopped = false);
  void wait();
  void wait_quietly() noexcept;
  bool done();  ///< whether the wait is over
  /// Asks the run to end before its next iteration.
  void stop() { watch().stop = 1; }
  /// The iteration of an outermost loop that was begun last, as far as is known; -1: none.
  std::int64_t begun() const { return watch().begun; }

  // Of the last run.
  const device::mg_control& control() const { return *static_cast<const device::mg_control*>(out_.get()); }
  std::uint64_t cell(plan::SlotId slot) const;  ///< of a scalar
  /// A step of the entry block that yields an output or stores an attribute: its column, in device memory.
  const void* column(std::size_t step) const { return results_.at(step); }

  /// Of the first check that failed, its step: block and number. Nothing when none did.
  std::optional<std::pair<plan::BlockIndex, std::size_t>> failed_group() const;

  /// Of the loops around that one the present iterations, outermost first.
  std::vector<std::int64_t> failed_loops() const;

  /// Of the last run, in the order of time; `lost`: how many were before them, for which there was no room.
  std::vector<Stamp> stamps(std::int64_t& lost) const;

  /// Of columns, control, tables and stamps.
  std::size_t device_bytes() const { return device_bytes_; }

 private:
  friend class GraphBuilder;
  std::size_t bytes_of(plan::SlotId slot) const;
  std::size_t lay_out_control(const PlanKernels& kernels);
  void lay_out_loops(const PlanKernels& kernels, plan::BlockIndex block, std::size_t& end);
  /// Of the loop that is one kernel in which the last run failed; null where it failed in none.
  const device::mg_loop* failed_loop() const;
  void lay_out_columns(const std::map<plan::SlotId, void*>& attributes);
  void bind_scalars();
  volatile device::mg_watch& watch() const { return *static_cast<device::mg_watch*>(watch_.get()); }
  void compute_kept(GraphBuilder& builder);
  std::byte* in(std::size_t offset) const { return static_cast<std::byte*>(in_.get()) + offset; }
  std::byte* on_device(std::size_t offset) const { return static_cast<std::byte*>(control_.get()) + offset; }

  Runtime& runtime_;
  const plan::Plan& plan_;
  GraphOptions options_;
  std::int64_t nodes_, edges_;
  std::size_t lanes_;
  std::size_t cells_ = 0, moving_ = 0, control_bytes_ = 0;  // offsets in the control block
  std::size_t device_bytes_ = 0, spill_bytes_ = 0;
  unsigned char* stamps_ = nullptr;                               // of active rows
  std::vector<std::pair<plan::BlockIndex, std::size_t>> groups_;  // steps, by the numbers of their notes
  // Where in the control block the state of each loop is that is one kernel.
  std::map<std::pair<plan::BlockIndex, std::size_t>, std::size_t> loops_;
  std::vector<PlanStep> stamped_;         // steps, by the numbers of their stamps
  std::map<std::size_t, void*> results_;  // by step of the entry block
  std::vector<void*> slots_;              // in device memory: elements of a column, cell of a scalar
  PinnedMemory in_, out_;                 // the control block before and after a run
  PinnedMemory watch_;                    // what both sides see while it runs
  DeviceMemory control_, columns_, ring_;
  DeviceTables tables_;
  OwnedStream stream_;
  OwnedGraph graph_;
  OwnedExec exec_;
};

}  // namespace monograph::cuda
