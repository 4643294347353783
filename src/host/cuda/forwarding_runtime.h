// A runtime that hands every call on to another one, for those that do some of them in their own way.
#pragma once

#include "host/cuda/runtime.h"

namespace monograph::cuda {

class ForwardingRuntime : public Runtime {
 public:
  /// `to` outlives this.
  explicit ForwardingRuntime(Runtime& to) : to_(to) {}

  Status driver_version(int& version) override { return to_.driver_version(version); }
  Status runtime_version(int& version) override { return to_.runtime_version(version); }
  Status device_count(int& count) override { return to_.device_count(count); }
  Status device_properties(int device, DeviceProperties& out) override {
    return to_.device_properties(device, out);
  }
  Status set_device(int device) override { return to_.set_device(device); }
  Status memory_info(std::size_t& free, std::size_t& total) override { return to_.memory_info(free, total); }
  std::string error_name(Status status) override { return to_.error_name(status); }
  std::string error_text(Status status) override { return to_.error_text(status); }

  Status allocate(void*& memory, std::size_t bytes) override { return to_.allocate(memory, bytes); }
  Status release(void* memory) override { return to_.release(memory); }
  Status allocate_pinned(void*& memory, std::size_t bytes) override {
    return to_.allocate_pinned(memory, bytes);
  }
  Status release_pinned(void* memory) override { return to_.release_pinned(memory); }
  Status copy(void* to, const void* from, std::size_t bytes) override { return to_.copy(to, from, bytes); }
  Status copy_async(void* to, const void* from, std::size_t bytes, Stream stream) override {
    return to_.copy_async(to, from, bytes, stream);
  }

  Status create_stream(Stream& stream) override { return to_.create_stream(stream); }
  Status destroy_stream(Stream stream) override { return to_.destroy_stream(stream); }
  Status synchronize(Stream stream) override { return to_.synchronize(stream); }
  Status query(Stream stream) override { return to_.query(stream); }
  Status create_event(Event& event) override { return to_.create_event(event); }
  Status destroy_event(Event event) override { return to_.destroy_event(event); }
  Status record_event(Event event, Stream stream) override { return to_.record_event(event, stream); }
  Status elapsed_ms(Event first, Event last, float& ms) override { return to_.elapsed_ms(first, last, ms); }

  Status load_library(Library& library, std::span<const std::byte> cubin) override {
    return to_.load_library(library, cubin);
  }
  Status unload_library(Library library) override { return to_.unload_library(library); }
  Status get_kernel(Kernel& kernel, Library library, const char* name) override {
    return to_.get_kernel(kernel, library, name);
  }
  Status resident_blocks(int& blocks, const KernelLaunch& launch) override {
    return to_.resident_blocks(blocks, launch);
  }
  Status launch_kernel(const KernelLaunch& launch, Stream stream) override {
    return to_.launch_kernel(launch, stream);
  }
  const Bulk* bulk() override { return to_.bulk(); }

  void begin_step(PlanStep step) override { to_.begin_step(step); }
  bool conditions_in_memory() const override { return to_.conditions_in_memory(); }
  Status create_graph(CudaGraph& graph) override { return to_.create_graph(graph); }
  Status destroy_graph(CudaGraph graph) override { return to_.destroy_graph(graph); }
  Status create_condition(Condition& condition, CudaGraph graph) override {
    return to_.create_condition(condition, graph);
  }
  Status add_kernel(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                    const KernelLaunch& launch) override {
    return to_.add_kernel(node, graph, after, launch);
  }
  Status add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after, void* to,
                  const void* from, std::size_t bytes) override {
    return to_.add_copy(node, graph, after, to, from, bytes);
  }
  Status add_empty(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after) override {
    return to_.add_empty(node, graph, after);
  }
  Status add_conditional(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                         Conditional kind, Condition condition, std::span<CudaGraph> bodies) override {
    return to_.add_conditional(node, graph, after, kind, condition, bodies);
  }
  Status instantiate(CudaGraphExec& exec, CudaGraph graph) override { return to_.instantiate(exec, graph); }
  Status destroy_exec(CudaGraphExec exec) override { return to_.destroy_exec(exec); }
  Status upload(CudaGraphExec exec, Stream stream) override { return to_.upload(exec, stream); }
  Status launch(CudaGraphExec exec, Stream stream) override { return to_.launch(exec, stream); }

 protected:
  Runtime& to_;
};

}  // namespace monograph::cuda
