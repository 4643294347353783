// The nodes of a plan's CUDA graph.
#pragma once

#include <span>
#include <vector>

#include "host/cuda/plan_graph.h"

namespace monograph::cuda {

class GraphBuilder {
 public:
  GraphBuilder(PlanGraph& owner, const PlanKernels& kernels, void* spill)
      : o_(owner), kernels_(kernels), spill_(spill) {}
  /// Fills the owner's graph, and the tables of its control block.
  void build();

 private:
  /// What the next node waits for.
  using Frontier = std::vector<CudaGraphNode>;

  void block(CudaGraph graph, plan::BlockIndex index, Frontier& after);
  void wave(CudaGraph graph, plan::BlockIndex index, std::size_t first, std::size_t end, Frontier& after);
  void group(CudaGraph graph, plan::BlockIndex index, std::size_t at, std::size_t lane, Frontier& after);
  /// `values`: pointers, or handles of conditions.
  void kernel(CudaGraph graph, KernelLaunch launch, std::vector<void*> values, Frontier& after);
  void loop(CudaGraph graph, const plan::Step& step, bool outermost, Frontier& after);
  void branch(CudaGraph graph, const plan::Step& step, Frontier& after);
  void result(CudaGraph graph, std::size_t at, Frontier& after);
  void move_columns(CudaGraph graph, std::span<const plan::Move> moves, Frontier& after);
  void copy(CudaGraph graph, void* to, const void* from, std::size_t bytes, Frontier& after);
  void control(CudaGraph graph, Kernel function, device::mg_site site, Condition condition, Frontier& after);
  /// Scalars among `moves`, as pairs in the control block.
  void add_pairs(device::mg_site& site, std::span<const plan::Move> moves);
  bool is_column(plan::SlotId slot) const;
  void* address(plan::SlotId slot) const;

  PlanGraph& o_;
  const PlanKernels& kernels_;
  void* spill_;
  std::size_t sites_ = 0, pairs_ = 0;  // used so far
};

}  // namespace monograph::cuda
