// The nodes of a plan's CUDA graph.
#pragma once

#include <map>
#include <span>
#include <vector>

#include "host/codegen/device_step.h"
#include "host/cuda/plan_graph.h"

namespace monograph::cuda {

class GraphBuilder {
 public:
  GraphBuilder(PlanGraph& owner, const PlanKernels& kernels, void* spill);

  /// Steps of the entry block that the owner's option `keep` takes out of the run: they depend on the graph
  /// alone, and cannot fail.
  bool is_kept(std::size_t step) const { return kept_[step]; }
  bool has_kept() const;
  /// A graph of those steps.
  void build_kept(CudaGraph graph);
  /// A graph of all the others; fills the owner's tables.
  void build(CudaGraph graph);

 private:
  /// What the next node waits for.
  using Frontier = std::vector<CudaGraphNode>;

  void find_kept();
  /// What is added from now on belongs to it.
  void begin(PlanStep step);
  int stamp_number();
  /// That the present step is done.
  void stamp(CudaGraph graph, Frontier& after);
  void block(CudaGraph graph, plan::BlockIndex index, Frontier& after);
  void wave(CudaGraph graph, plan::BlockIndex index, std::size_t first, std::size_t end, Frontier& after);
  void kernels(CudaGraph graph, plan::BlockIndex index, std::size_t at, std::size_t lane, Frontier& after);
  /// `values`: pointers, or handles of conditions.
  void kernel(CudaGraph graph, KernelLaunch launch, std::vector<void*> values, Frontier& after);
  void loop(CudaGraph graph, const plan::Step& step, Frontier& after);
  void loop_kernel(CudaGraph graph, plan::BlockIndex index, std::size_t at, Frontier& after);
  unsigned grid_of(plan::BlockIndex index, std::size_t at, const GroupKernel& kernel) const;
  std::int64_t most_rows(const plan::Step& loop) const;
  void bodies(CudaGraph graph, const plan::Step& step, const LoopForm& form, device::mg_site next,
              Condition condition, Frontier& after);
  void leave(CudaGraph graph, const plan::Step& step, const LoopForm& form, int number, Frontier& after);
  void branch(CudaGraph graph, const plan::Step& step, Frontier& after);
  void result(CudaGraph graph, std::size_t at, Frontier& after);
  void move_columns(CudaGraph graph, std::span<const plan::Move> moves, Frontier& after);
  void take_turns(CudaGraph graph, std::span<const plan::Move> moves, Frontier& after);
  void copy(CudaGraph graph, void* to, const void* from, std::size_t bytes, Frontier& after);
  void control(CudaGraph graph, Kernel function, const device::mg_site& site, Condition condition,
               Frontier& after, std::size_t column_bytes = 0);
  /// Scalars among `moves`, as pairs.
  void add_pairs(device::mg_site& site, std::span<const plan::Move> moves);
  /// By cells: beside those of slots there are some for what a failed check keeps.
  void add_scalar_pairs(device::mg_site& site, std::span<const plan::Move> scalars);
  /// That a failure there keeps the iterations of the loops around.
  void add_loops_around(device::mg_site& site, plan::BlockIndex index);
  void add_cycles(device::mg_site& site, const plan::Step& step);
  const codegen::DeviceStep& step_of(plan::BlockIndex index, std::size_t at);
  bool is_column(plan::SlotId slot) const;
  void* address(plan::SlotId slot) const;

  PlanGraph& o_;
  const PlanKernels& kernels_;
  void* spill_;
  std::vector<bool> kept_;  // of the entry block
  std::map<std::pair<plan::BlockIndex, std::size_t>, codegen::DeviceStep> steps_;
  std::vector<void*> place_;  // of slots, as far as the graph is built
  PlanStep at_;
  bool stamps_ = false;
  bool settled_ = false;  // inside of what may run any number of times: memory must not have moved at its end
  int inside_ = 0;        // loops around
  int rounds_ = 0;        // of them those that may end before the round does
  int loops_ = 0;         // with numbers so far
};

}  // namespace monograph::cuda
