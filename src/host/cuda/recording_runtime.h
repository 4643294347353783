// A CUDA runtime without a device: keeps the graphs that are built on it, and runs nothing. What a plan
// becomes can be looked at with it on any machine.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "host/cuda/runtime.h"

namespace monograph::cuda {

struct RecordedNode {
  /// CopyIn and CopyOut: from and to pinned memory of the host.
  enum class Kind : std::uint8_t { Kernel, Copy, CopyIn, CopyOut, Empty, If, While };
  Kind kind{};
  std::string kernel = {};  ///< its name
  unsigned blocks = 0, threads = 0, shared_bytes = 0;
  bool cooperative = false;
  std::size_t bytes = 0;                  ///< of a copy
  std::vector<CudaGraphNode> after = {};  ///< of the same graph
  std::vector<CudaGraph> bodies = {};
};

class RecordingRuntime final : public Runtime {
 public:
  /// In the order in which they were added.
  const std::vector<CudaGraphNode>& nodes(CudaGraph graph) const { return graphs_.at(graph); }
  const RecordedNode& node(CudaGraphNode n) const { return nodes_.at(n); }
  /// Instantiated graphs, in that order; also those that were destroyed since.
  const std::vector<CudaGraph>& instantiated() const { return instantiated_; }

  Status driver_version(int& version) override;
  Status runtime_version(int& version) override;
  Status device_count(int& count) override;
  Status device_properties(int device, DeviceProperties& out) override;
  Status set_device(int device) override;
  Status memory_info(std::size_t& free, std::size_t& total) override;
  std::string error_name(Status status) override;
  std::string error_text(Status status) override;
  Status allocate(void*& memory, std::size_t bytes) override;
  Status release(void* memory) override;
  Status allocate_pinned(void*& memory, std::size_t bytes) override;
  Status release_pinned(void* memory) override;
  Status copy(void* to, const void* from, std::size_t bytes) override;
  Status copy_async(void* to, const void* from, std::size_t bytes, Stream stream) override;
  Status create_stream(Stream& stream) override;
  Status destroy_stream(Stream stream) override;
  Status synchronize(Stream stream) override;
  Status create_event(Event& event) override;
  Status destroy_event(Event event) override;
  Status record_event(Event event, Stream stream) override;
  Status elapsed_ms(Event first, Event last, float& ms) override;
  Status load_library(Library& library, std::span<const std::byte> cubin) override;
  Status unload_library(Library library) override;
  Status get_kernel(Kernel& kernel, Library library, const char* name) override;
  Status resident_blocks(int& blocks, const KernelLaunch& launch) override;
  Status launch_kernel(const KernelLaunch& launch, Stream stream) override;
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
  Status upload(CudaGraphExec exec, Stream stream) override;
  Status launch(CudaGraphExec exec, Stream stream) override;

 private:
  template <class T>
  T next();
  CudaGraph new_graph();
  Status add(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after, RecordedNode made);

  std::uintptr_t next_ = 0x1000;
  std::uintptr_t memory_ = std::uintptr_t{1} << 40;  // addresses that nothing is behind
  std::map<Kernel, std::string> kernels_;
  std::map<CudaGraph, std::vector<CudaGraphNode>> graphs_;
  std::map<CudaGraphNode, RecordedNode> nodes_;
  std::vector<CudaGraph> instantiated_;
  std::map<const void*, std::unique_ptr<std::byte[]>> pinned_;
};

}  // namespace monograph::cuda
