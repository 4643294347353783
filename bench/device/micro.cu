// What a device charges for the pieces that plans are made of: launches, nodes, loops, branches, barriers,
// memory.
//   device_micro [FILE [FIGURES]]   a line per figure on standard output; FILE gets all of them as JSON, FIGURES those that
//                                   the library's cost model reads (src/host/cuda/device_figures.json), with nothing proven
// Exit code 4 where there is no device.
//
// Times of chains are differences of two lengths, so that what is paid once falls out. Medians.
#include <cuda_runtime.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

void check(cudaError_t error, const char* call, int line) {
  if (error == cudaSuccess) return;
  std::fprintf(stderr, "micro.cu:%d: %s: %s\n", line, call, cudaGetErrorString(error));
  std::exit(7);
}
#define CHECK(call) check(call, #call, __LINE__)

// ---- kernels
__global__ void nothing() {}
__global__ void count_down(unsigned* left, unsigned from, cudaGraphConditionalHandle handle) {
  const unsigned now = *left == 0 ? from : *left;
  *left = now - 1;
  cudaGraphSetConditional(handle, now > 1);
}

/// All blocks are here: a counter, and a generation that the last one to come raises.
__device__ void grid_barrier(unsigned* barrier) {
  __syncthreads();
  if (threadIdx.x == 0) {
    volatile unsigned* generation = barrier + 32;
    const unsigned mine = *generation;
    __threadfence();
    if (atomicAdd(barrier, 1) == gridDim.x - 1) {
      *barrier = 0;
      __threadfence();
      *generation = mine + 1;
    } else {
      while (*generation == mine) {
      }
    }
    __threadfence();
  }
  __syncthreads();
}
__global__ void meet(unsigned* barrier, unsigned times) {
  for (unsigned i = 0; i < times; ++i) grid_barrier(barrier);
}
__global__ void meet_in_block(unsigned times) {
  for (unsigned i = 0; i < times; ++i) __syncthreads();
}
__global__ void copy(const float4* in, float4* out, std::size_t n) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < n;
       i += std::size_t{gridDim.x} * blockDim.x)
    out[i] = in[i];
}
__global__ void random_indices(unsigned* out, std::size_t n, unsigned below) {
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < n;
       i += std::size_t{gridDim.x} * blockDim.x) {
    unsigned long long z = i * 0x9e3779b97f4a7c15ull;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    out[i] = static_cast<unsigned>((z >> 32) * below >> 32);
  }
}
template <class T>
__global__ void gather(const unsigned* index, const T* x, T* out, std::size_t n) {
  T sum = 0;
  for (std::size_t i = blockIdx.x * std::size_t{blockDim.x} + threadIdx.x; i < n;
       i += std::size_t{gridDim.x} * blockDim.x)
    sum += __ldg(x + index[i]);
  if (sum == T(0.123)) *out = sum;  // never, but the compiler cannot know
}

// ---- measuring
class Device {
 public:
  Device() {
    CHECK(cudaGetDeviceProperties(&properties, 0));
    CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    CHECK(cudaEventCreate(&first_));
    CHECK(cudaEventCreate(&last_));
  }

  template <class F>
  double microseconds(int times, const F& work) {
    std::vector<float> all;
    for (int i = 0; i <= times; ++i) {  // the first one warms up
      CHECK(cudaEventRecord(first_, stream));
      work();
      CHECK(cudaEventRecord(last_, stream));
      CHECK(cudaEventSynchronize(last_));
      float ms = 0;
      CHECK(cudaEventElapsedTime(&ms, first_, last_));
      if (i > 0) all.push_back(ms);
    }
    std::nth_element(all.begin(), all.begin() + times / 2, all.end());
    return 1000.0 * all[times / 2];
  }

  cudaDeviceProp properties{};
  cudaStream_t stream = nullptr;

 private:
  cudaEvent_t first_ = nullptr, last_ = nullptr;
};

class Graph {
 public:
  explicit Graph(Device& device) : device_(device) { CHECK(cudaGraphCreate(&graph, 0)); }
  ~Graph() {
    if (exec_) cudaGraphExecDestroy(exec_);
    cudaGraphDestroy(graph);
  }

  static cudaGraphNode_t add_kernel(cudaGraph_t to, cudaGraphNode_t after, void* function, unsigned blocks,
                                    unsigned threads, void** arguments = nullptr, bool cooperative = false) {
    cudaGraphNodeParams p = {cudaGraphNodeTypeKernel};
    p.kernel.func = function;
    p.kernel.gridDim = dim3(blocks);
    p.kernel.blockDim = dim3(threads);
    p.kernel.kernelParams = arguments;
    cudaGraphNode_t node = nullptr;
    CHECK(cudaGraphAddNode(&node, to, after ? &after : nullptr, nullptr, after ? 1 : 0, &p));
    if (cooperative) {
      cudaLaunchAttributeValue value{};
      value.cooperative = 1;
      CHECK(cudaGraphKernelNodeSetAttribute(node, cudaLaunchAttributeCooperative, &value));
    }
    return node;
  }

  std::pair<cudaGraphNode_t, cudaGraph_t> add_conditional(cudaGraphNode_t after,
                                                          cudaGraphConditionalHandle handle,
                                                          cudaGraphConditionalNodeType type) {
    cudaGraphNodeParams p = {cudaGraphNodeTypeConditional};
    p.conditional.handle = handle;
    p.conditional.type = type;
    p.conditional.size = 1;
    cudaGraphNode_t node = nullptr;
    CHECK(cudaGraphAddNode(&node, graph, after ? &after : nullptr, nullptr, after ? 1 : 0, &p));
    return {node, p.conditional.phGraph_out[0]};
  }

  double microseconds(int times) {
    if (!exec_) {
      const auto start = Clock::now();
      CHECK(cudaGraphInstantiate(&exec_, graph, 0));
      instantiate_us = std::chrono::duration<double, std::micro>(Clock::now() - start).count();
      CHECK(cudaGraphUpload(exec_, device_.stream));
    }
    return device_.microseconds(times, [&] { CHECK(cudaGraphLaunch(exec_, device_.stream)); });
  }

  /// What the call itself takes, on the host.
  double launch_us(int times) {
    std::vector<double> all;
    for (int i = 0; i < times; ++i) {
      CHECK(cudaStreamSynchronize(device_.stream));
      const auto start = Clock::now();
      CHECK(cudaGraphLaunch(exec_, device_.stream));
      all.push_back(std::chrono::duration<double, std::micro>(Clock::now() - start).count());
    }
    CHECK(cudaStreamSynchronize(device_.stream));
    std::nth_element(all.begin(), all.begin() + times / 2, all.end());
    return all[static_cast<std::size_t>(times / 2)];
  }

  cudaGraph_t graph = nullptr;
  double instantiate_us = 0;

 private:
  Device& device_;
  cudaGraphExec_t exec_ = nullptr;
};

using Figures = std::vector<std::pair<std::string, double>>;

void chains(Device& d, Figures& out) {
  const auto chain = [&](int length, double* launch) {
    Graph g(d);
    cudaGraphNode_t node = nullptr;
    for (int i = 0; i < length; ++i)
      node = Graph::add_kernel(g.graph, node, reinterpret_cast<void*>(nothing),
                               static_cast<unsigned>(d.properties.multiProcessorCount), 256);
    const double us = g.microseconds(51);
    if (launch) *launch = g.launch_us(201), out.emplace_back("instantiate_us_100_nodes", g.instantiate_us);
    return us;
  };
  double launch = 0;
  const double hundred = chain(100, &launch), thousand = chain(1000, nullptr);
  out.emplace_back("launch_us", launch);
  out.emplace_back("node_us", (thousand - hundred) / 900);
  out.emplace_back("graph_of_one_node_us", chain(1, nullptr));
}

void loops(Device& d, unsigned* words, Figures& out) {
  for (const int body : {0, 2}) {
    const auto loop = [&](unsigned iterations) {
      Graph g(d);
      cudaGraphConditionalHandle handle{};
      CHECK(cudaGraphConditionalHandleCreate(&handle, g.graph, 1, cudaGraphCondAssignDefault));
      const cudaGraph_t inside = g.add_conditional(nullptr, handle, cudaGraphCondTypeWhile).second;
      cudaGraphNode_t node = nullptr;
      for (int k = 0; k < body; ++k)
        node = Graph::add_kernel(inside, node, reinterpret_cast<void*>(nothing),
                                 static_cast<unsigned>(d.properties.multiProcessorCount), 256);
      void* arguments[] = {&words, &iterations, &handle};
      Graph::add_kernel(inside, node, reinterpret_cast<void*>(count_down), 1, 1, arguments);
      return g.microseconds(11);
    };
    out.emplace_back("while_iteration_us_" + std::to_string(body + 1) + "_kernels",
                     (loop(1001) - loop(1)) / 1000);
  }
  for (const unsigned taken : {0u, 1u}) {
    constexpr int kChain = 100;
    Graph g(d);
    cudaGraphNode_t node = nullptr;
    for (int i = 0; i < kChain; ++i) {
      cudaGraphConditionalHandle handle{};
      CHECK(cudaGraphConditionalHandleCreate(&handle, g.graph, taken, cudaGraphCondAssignDefault));
      const auto [made, inside] = g.add_conditional(node, handle, cudaGraphCondTypeIf);
      Graph::add_kernel(inside, nullptr, reinterpret_cast<void*>(nothing), 1, 32);
      node = made;
    }
    out.emplace_back(taken ? "branch_taken_us" : "branch_not_taken_us", g.microseconds(21) / kChain);
  }
}

void barriers(Device& d, unsigned* words, Figures& out) {
  for (const int per_sm : {1, 2, 4}) {
    const auto grid = [&](unsigned times) {
      unsigned* barrier = words + 64;
      void* arguments[] = {&barrier, &times};
      Graph g(d);
      Graph::add_kernel(g.graph, nullptr, reinterpret_cast<void*>(meet),
                        static_cast<unsigned>(d.properties.multiProcessorCount * per_sm), 256, arguments,
                        true);
      return g.microseconds(11);
    };
    out.emplace_back("grid_barrier_us_" + std::to_string(per_sm) + "_blocks_per_sm",
                     (grid(2000) - grid(1000)) / 1000);
  }
  const auto block = [&](unsigned times) {
    return d.microseconds(11, [&] { meet_in_block<<<1, 1024, 0, d.stream>>>(times); });
  };
  out.emplace_back("block_barrier_us", (block(20000) - block(10000)) / 10000);
  unsigned* word = nullptr;
  CHECK(cudaMallocHost(&word, sizeof *word));
  const auto start = Clock::now();
  for (int i = 0; i < 500; ++i) {
    nothing<<<1, 32, 0, d.stream>>>();
    CHECK(cudaMemcpyAsync(word, words, sizeof *word, cudaMemcpyDeviceToHost, d.stream));
    CHECK(cudaStreamSynchronize(d.stream));
  }
  out.emplace_back("host_round_trip_us",
                   std::chrono::duration<double, std::micro>(Clock::now() - start).count() / 500);
  CHECK(cudaFreeHost(word));
}

template <class T>
double gathers(Device& d, const unsigned* index, std::size_t count, void* x, void* out) {
  const unsigned blocks = static_cast<unsigned>(d.properties.multiProcessorCount) * 8;
  return static_cast<double>(count) * 1e-3 / d.microseconds(7, [&] {
    gather<T><<<blocks, 256, 0, d.stream>>>(index, static_cast<const T*>(x), static_cast<T*>(out), count);
  });
}

void memory(Device& d, unsigned* words, Figures& out) {
  const unsigned blocks = static_cast<unsigned>(d.properties.multiProcessorCount) * 8;
  const std::size_t bytes = std::min<std::size_t>(std::size_t{4} << 30, d.properties.totalGlobalMem / 8);
  void *a = nullptr, *b = nullptr;
  CHECK(cudaMalloc(&a, bytes));
  CHECK(cudaMalloc(&b, bytes));
  CHECK(cudaMemset(a, 1, bytes));
  const double us = d.microseconds(7, [&] {
    copy<<<blocks, 256, 0, d.stream>>>(static_cast<const float4*>(a), static_cast<float4*>(b),
                                       bytes / sizeof(float4));
  });
  out.emplace_back("copy_gbs", 2.0 * static_cast<double>(bytes) * 1e-3 / us);
  const std::size_t part = std::size_t{64} << 20;
  const double one = d.microseconds(7, [&] {
    copy<<<1, 256, 0, d.stream>>>(static_cast<const float4*>(a), static_cast<float4*>(b), part / sizeof(float4));
  });
  out.emplace_back("one_block_copy_gbs", 2.0 * static_cast<double>(part) * 1e-3 / one);
  const std::size_t count = bytes / sizeof(unsigned) / 4;
  for (int log = 18; log <= 27; log += 3) {
    random_indices<<<blocks, 256, 0, d.stream>>>(static_cast<unsigned*>(a), count, 1u << log);
    CHECK(cudaMemsetAsync(b, 0, std::size_t{8} << log, d.stream));
    const auto* index = static_cast<const unsigned*>(a);
    out.emplace_back("gather4_gps_2e" + std::to_string(log), gathers<float>(d, index, count, b, words));
    out.emplace_back("gather8_gps_2e" + std::to_string(log), gathers<double>(d, index, count, b, words));
  }
  CHECK(cudaFree(a));
  CHECK(cudaFree(b));
}

void write(const std::string& file, const Device& d, const Figures& figures) {
  std::FILE* f = std::fopen(file.c_str(), "w");
  if (!f) {
    std::fprintf(stderr, "%s: cannot be written\n", file.c_str());
    std::exit(3);
  }
  std::fprintf(f,
               "{\n  \"schema\": 1,\n  \"device\": \"%s\",\n  \"architecture\": %d,\n  \"multiprocessors\": "
               "%d,\n  \"l2_bytes\": %d,\n",
               d.properties.name, 10 * d.properties.major + d.properties.minor,
               d.properties.multiProcessorCount, d.properties.l2CacheSize);
  std::fprintf(f, "  \"figures\": {");
  for (std::size_t i = 0; i < figures.size(); ++i)
    std::fprintf(f, "%s\n    \"%s\": %.6g", i ? "," : "", figures[i].first.c_str(), figures[i].second);
  std::fprintf(f, "\n  }\n}\n");
  std::fclose(f);
}

double figure(const Figures& all, const std::string& name) {
  for (const auto& [known, value] : all)
    if (known == name) return value;
  return 0;
}

/// In the cost model's units: nanoseconds, bytes per microsecond.
void write_figures(const std::string& file, const Device& d, const Figures& all) {
  std::FILE* f = std::fopen(file.c_str(), "w");
  if (!f) {
    std::fprintf(stderr, "%s: cannot be written\n", file.c_str());
    std::exit(3);
  }
  const auto number = [&](const char* name, const char* of, double scale) {
    std::fprintf(f, "      \"%s\": %.0f,\n", name, figure(all, of) * scale);
  };
  std::fprintf(f, "{\n  \"format\": 1,\n  \"devices\": [\n    {\n      \"architecture\": %d,\n      \"measured\": true,\n",
               10 * d.properties.major + d.properties.minor);
  std::fprintf(f, "      \"source\": \"device_micro on %s\",\n", d.properties.name);
  number("kernel_ns", "node_us", 1000);
  // what a round costs beside the kernels in it
  const double round = figure(all, "while_iteration_us_1_kernels") - figure(all, "node_us");
  std::fprintf(f, "      \"round_ns\": %.0f,\n", round > 0 ? 1000 * round : 0);
  number("block_barrier_ns", "block_barrier_us", 1000);
  number("grid_barrier_ns", "grid_barrier_us_1_blocks_per_sm", 1000);
  number("bytes_per_us", "copy_gbs", 1000);
  number("block_bytes_per_us", "one_block_copy_gbs", 1000);
  std::fprintf(f, "      \"hub_edges\": 65536,\n");  // docs/cuda.md says why no figure is needed
  std::fprintf(f, "      \"proven\": []\n    }\n  ]\n}\n");
  std::fclose(f);
}

}  // namespace

int main(int argc, char** argv) {
  int devices = 0;
  if (const cudaError_t error = cudaGetDeviceCount(&devices); error != cudaSuccess || devices == 0) {
    std::fprintf(stderr, "no device: %s\n", cudaGetErrorString(error));
    return 4;
  }
  Device device;
  unsigned* words = nullptr;
  CHECK(cudaMalloc(&words, 4096));
  CHECK(cudaMemset(words, 0, 4096));
  Figures figures;
  chains(device, figures);
  loops(device, words, figures);
  barriers(device, words, figures);
  memory(device, words, figures);
  for (const auto& [name, value] : figures) std::printf("%-36s %12.4f\n", name.c_str(), value);
  if (argc > 1) write(argv[1], device, figures);
  if (argc > 2) write_figures(argv[2], device, figures);
  return 0;
}
