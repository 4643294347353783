#include "cuda/fake_runtime.h"

#include <algorithm>
#include <cstring>

namespace monograph::test {

using cuda::Status;

namespace {

constexpr Status kInvalid = Status::InvalidValue;

template <class T>
Status first_failure(std::initializer_list<T> all) {
  for (const T s : all)
    if (s != Status::Success) return s;
  return Status::Success;
}

}  // namespace

int FakeRuntime::count(const std::string& call) const {
  return static_cast<int>(std::ranges::count(calls, call));
}

std::size_t FakeRuntime::kernels_taken(cuda::Library l) const {
  return static_cast<std::size_t>(
      std::ranges::count_if(kernel_owner_, [&](const auto& k) { return k.second == l; }));
}

Status FakeRuntime::note(const char* call) {
  calls.emplace_back(call);
  if (lost_) return failure;
  if (static_cast<int>(calls.size()) - 1 != fail_at) return Status::Success;
  lost_ = sticky;
  return failure;
}

Status FakeRuntime::needs_context(const char* call) {
  const Status noted = note(call);
  if (noted != Status::Success) return noted;
  if (count_status != Status::Success) return count_status;
  if (static_cast<std::size_t>(current_) >= devices.size()) return Status::NoDevice;
  return devices[static_cast<std::size_t>(current_)].context;
}

template <class T>
T FakeRuntime::hand_out(const char* what) {
  const T handle = reinterpret_cast<T>(next_ += 0x10);
  objects_[handle] = what;
  return handle;
}

template <class T>
Status FakeRuntime::take_back(const char* call, const char* what, T handle) {
  const Status noted = note(call);  // a destroyed context takes its objects with it: given back even so
  if (!known(handle, what)) return kInvalid;
  objects_.erase(handle);
  return noted;
}

bool FakeRuntime::known(const void* handle, const char* what) const {
  const auto it = objects_.find(handle);
  return it != objects_.end() && it->second == what;
}

Status FakeRuntime::driver_version(int& version) {
  version = driver;
  return note("driver_version");
}
Status FakeRuntime::runtime_version(int& version) {
  version = toolkit;
  return note("runtime_version");
}
Status FakeRuntime::device_count(int& count) {
  count = static_cast<int>(devices.size());
  return first_failure({note("device_count"), count_status});
}
Status FakeRuntime::device_properties(int device, cuda::DeviceProperties& out) {
  if (device < 0 || static_cast<std::size_t>(device) >= devices.size()) return kInvalid;
  out = devices[static_cast<std::size_t>(device)].properties;
  return note("device_properties");
}
Status FakeRuntime::set_device(int device) {
  current_ = device;
  return needs_context("set_device");
}
Status FakeRuntime::memory_info(std::size_t& free, std::size_t& total) {
  const Status status = needs_context("memory_info");
  if (status != Status::Success) return status;
  const FakeDevice& d = devices[static_cast<std::size_t>(current_)];
  free = d.free_memory - std::min(used_, d.free_memory), total = d.properties.memory;
  return status;
}
std::string FakeRuntime::error_name(Status status) {
  if (status == Status::OutOfMemory) return "cudaErrorMemoryAllocation";
  if (status == Status{719}) return "cudaErrorLaunchFailure";
  if (status == Status{802}) return "cudaErrorSystemNotReady";
  return "cudaError" + std::to_string(static_cast<int>(status));
}
std::string FakeRuntime::error_text(Status status) {
  if (!fault.empty()) return fault;
  return status == Status{719} ? "unspecified launch failure" : "as the driver words it";
}

Status FakeRuntime::allocate(void*& memory, std::size_t bytes) {
  const Status status = needs_context("allocate");
  if (status != Status::Success) return status;
  if (used_ + bytes > devices[static_cast<std::size_t>(current_)].free_memory) return Status::OutOfMemory;
  memory = take_memory("memory", bytes);
  used_ += bytes, most_ = std::max(most_, used_);
  return status;
}
void* FakeRuntime::take_memory(const char* what, std::size_t bytes) {
  auto block = std::make_unique<std::byte[]>(bytes);
  std::memset(block.get(), 0xa5, bytes);
  void* const memory = block.get();
  objects_[memory] = what, memory_[memory] = std::move(block), sizes_[memory] = bytes;
  return memory;
}
Status FakeRuntime::release(void* memory) {
  const Status status = take_back("release", "memory", memory);
  if (memory_.erase(memory)) used_ -= sizes_[memory];
  return status;
}
Status FakeRuntime::allocate_pinned(void*& memory, std::size_t bytes) {
  const Status status = needs_context("allocate_pinned");
  if (status != Status::Success) return status;
  memory = take_memory("pinned", bytes);
  pinned_ += bytes;
  return status;
}
Status FakeRuntime::release_pinned(void* memory) {
  const Status status = take_back("release_pinned", "pinned", memory);
  if (memory_.erase(memory)) pinned_ -= sizes_[memory];
  return status;
}
Status FakeRuntime::copy(void* to, const void* from, std::size_t bytes) {
  const Status status = needs_context("copy");
  if (status == Status::Success) std::memcpy(to, from, bytes);
  return status;
}
Status FakeRuntime::copy_async(void* to, const void* from, std::size_t bytes, cuda::Stream stream) {
  const Status status = needs_context("copy_async");
  if (!known(stream, "stream")) return kInvalid;
  if (status == Status::Success) std::memcpy(to, from, bytes);
  return status;
}

Status FakeRuntime::create_stream(cuda::Stream& stream) {
  const Status status = needs_context("create_stream");
  if (status == Status::Success) stream = hand_out<cuda::Stream>("stream");
  return status;
}
Status FakeRuntime::destroy_stream(cuda::Stream stream) {
  return take_back("destroy_stream", "stream", stream);
}
Status FakeRuntime::synchronize(cuda::Stream stream) {
  if (device_.joinable()) device_.join();
  const Status status = needs_context("synchronize");
  return known(stream, "stream") ? status : kInvalid;
}
Status FakeRuntime::query(cuda::Stream stream) {
  if (running_) return known(stream, "stream") ? Status::NotReady : kInvalid;
  if (device_.joinable()) device_.join();
  const Status status = needs_context("query");
  return known(stream, "stream") ? status : kInvalid;
}
Status FakeRuntime::create_event(cuda::Event& event) {
  const Status status = needs_context("create_event");
  if (status == Status::Success) event = hand_out<cuda::Event>("event");
  return status;
}
Status FakeRuntime::destroy_event(cuda::Event event) { return take_back("destroy_event", "event", event); }
Status FakeRuntime::record_event(cuda::Event event, cuda::Stream stream) {
  const Status status = needs_context("record_event");
  return known(event, "event") && known(stream, "stream") ? status : kInvalid;
}
Status FakeRuntime::elapsed_ms(cuda::Event first, cuda::Event last, float& ms) {
  ms = 1;
  const Status status = needs_context("elapsed_ms");
  return known(first, "event") && known(last, "event") ? status : kInvalid;
}

Status FakeRuntime::load_library(cuda::Library& library, std::span<const std::byte> cubin) {
  const Status status = needs_context("load_library");
  if (cubin.empty()) return kInvalid;
  if (status == Status::Success) library = hand_out<cuda::Library>("library");
  return status;
}
Status FakeRuntime::unload_library(cuda::Library library) {
  std::erase_if(kernel_owner_, [&](const auto& k) { return k.second == library; });
  return take_back("unload_library", "library", library);
}
Status FakeRuntime::get_kernel(cuda::Kernel& kernel, cuda::Library library, const char* name) {
  const Status status = needs_context("get_kernel");
  if (!known(library, "library")) return kInvalid;
  if (status != Status::Success) return status;
  kernel = reinterpret_cast<cuda::Kernel>(next_ += 0x10);
  kernels_[kernel] = name, kernel_owner_[kernel] = library;
  return status;
}

Status FakeRuntime::create_graph(cuda::CudaGraph& graph) {
  const Status status = needs_context("create_graph");
  if (status != Status::Success) return status;
  graph = hand_out<cuda::CudaGraph>("graph");
  graphs_[created_ = graph] = std::make_unique<FakeGraph>();
  return status;
}
Status FakeRuntime::destroy_graph(cuda::CudaGraph graph) {
  return take_back("destroy_graph", "graph", graph);
}
Status FakeRuntime::create_condition(cuda::Condition& condition, cuda::CudaGraph graph) {
  const Status status = needs_context("create_condition");
  if (!graphs_.contains(graph)) return kInvalid;
  if (status != Status::Success) return status;
  auto value = std::make_unique<unsigned>(1);
  condition = reinterpret_cast<cuda::Condition>(value.get());
  conditions_[condition] = {graph, std::move(value)};
  return status;
}

Status FakeRuntime::add(cuda::CudaGraphNode& node, cuda::CudaGraph graph, FakeNode made) {
  if (!graphs_.contains(graph)) return kInvalid;
  FakeGraph& owner = *graphs_.at(graph);
  for (const cuda::CudaGraphNode n : made.after)  // of the same graph, as the runtime wants it
    if (std::ranges::find(owner.nodes, n) == owner.nodes.end()) return kInvalid;
  node = reinterpret_cast<cuda::CudaGraphNode>(next_ += 0x10);
  owner.nodes.push_back(node);
  nodes_[node] = std::make_unique<FakeNode>(std::move(made));
  return Status::Success;
}

std::optional<FakeNode> FakeRuntime::kernel_node(const cuda::KernelLaunch& launch) const {
  const auto owner = kernel_owner_.find(launch.kernel);
  if (owner == kernel_owner_.end() || launch.blocks == 0 || launch.threads == 0 || launch.threads > 1024 ||
      (launch.cooperative && launch.blocks > static_cast<unsigned>(resident)))
    return {};
  FakeNode made{.kind = FakeNode::Kind::Kernel};
  made.kernel = kernels_.at(launch.kernel), made.launch = launch, made.launch.parameters = {};
  for (void* const p : launch.parameters) made.parameters.push_back(*static_cast<void**>(p));
  return made;
}
Status FakeRuntime::resident_blocks(int& blocks, const cuda::KernelLaunch& launch) {
  const Status status = needs_context("resident_blocks");
  if (!kernel_owner_.contains(launch.kernel)) return kInvalid;
  blocks = resident;
  return status;
}
Status FakeRuntime::launch_kernel(const cuda::KernelLaunch& launch, cuda::Stream stream) {
  const Status status = needs_context("launch_kernel");
  if (!known(stream, "stream")) return kInvalid;
  if (status != Status::Success) return status;
  const std::optional<FakeNode> node = kernel_node(launch);
  if (!node) return kInvalid;
  return on_kernel ? executed([&] { on_kernel(*node); }) : status;
}

Status FakeRuntime::add_kernel(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                               std::span<const cuda::CudaGraphNode> after, const cuda::KernelLaunch& launch) {
  const Status status = needs_context("add_kernel");
  if (status != Status::Success) return status;
  std::optional<FakeNode> made = kernel_node(launch);
  if (!made) return kInvalid;
  made->after.assign(after.begin(), after.end());
  return add(node, graph, std::move(*made));
}
Status FakeRuntime::add_copy(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                             std::span<const cuda::CudaGraphNode> after, void* to, const void* from,
                             std::size_t bytes) {
  const Status status = needs_context("add_copy");
  if (status != Status::Success) return status;
  if (bytes == 0 || !to || !from) return kInvalid;
  FakeNode made{.kind = FakeNode::Kind::Copy};
  made.to = to, made.from = from, made.bytes = bytes, made.after.assign(after.begin(), after.end());
  return add(node, graph, std::move(made));
}
Status FakeRuntime::add_empty(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                              std::span<const cuda::CudaGraphNode> after) {
  const Status status = needs_context("add_empty");
  if (status != Status::Success) return status;
  FakeNode made{.kind = FakeNode::Kind::Empty};
  made.after.assign(after.begin(), after.end());
  return add(node, graph, std::move(made));
}
Status FakeRuntime::add_conditional(cuda::CudaGraphNode& node, cuda::CudaGraph graph,
                                    std::span<const cuda::CudaGraphNode> after, cuda::Conditional kind,
                                    cuda::Condition condition, std::span<cuda::CudaGraph> bodies) {
  const Status status = needs_context("add_conditional");
  if (status != Status::Success) return status;
  const auto owner = conditions_.find(condition);
  const std::size_t most = kind == cuda::Conditional::While ? 1 : 2;
  if (owner == conditions_.end() || owner->second.graph != graph || bodies.empty() || bodies.size() > most)
    return kInvalid;
  FakeNode made{.kind = FakeNode::Kind::Conditional};
  made.conditional = kind, made.condition = condition, made.after.assign(after.begin(), after.end());
  for (cuda::CudaGraph& body : bodies) {
    body = reinterpret_cast<cuda::CudaGraph>(next_ += 0x10);
    graphs_[body] = std::make_unique<FakeGraph>();
    graphs_[body]->parent = graph;
    made.bodies.push_back(body);
  }
  return add(node, graph, std::move(made));
}

Status FakeRuntime::instantiate(cuda::CudaGraphExec& exec, cuda::CudaGraph graph) {
  const Status status = needs_context("instantiate");
  if (!known(graph, "graph")) return kInvalid;
  if (status != Status::Success) return status;
  if (!instantiated_.insert(graph).second) return kInvalid;  // with conditional nodes: once
  exec = hand_out<cuda::CudaGraphExec>("exec");
  execs_[exec] = graph;
  return status;
}
Status FakeRuntime::destroy_exec(cuda::CudaGraphExec exec) { return take_back("destroy_exec", "exec", exec); }
Status FakeRuntime::upload(cuda::CudaGraphExec exec, cuda::Stream stream) {
  const Status status = needs_context("upload");
  return known(exec, "exec") && known(stream, "stream") ? status : kInvalid;
}
Status FakeRuntime::launch(cuda::CudaGraphExec exec, cuda::Stream stream) {
  const Status status = needs_context("launch");
  if (!known(exec, "exec") || !known(stream, "stream")) return kInvalid;
  if (status != Status::Success || !on_kernel) return status;
  for (auto& [handle, condition] : conditions_) *condition.value = 1;  // as their defaults say
  if (!asynchronous) {
    run(execs_.at(exec));
    return lost_ ? failure : status;
  }
  running_ = true;
  device_ = std::jthread([this, graph = execs_.at(exec)] { run(graph), running_ = false; });
  return status;
}

void FakeRuntime::run(cuda::CudaGraph graph) noexcept {
  executed([&] { execute(graph); });
}

Status FakeRuntime::executed(const std::function<void()>& work) noexcept {
  try {
    work();
  } catch (const std::exception& error) {
    fault = error.what(), lost_ = true;
  }
  return lost_ ? failure : Status::Success;
}

void FakeRuntime::execute(cuda::CudaGraph graph) {
  std::vector<cuda::CudaGraphNode> left = graphs_.at(graph)->nodes;
  const auto waits = [&](cuda::CudaGraphNode n) {
    return std::ranges::any_of(nodes_.at(n)->after, [&](cuda::CudaGraphNode before) {
      return std::ranges::find(left, before) != left.end();
    });
  };
  while (!left.empty()) {
    std::vector<cuda::CudaGraphNode> ready;
    for (const cuda::CudaGraphNode n : left)
      if (!waits(n)) ready.push_back(n);
    const cuda::CudaGraphNode n = ready[(seed = seed * 1664525u + 1013904223u) / 65536u % ready.size()];
    execute(*nodes_.at(n));
    std::erase(left, n);
  }
}

void FakeRuntime::execute(const FakeNode& node) {
  const auto value = [&] { return *conditions_.at(node.condition).value; };
  if (node.kind == FakeNode::Kind::Kernel) on_kernel(node);
  if (node.kind == FakeNode::Kind::Copy) std::memmove(node.to, node.from, node.bytes);
  if (node.kind != FakeNode::Kind::Conditional) return;
  if (node.conditional == cuda::Conditional::While)
    while (value() != 0) execute(node.bodies[0]);
  else if (value() != 0)
    execute(node.bodies[0]);
  else if (node.bodies.size() > 1)
    execute(node.bodies[1]);
}

}  // namespace monograph::test
