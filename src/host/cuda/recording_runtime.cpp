#include "host/cuda/recording_runtime.h"

namespace monograph::cuda {
namespace {

constexpr Status kFine = Status::Success;
constexpr std::size_t kAlignment = 256;
constexpr int kResidentBlocks = 132;  // one per multiprocessor of an H200

}  // namespace

template <class T>
T RecordingRuntime::next() {
  return reinterpret_cast<T>(next_ += 0x10);
}

CudaGraph RecordingRuntime::new_graph() {
  const auto graph = next<CudaGraph>();
  graphs_.try_emplace(graph);
  return graph;
}

// ---- a machine that has everything
Status RecordingRuntime::driver_version(int& version) { return version = 13000, kFine; }
Status RecordingRuntime::runtime_version(int& version) { return version = 13000, kFine; }
Status RecordingRuntime::device_count(int& count) { return count = 1, kFine; }
Status RecordingRuntime::device_properties(int, DeviceProperties& out) {
  out = {.name = "none", .major = 9};
  return kFine;
}
Status RecordingRuntime::set_device(int) { return kFine; }
Status RecordingRuntime::memory_info(std::size_t& free, std::size_t& total) {
  free = total = std::size_t{1} << 46;
  return kFine;
}
std::string RecordingRuntime::error_name(Status status) { return std::to_string(static_cast<int>(status)); }
std::string RecordingRuntime::error_text(Status) { return "recorded"; }

// ---- memory: of the device none, since nothing runs
Status RecordingRuntime::allocate(void*& memory, std::size_t bytes) {
  memory = reinterpret_cast<void*>(memory_);
  memory_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
  return kFine;
}
Status RecordingRuntime::release(void*) { return kFine; }
Status RecordingRuntime::allocate_pinned(void*& memory, std::size_t bytes) {
  auto block = std::make_unique<std::byte[]>(bytes);
  memory = block.get();
  pinned_[memory] = std::move(block);
  return kFine;
}
Status RecordingRuntime::release_pinned(void* memory) { return pinned_.erase(memory), kFine; }
Status RecordingRuntime::copy(void*, const void*, std::size_t) { return kFine; }
Status RecordingRuntime::copy_async(void*, const void*, std::size_t, Stream) { return kFine; }

Status RecordingRuntime::create_stream(Stream& stream) { return stream = next<Stream>(), kFine; }
Status RecordingRuntime::destroy_stream(Stream) { return kFine; }
Status RecordingRuntime::synchronize(Stream) { return kFine; }
Status RecordingRuntime::create_event(Event& event) { return event = next<Event>(), kFine; }
Status RecordingRuntime::destroy_event(Event) { return kFine; }
Status RecordingRuntime::record_event(Event, Stream) { return kFine; }
Status RecordingRuntime::elapsed_ms(Event, Event, float& ms) { return ms = 0, kFine; }

// ---- kernels: any name is one
Status RecordingRuntime::load_library(Library& library, std::span<const std::byte>) {
  return library = next<Library>(), kFine;
}
Status RecordingRuntime::unload_library(Library) { return kFine; }
Status RecordingRuntime::get_kernel(Kernel& kernel, Library, const char* name) {
  kernel = next<Kernel>();
  kernels_[kernel] = name;
  return kFine;
}
Status RecordingRuntime::resident_blocks(int& blocks, const KernelLaunch&) {
  return blocks = kResidentBlocks, kFine;
}
Status RecordingRuntime::launch_kernel(const KernelLaunch&, Stream) { return kFine; }

// ---- graphs
Status RecordingRuntime::create_graph(CudaGraph& graph) { return graph = new_graph(), kFine; }
Status RecordingRuntime::destroy_graph(CudaGraph) { return kFine; }  // it stays to be looked at
Status RecordingRuntime::create_condition(Condition& condition, CudaGraph) {
  condition = next_ += 0x10;
  return kFine;
}

Status RecordingRuntime::add(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                             RecordedNode made) {
  made.after.assign(after.begin(), after.end());
  node = next<CudaGraphNode>();
  graphs_.at(graph).push_back(node);
  nodes_.emplace(node, std::move(made));
  return kFine;
}
Status RecordingRuntime::add_kernel(CudaGraphNode& node, CudaGraph graph,
                                    std::span<const CudaGraphNode> after, const KernelLaunch& launch) {
  const auto known = kernels_.find(launch.kernel);
  if (known == kernels_.end()) return Status::InvalidValue;
  return add(node, graph, after,
             {.kind = RecordedNode::Kind::Kernel,
              .kernel = known->second,
              .blocks = launch.blocks,
              .threads = launch.threads,
              .shared_bytes = launch.shared_bytes,
              .cooperative = launch.cooperative});
}
Status RecordingRuntime::add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                                  void* to, const void* from, std::size_t bytes) {
  const auto kind = pinned_.contains(from) ? RecordedNode::Kind::CopyIn
                    : pinned_.contains(to) ? RecordedNode::Kind::CopyOut
                                           : RecordedNode::Kind::Copy;
  return add(node, graph, after, {.kind = kind, .bytes = bytes});
}
Status RecordingRuntime::add_empty(CudaGraphNode& node, CudaGraph graph,
                                   std::span<const CudaGraphNode> after) {
  return add(node, graph, after, {.kind = RecordedNode::Kind::Empty});
}
Status RecordingRuntime::add_conditional(CudaGraphNode& node, CudaGraph graph,
                                         std::span<const CudaGraphNode> after, Conditional kind, Condition,
                                         std::span<CudaGraph> bodies) {
  RecordedNode made{.kind = kind == Conditional::While ? RecordedNode::Kind::While : RecordedNode::Kind::If};
  for (CudaGraph& body : bodies) made.bodies.push_back(body = new_graph());
  return add(node, graph, after, std::move(made));
}

Status RecordingRuntime::instantiate(CudaGraphExec& exec, CudaGraph graph) {
  instantiated_.push_back(graph);
  return exec = next<CudaGraphExec>(), kFine;
}
Status RecordingRuntime::destroy_exec(CudaGraphExec) { return kFine; }
Status RecordingRuntime::upload(CudaGraphExec, Stream) { return kFine; }
Status RecordingRuntime::launch(CudaGraphExec, Stream) { return kFine; }

}  // namespace monograph::cuda
