#include "bench/device/spmv.h"

#include <cuda_runtime_api.h>
#include <cusparse.h>
#include <monograph/error.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

namespace monograph::bench {
namespace {

void check(cudaError_t error, const char* call) {
  if (error != cudaSuccess) throw RuntimeError(std::string(call) + ": " + cudaGetErrorString(error));
}
void check(cusparseStatus_t status, const char* call) {
  if (status != CUSPARSE_STATUS_SUCCESS)
    throw RuntimeError(std::string(call) + ": " + cusparseGetErrorString(status));
}
#define CHECK(call) check(call, #call)

struct Free {
  void operator()(void* memory) const { cudaFree(memory); }
};
using Memory = std::unique_ptr<void, Free>;

Memory on_device(std::size_t bytes, const void* content) {
  void* memory = nullptr;
  CHECK(cudaMalloc(&memory, std::max<std::size_t>(bytes, 1)));
  Memory owner(memory);
  if (content)
    CHECK(cudaMemcpy(memory, content, bytes, cudaMemcpyHostToDevice));
  else
    CHECK(cudaMemset(memory, 0, bytes));
  return owner;
}

template <class T>
Memory ones(std::int64_t count) {
  const std::vector<T> all(static_cast<std::size_t>(count), T(1));
  return on_device(all.size() * sizeof(T), all.data());
}

struct Handles {
  cusparseHandle_t sparse = nullptr;
  cusparseSpMatDescr_t matrix = nullptr;
  cusparseDnVecDescr_t x = nullptr, y = nullptr;
  cudaEvent_t first = nullptr, last = nullptr;
  ~Handles() {
    if (x) cusparseDestroyDnVec(x);
    if (y) cusparseDestroyDnVec(y);
    if (matrix) cusparseDestroySpMat(matrix);
    if (sparse) cusparseDestroy(sparse);
    if (first) cudaEventDestroy(first);
    if (last) cudaEventDestroy(last);
  }
};

template <class T>
double measure(const Graph& graph, cudaDataType kind, int products, int times) {
  const std::int64_t n = graph.node_count(), m = graph.edge_count();
  const Adjacency rows = graph.in();
  const Memory offsets = on_device(rows.offsets.size_bytes(), rows.offsets.data());
  // cuSPARSE wants offsets and columns of one width
  const std::vector<std::int64_t> wide(rows.neighbors.begin(), rows.neighbors.end());
  const Memory columns = on_device(wide.size() * sizeof(std::int64_t), wide.data());
  std::vector<std::int32_t> narrow(rows.offsets.begin(), rows.offsets.end());
  const bool small = m < std::int64_t{1} << 31;
  const Memory offsets32 = on_device(small ? narrow.size() * 4 : 0, narrow.data());
  const Memory columns32 = on_device(small ? rows.neighbors.size_bytes() : 0, rows.neighbors.data());
  const Memory values = ones<T>(m), x = ones<T>(n), y = ones<T>(n);
  const auto index = small ? CUSPARSE_INDEX_32I : CUSPARSE_INDEX_64I;
  Handles h;
  CHECK(cusparseCreate(&h.sparse));
  CHECK(cusparseCreateCsr(&h.matrix, n, n, m, small ? offsets32.get() : offsets.get(),
                          small ? columns32.get() : columns.get(), values.get(), index, index,
                          CUSPARSE_INDEX_BASE_ZERO, kind));
  CHECK(cusparseCreateDnVec(&h.x, n, x.get(), kind));
  CHECK(cusparseCreateDnVec(&h.y, n, y.get(), kind));
  const T one = 1, zero = 0;
  std::size_t bytes = 0;
  CHECK(cusparseSpMV_bufferSize(h.sparse, CUSPARSE_OPERATION_NON_TRANSPOSE, &one, h.matrix, h.x, &zero, h.y,
                                kind, CUSPARSE_SPMV_CSR_ALG1, &bytes));
  const Memory room = on_device(bytes, nullptr);
  CHECK(cusparseSpMV_preprocess(h.sparse, CUSPARSE_OPERATION_NON_TRANSPOSE, &one, h.matrix, h.x, &zero, h.y,
                                kind, CUSPARSE_SPMV_CSR_ALG1, room.get()));
  CHECK(cudaEventCreate(&h.first));
  CHECK(cudaEventCreate(&h.last));
  std::vector<float> all;
  for (int t = 0; t <= times; ++t) {  // the first one warms up
    CHECK(cudaEventRecord(h.first));
    for (int i = 0; i < products; ++i)
      CHECK(cusparseSpMV(h.sparse, CUSPARSE_OPERATION_NON_TRANSPOSE, &one, h.matrix, i % 2 ? h.y : h.x, &zero,
                         i % 2 ? h.x : h.y, kind, CUSPARSE_SPMV_CSR_ALG1, room.get()));
    CHECK(cudaEventRecord(h.last));
    CHECK(cudaEventSynchronize(h.last));
    float ms = 0;
    CHECK(cudaEventElapsedTime(&ms, h.first, h.last));
    if (t > 0) all.push_back(ms);
  }
  std::nth_element(all.begin(), all.begin() + times / 2, all.end());
  return all[static_cast<std::size_t>(times / 2)] / products;
}

}  // namespace

double spmv_ms(const Graph& graph, ScalarType type, int products, int times) {
  return type == ScalarType::F32 ? measure<float>(graph, CUDA_R_32F, products, times)
                                 : measure<double>(graph, CUDA_R_64F, products, times);
}

}  // namespace monograph::bench
