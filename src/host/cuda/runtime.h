// The calls of the CUDA runtime that Monograph makes, as one interface: the real one over a statically linked
// runtime (cuda_runtime.cpp), and a recording one for tests. Nothing else in the project calls CUDA on the
// host.
//
// Handles are the toolkit's own types, declared here by name so that no CUDA header is needed. Calls give the
// runtime's error code as it is: what to make of it is `check`'s business (handles.h) and `survey`'s
// (devices.h).
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

struct CUstream_st;
struct CUevent_st;
struct CUgraph_st;
struct CUgraphNode_st;
struct CUgraphExec_st;
struct CUlib_st;
struct CUkern_st;

namespace monograph::cuda {

class Bulk;  // kernels/bulk.h

using Stream = CUstream_st*;
using Event = CUevent_st*;
using CudaGraph = CUgraph_st*;
using CudaGraphNode = CUgraphNode_st*;
using CudaGraphExec = CUgraphExec_st*;
using Library = CUlib_st*;
using Kernel = CUkern_st*;
using Condition = unsigned long long;  ///< of a conditional node; kernels set its value

/// cudaError_t. Those that mean something to Monograph have a name.
enum class Status : int {
  Success = 0,
  InvalidValue = 1,
  OutOfMemory = 2,
  StubLibrary = 34,         ///< libcuda is the toolkit's stub, which has no driver behind it
  InsufficientDriver = 35,  ///< none, or one older than the runtime
  NoDevice = 100,
  NotReady = 600,  ///< of `query`: work is still going on
};

struct DeviceProperties {
  std::string name;
  int major = 0, minor = 0;  ///< compute capability
  int multiprocessors = 0;
  std::size_t memory = 0;  ///< bytes
  std::size_t l2_cache = 0;
  int architecture() const { return major * 10 + minor; }
};

struct KernelLaunch {
  Kernel kernel = nullptr;
  unsigned blocks = 1, threads = 1;
  unsigned shared_bytes = 0;
  bool cooperative = false;          ///< all blocks at once: they wait for each other
  std::span<void*> parameters = {};  ///< addresses of the arguments, read when the node is added
};

/// A step of a plan: its block and its number there; or none.
struct PlanStep {
  static constexpr std::uint32_t kNone = 0xffffffff;
  std::uint32_t block = kNone, step = kNone;
  friend auto operator<=>(const PlanStep&, const PlanStep&) = default;
};

enum class Conditional : std::uint8_t {
  If,     ///< one body, or a second one for a value of 0
  While,  ///< one body
};

/// Where a call fails nothing is handed out, and what its output parameters hold does not count.
class Runtime {
 public:
  virtual ~Runtime() = default;

  virtual Status driver_version(int& version) = 0;  ///< 13000: a driver of CUDA 13.0; 0: there is none
  virtual Status runtime_version(int& version) = 0;
  virtual Status device_count(int& count) = 0;
  virtual Status device_properties(int device, DeviceProperties& out) = 0;
  virtual Status set_device(int device) = 0;  ///< of the calling thread; makes the device's context
  virtual Status memory_info(std::size_t& free, std::size_t& total) = 0;
  virtual std::string error_name(Status status) = 0;
  virtual std::string error_text(Status status) = 0;

  virtual Status allocate(void*& memory, std::size_t bytes) = 0;
  virtual Status release(void* memory) = 0;
  virtual Status allocate_pinned(void*& memory, std::size_t bytes) = 0;
  virtual Status release_pinned(void* memory) = 0;
  virtual Status copy(void* to, const void* from, std::size_t bytes) = 0;  ///< done when it returns
  virtual Status copy_async(void* to, const void* from, std::size_t bytes, Stream stream) = 0;

  virtual Status create_stream(Stream& stream) = 0;  ///< does not wait for the default stream
  virtual Status destroy_stream(Stream stream) = 0;
  virtual Status synchronize(Stream stream) = 0;
  /// NotReady while what was put into the stream goes on. Where that cannot be asked, waits for it.
  virtual Status query(Stream stream) { return synchronize(stream); }
  virtual Status create_event(Event& event) = 0;
  virtual Status destroy_event(Event event) = 0;
  virtual Status record_event(Event event, Stream stream) = 0;
  virtual Status elapsed_ms(Event first, Event last, float& ms) = 0;

  virtual Status load_library(Library& library, std::span<const std::byte> cubin) = 0;
  virtual Status unload_library(Library library) = 0;
  virtual Status get_kernel(Kernel& kernel, Library library, const char* name) = 0;
  /// How many blocks of such a launch the device holds at once, at least 1; its parameters do not matter.
  virtual Status resident_blocks(int& blocks, const KernelLaunch& launch) = 0;
  /// Outside of any graph, behind what the stream has; arguments are read before it returns.
  virtual Status launch_kernel(const KernelLaunch& launch, Stream stream) = 0;
  /// Sorts and transposes in device memory; null: there is none.
  virtual const Bulk* bulk() { return nullptr; }

  /// What is added to graphs from now on belongs to that step: for runtimes that show steps.
  virtual void begin_step(PlanStep) {}
  /// A condition's handle is the address of a word that kernels write, instead of a device's own.
  virtual bool conditions_in_memory() const { return false; }
  virtual Status create_graph(CudaGraph& graph) = 0;
  virtual Status destroy_graph(CudaGraph graph) = 0;  ///< with its nodes and their bodies
  /// Its value is 1 when a launch of the outermost graph begins.
  virtual Status create_condition(Condition& condition, CudaGraph graph) = 0;
  virtual Status add_kernel(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                            const KernelLaunch& launch) = 0;
  virtual Status add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                          void* to, const void* from, std::size_t bytes) = 0;
  virtual Status add_empty(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after) = 0;
  /// The bodies belong to the node; `bodies` of them come back, empty.
  virtual Status add_conditional(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                                 Conditional kind, Condition condition, std::span<CudaGraph> bodies) = 0;
  virtual Status instantiate(CudaGraphExec& exec, CudaGraph graph) = 0;
  virtual Status destroy_exec(CudaGraphExec exec) = 0;
  virtual Status upload(CudaGraphExec exec, Stream stream) = 0;
  virtual Status launch(CudaGraphExec exec, Stream stream) = 0;
};

/// The machine's own; null where Monograph was built without CUDA. Lives as long as the process.
Runtime* machine_runtime();

}  // namespace monograph::cuda
