// Graphs that the host carries out itself on a device, node by node, so that each step of a plan can be seen
// and timed. The kernels are the same as in a launch of the graph; what is not the same is all that a graph
// is for: the host decides about loops and branches, nothing runs at once, and between kernels the device
// waits for the host.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "host/base/ranges.h"
#include "host/cuda/forwarding_runtime.h"
#include "host/cuda/handles.h"

namespace monograph::cuda {

/// Arguments of kernels have 8 bytes each.
class StepwiseRuntime final : public ForwardingRuntime {
 public:
  struct Hooks {
    std::function<std::string(PlanStep)> name = {};  ///< for profilers; asked only where one is attached
    std::function<void()> look = {};                 ///< before each decision; what it throws ends the run
  };
  StepwiseRuntime(Runtime& device, Hooks hooks) : ForwardingRuntime(device), hooks_(std::move(hooks)) {}

  /// What the device needed for a step: of loops and branches, without their inside.
  struct Time {
    std::int64_t calls = 0, ns = 0;
  };
  /// Since they were taken last.
  std::map<PlanStep, Time> take_times() { return std::exchange(times_, {}); }

  void begin_step(PlanStep step) override { adding_ = step; }
  bool conditions_in_memory() const override { return true; }
  Status create_graph(CudaGraph& graph) override;
  Status destroy_graph(CudaGraph graph) override;
  Status create_condition(Condition& condition, CudaGraph graph) override;
  Status add_kernel(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                    const KernelLaunch& launch) override;
  Status add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after, void* to,
                  const void* from, std::size_t bytes) override;
  Status add_empty(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after) override;
  Status add_conditional(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                         Conditional kind, Condition condition, std::span<CudaGraph> bodies) override;
  Status instantiate(CudaGraphExec& exec, CudaGraph graph) override;
  Status destroy_exec(CudaGraphExec exec) override;
  Status upload(CudaGraphExec, Stream) override { return Status::Success; }
  Status launch(CudaGraphExec exec, Stream stream) override;

 private:
  struct Node {
    PlanStep step = {};
    std::optional<KernelLaunch> kernel = {};
    std::vector<void*> arguments = {};
    void* to = nullptr;
    const void* from = nullptr;
    std::size_t bytes = 0;  ///< of a copy
    Conditional conditional{};
    Condition condition = 0;
    std::vector<CudaGraph> bodies = {};
  };
  struct Graph {
    std::vector<Node> nodes;  ///< in an order that their dependencies allow: that of their making
    std::vector<PinnedMemory> conditions;
  };
  struct Span {
    PlanStep step;
    std::size_t first, last;  ///< events
  };

  template <class T>
  T next() {
    return reinterpret_cast<T>(next_ += 0x10);
  }
  Status add(CudaGraphNode& node, CudaGraph graph, Node made);
  void execute(CudaGraph graph);
  void execute(Node& node);
  void decide(Node& node);
  bool holds(const Node& node);
  void begin_span(PlanStep step);
  void end_span();
  void settle();
  std::size_t stamp();

  Hooks hooks_;
  std::uintptr_t next_ = 0x1000;
  PlanStep adding_;
  std::map<CudaGraph, Graph> graphs_;
  std::map<CudaGraphExec, CudaGraph> execs_;
  std::set<PlanStep> deciding_;  // loops and branches
  // Of the launch that goes on.
  Stream stream_ = nullptr;
  std::vector<OwnedEvent> events_;  // kept for the next one
  std::size_t used_ = 0;
  std::vector<Span> spans_;  // not read yet
  bool open_ = false;        // the last of them
  std::optional<base::Range> range_;
  std::map<PlanStep, Time> times_;
};

}  // namespace monograph::cuda
