#include "host/cuda/runtime.h"
#include "kernels/bulk.h"

#if defined(MONOGRAPH_CUDA_RUNTIME)

#include <cuda_runtime_api.h>

#include <algorithm>

namespace monograph::cuda {
namespace {

Status status(cudaError_t error) { return static_cast<Status>(error); }

class CudaRuntime final : public Runtime {
 public:
  Status driver_version(int& version) override { return status(cudaDriverGetVersion(&version)); }
  Status runtime_version(int& version) override { return status(cudaRuntimeGetVersion(&version)); }
  Status device_count(int& count) override { return status(cudaGetDeviceCount(&count)); }
  Status device_properties(int device, DeviceProperties& out) override {
    cudaDeviceProp p{};
    const cudaError_t error = cudaGetDeviceProperties(&p, device);
    if (error == cudaSuccess)
      out = {.name = p.name,
             .major = p.major,
             .minor = p.minor,
             .multiprocessors = p.multiProcessorCount,
             .memory = p.totalGlobalMem,
             .l2_cache = static_cast<std::size_t>(p.l2CacheSize)};
    return status(error);
  }
  Status set_device(int device) override { return status(cudaSetDevice(device)); }
  Status memory_info(std::size_t& free, std::size_t& total) override {
    return status(cudaMemGetInfo(&free, &total));
  }
  std::string error_name(Status s) override { return cudaGetErrorName(static_cast<cudaError_t>(s)); }
  std::string error_text(Status s) override { return cudaGetErrorString(static_cast<cudaError_t>(s)); }

  Status allocate(void*& memory, std::size_t bytes) override { return status(cudaMalloc(&memory, bytes)); }
  Status release(void* memory) override { return status(cudaFree(memory)); }
  Status allocate_pinned(void*& memory, std::size_t bytes) override {
    return status(cudaHostAlloc(&memory, bytes, cudaHostAllocDefault));
  }
  Status release_pinned(void* memory) override { return status(cudaFreeHost(memory)); }
  Status copy(void* to, const void* from, std::size_t bytes) override {
    return status(cudaMemcpy(to, from, bytes, cudaMemcpyDefault));
  }
  Status copy_async(void* to, const void* from, std::size_t bytes, Stream stream) override {
    return status(cudaMemcpyAsync(to, from, bytes, cudaMemcpyDefault, stream));
  }

  Status create_stream(Stream& stream) override {
    return status(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
  }
  Status destroy_stream(Stream stream) override { return status(cudaStreamDestroy(stream)); }
  Status synchronize(Stream stream) override { return status(cudaStreamSynchronize(stream)); }
  Status query(Stream stream) override { return status(cudaStreamQuery(stream)); }
  Status create_event(Event& event) override { return status(cudaEventCreate(&event)); }
  Status destroy_event(Event event) override { return status(cudaEventDestroy(event)); }
  Status record_event(Event event, Stream stream) override { return status(cudaEventRecord(event, stream)); }
  Status elapsed_ms(Event first, Event last, float& ms) override {
    return status(cudaEventElapsedTime(&ms, first, last));
  }

  Status load_library(Library& library, std::span<const std::byte> cubin) override {
    return status(cudaLibraryLoadData(&library, cubin.data(), nullptr, nullptr, 0, nullptr, nullptr, 0));
  }
  Status unload_library(Library library) override { return status(cudaLibraryUnload(library)); }
  Status get_kernel(Kernel& kernel, Library library, const char* name) override {
    return status(cudaLibraryGetKernel(&kernel, library, name));
  }
  Status resident_blocks(int& blocks, const KernelLaunch& launch) override {
    int device = 0, multiprocessors = 0, each = 0;
    cudaError_t error = cudaGetDevice(&device);
    if (error == cudaSuccess)
      error = cudaDeviceGetAttribute(&multiprocessors, cudaDevAttrMultiProcessorCount, device);
    if (error == cudaSuccess)
      error = cudaOccupancyMaxActiveBlocksPerMultiprocessor(
          &each, launch.kernel, static_cast<int>(launch.threads), launch.shared_bytes);
    blocks = std::max(each * multiprocessors, 1);
    return status(error);
  }
  Status launch_kernel(const KernelLaunch& launch, Stream stream) override {
    if (launch.cooperative)
      return status(cudaLaunchCooperativeKernel(launch.kernel, dim3(launch.blocks), dim3(launch.threads),
                                                launch.parameters.data(), launch.shared_bytes, stream));
    return status(cudaLaunchKernel(launch.kernel, dim3(launch.blocks), dim3(launch.threads),
                                   launch.parameters.data(), launch.shared_bytes, stream));
  }
  const Bulk* bulk() override { return device_bulk(); }

  Status create_graph(CudaGraph& graph) override { return status(cudaGraphCreate(&graph, 0)); }
  Status destroy_graph(CudaGraph graph) override { return status(cudaGraphDestroy(graph)); }
  Status create_condition(Condition& condition, CudaGraph graph) override {
    return status(cudaGraphConditionalHandleCreate(&condition, graph, 1, cudaGraphCondAssignDefault));
  }
  // Parameters of a node are a union: what is not set in braces must be zero, or the call refuses it.
  Status add_kernel(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                    const KernelLaunch& launch) override {
    cudaGraphNodeParams p = {cudaGraphNodeTypeKernel, {}, {}, {}};
    p.kernel.func = launch.kernel;
    p.kernel.gridDim = dim3(launch.blocks);
    p.kernel.blockDim = dim3(launch.threads);
    p.kernel.sharedMemBytes = launch.shared_bytes;
    p.kernel.kernelParams = launch.parameters.data();
    const Status added = add(node, graph, after, p);
    if (added != Status::Success || !launch.cooperative) return added;
    cudaLaunchAttributeValue value{};
    value.cooperative = 1;
    return status(cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeCooperative, &value));
  }
  Status add_copy(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after, void* to,
                  const void* from, std::size_t bytes) override {
    // not as a box of one row: its pitch would end at 2 GiB
    return status(cudaGraphAddMemcpyNode1D(&node, graph, after.data(), after.size(), to, from, bytes,
                                           cudaMemcpyDefault));
  }
  Status add_empty(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after) override {
    cudaGraphNodeParams p = {cudaGraphNodeTypeEmpty, {}, {}, {}};
    return add(node, graph, after, p);
  }
  Status add_conditional(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                         Conditional kind, Condition condition, std::span<CudaGraph> bodies) override {
    cudaGraphNodeParams p = {cudaGraphNodeTypeConditional, {}, {}, {}};
    p.conditional.handle = condition;
    p.conditional.type = kind == Conditional::While ? cudaGraphCondTypeWhile : cudaGraphCondTypeIf;
    p.conditional.size = static_cast<unsigned>(bodies.size());
    const Status added = add(node, graph, after, p);
    for (std::size_t i = 0; added == Status::Success && i < bodies.size(); ++i)
      bodies[i] = p.conditional.phGraph_out[i];
    return added;
  }
  Status instantiate(CudaGraphExec& exec, CudaGraph graph) override {
    return status(cudaGraphInstantiate(&exec, graph, 0));
  }
  Status destroy_exec(CudaGraphExec exec) override { return status(cudaGraphExecDestroy(exec)); }
  Status upload(CudaGraphExec exec, Stream stream) override { return status(cudaGraphUpload(exec, stream)); }
  Status launch(CudaGraphExec exec, Stream stream) override { return status(cudaGraphLaunch(exec, stream)); }

 private:
  static Status add(CudaGraphNode& node, CudaGraph graph, std::span<const CudaGraphNode> after,
                    cudaGraphNodeParams& parameters) {
    return status(cudaGraphAddNode(&node, graph, after.data(), nullptr, after.size(), &parameters));
  }
};

}  // namespace

Runtime* machine_runtime() {
  static CudaRuntime runtime;
  return &runtime;
}

}  // namespace monograph::cuda

#else

namespace monograph::cuda {

Runtime* machine_runtime() { return nullptr; }
const Bulk* device_bulk() { return nullptr; }

}  // namespace monograph::cuda

#endif
