// A CUDA runtime for tests: keeps every call, plays any state of driver and devices, fails the call it is
// told to, and knows what was not given back. Device memory is the host's, so that copies can be looked at;
// what nobody wrote there is garbage.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "host/cuda/runtime.h"

namespace monograph::test {

struct FakeDevice {
  cuda::DeviceProperties properties{
      .name = "NVIDIA H200", .major = 9, .minor = 0, .multiprocessors = 132, .memory = 150ull << 30};
  std::size_t free_memory = 140ull << 30;
  cuda::Status context = cuda::Status::Success;  ///< of what needs one
};

/// What a graph holds, for tests to walk.
struct FakeNode {
  enum class Kind { Kernel, Copy, Empty, Conditional } kind{};
  std::string kernel = {};             ///< its name
  std::vector<void*> parameters = {};  ///< of a kernel: each taken as a pointer
  cuda::KernelLaunch launch = {};      ///< without its parameters
  void* to = nullptr;
  const void* from = nullptr;
  std::size_t bytes = 0;
  cuda::Conditional conditional{};
  cuda::Condition condition = 0;
  std::vector<cuda::CudaGraph> bodies = {};
  std::vector<cuda::CudaGraphNode> after = {};
};
struct FakeGraph {
  std::vector<cuda::CudaGraphNode> nodes;  ///< in the order in which they were added
  cuda::CudaGraph parent = nullptr;        ///< of a body
};

class FakeRuntime final : public cuda::Runtime {
 public:
  // What it plays.
  int driver = 13000, toolkit = 13000;
  cuda::Status count_status = cuda::Status::Success;
  std::vector<FakeDevice> devices{FakeDevice{}};
  int fail_at = -1;  ///< the number of the call (in `calls`) that fails; -1: none
  cuda::Status failure = cuda::Status{719};
  /// Runs a kernel; with it, launches are executed: nodes in a random order that their dependencies allow.
  std::function<void(const FakeNode&)> on_kernel;
  unsigned seed = 1;
  int resident = 3;  ///< blocks of a kernel that it holds at once
  const cuda::Bulk* bulk_machine = nullptr;
  /// Launches return at once, and their kernels run in a thread of their own.
  bool asynchronous = false;
  std::string fault;    ///< what `on_kernel` threw: then the device is lost
  bool sticky = false;  ///< every later call fails too, as after a fault on the device

  // What happened.
  std::vector<std::string> calls;
  std::size_t alive() const { return objects_.size(); }  ///< handed out and not given back
  int count(const std::string& call) const;
  const FakeGraph& graph(cuda::CudaGraph g) const { return *graphs_.at(g); }
  cuda::CudaGraph created_graph() const { return created_; }  ///< the last one, no body
  const FakeNode& node(cuda::CudaGraphNode n) const { return *nodes_.at(n); }
  /// The graph that a condition belongs to. Its value stands at the address that the handle is.
  cuda::CudaGraph owner(cuda::Condition c) const { return conditions_.at(c).graph; }
  std::size_t kernels_taken(cuda::Library l) const;
  std::size_t used_memory() const { return used_; }      ///< of the device, now
  std::size_t most_memory() const { return most_; }      ///< ever
  std::size_t pinned_memory() const { return pinned_; }  ///< now

  cuda::Status driver_version(int& version) override;
  cuda::Status runtime_version(int& version) override;
  cuda::Status device_count(int& count) override;
  cuda::Status device_properties(int device, cuda::DeviceProperties& out) override;
  cuda::Status set_device(int device) override;
  cuda::Status memory_info(std::size_t& free, std::size_t& total) override;
  std::string error_name(cuda::Status status) override;
  std::string error_text(cuda::Status status) override;
  cuda::Status allocate(void*& memory, std::size_t bytes) override;
  cuda::Status release(void* memory) override;
  cuda::Status allocate_pinned(void*& memory, std::size_t bytes) override;
  cuda::Status release_pinned(void* memory) override;
  cuda::Status copy(void* to, const void* from, std::size_t bytes) override;
  cuda::Status copy_async(void* to, const void* from, std::size_t bytes, cuda::Stream stream) override;
  cuda::Status create_stream(cuda::Stream& stream) override;
  cuda::Status destroy_stream(cuda::Stream stream) override;
  cuda::Status synchronize(cuda::Stream stream) override;
  cuda::Status query(cuda::Stream stream) override;
  cuda::Status create_event(cuda::Event& event) override;
  cuda::Status destroy_event(cuda::Event event) override;
  cuda::Status record_event(cuda::Event event, cuda::Stream stream) override;
  cuda::Status elapsed_ms(cuda::Event first, cuda::Event last, float& ms) override;
  cuda::Status load_library(cuda::Library& library, std::span<const std::byte> cubin) override;
  cuda::Status unload_library(cuda::Library library) override;
  cuda::Status get_kernel(cuda::Kernel& kernel, cuda::Library library, const char* name) override;
  cuda::Status resident_blocks(int& blocks, const cuda::KernelLaunch& launch) override;
  cuda::Status launch_kernel(const cuda::KernelLaunch& launch, cuda::Stream stream) override;
  const cuda::Bulk* bulk() override { return bulk_machine; }
  cuda::Status create_graph(cuda::CudaGraph& graph) override;
  cuda::Status destroy_graph(cuda::CudaGraph graph) override;
  cuda::Status create_condition(cuda::Condition& condition, cuda::CudaGraph graph) override;
  cuda::Status add_kernel(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                          std::span<const cuda::CudaGraphNode> after,
                          const cuda::KernelLaunch& launch) override;
  cuda::Status add_copy(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                        std::span<const cuda::CudaGraphNode> after, void* to, const void* from,
                        std::size_t bytes) override;
  cuda::Status add_empty(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                         std::span<const cuda::CudaGraphNode> after) override;
  cuda::Status add_conditional(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                               std::span<const cuda::CudaGraphNode> after, cuda::Conditional kind,
                               cuda::Condition condition, std::span<cuda::CudaGraph> bodies) override;
  cuda::Status instantiate(cuda::CudaGraphExec& exec, cuda::CudaGraph graph) override;
  cuda::Status destroy_exec(cuda::CudaGraphExec exec) override;
  cuda::Status upload(cuda::CudaGraphExec exec, cuda::Stream stream) override;
  cuda::Status launch(cuda::CudaGraphExec exec, cuda::Stream stream) override;

 private:
  cuda::Status note(const char* call);
  cuda::Status needs_context(const char* call);
  /// `what`, given back under another name or twice, is an InvalidValue.
  template <class T>
  T hand_out(const char* what);
  template <class T>
  cuda::Status take_back(const char* call, const char* what, T handle);
  cuda::Status add(cuda::CudaGraphNode& node, cuda::CudaGraph graph, FakeNode made);
  std::optional<FakeNode> kernel_node(const cuda::KernelLaunch& launch) const;
  cuda::Status executed(const std::function<void()>& work) noexcept;
  bool known(const void* handle, const char* what) const;

  std::uintptr_t next_ = 0x1000;
  std::map<const void*, std::string> objects_;
  std::map<const void*, std::unique_ptr<std::byte[]>> memory_;
  std::map<const void*, std::string> kernels_;  ///< names
  std::map<const void*, const void*> kernel_owner_;
  std::map<cuda::CudaGraph, std::unique_ptr<FakeGraph>> graphs_;
  std::map<cuda::CudaGraphNode, std::unique_ptr<FakeNode>> nodes_;
  struct FakeCondition {
    cuda::CudaGraph graph = nullptr;
    std::unique_ptr<unsigned> value;
  };
  void* take_memory(const char* what, std::size_t bytes);
  void run(cuda::CudaGraph graph) noexcept;
  void execute(cuda::CudaGraph graph);
  void execute(const FakeNode& node);
  std::map<cuda::Condition, FakeCondition> conditions_;
  std::map<cuda::CudaGraphExec, cuda::CudaGraph> execs_;
  std::set<cuda::CudaGraph> instantiated_;
  cuda::CudaGraph created_ = nullptr;
  int current_ = 0;
  bool lost_ = false;
  std::map<const void*, std::size_t> sizes_;
  std::size_t used_ = 0, most_ = 0, pinned_ = 0;
  std::atomic<bool> running_ = false;
  std::jthread device_;
};

}  // namespace monograph::test
