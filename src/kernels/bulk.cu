// The steps of bulk_steps.h on the device. Two radix sorts only, of 32 and of 64 bits with 64-bit values:
// what nvcc needs for more of them is minutes, for each architecture.
#include <thrust/execution_policy.h>
#include <thrust/for_each.h>
#include <thrust/iterator/counting_iterator.h>

#include <cub/device/device_radix_sort.cuh>
#include <cub/device/device_reduce.cuh>
#include <cub/device/device_run_length_encode.cuh>
#include <cub/device/device_scan.cuh>
#include <cub/device/device_select.cuh>

#include "kernels/bulk_steps.h"

namespace monograph::cuda {
namespace {

class Device {
 public:
  explicit Device(Bulk::Stream stream) : stream_(stream) {}

  template <class K>
  int sort(void* memory, std::size_t& bytes, const K* in, K* out, const std::int64_t* values_in,
           std::int64_t* values_out, std::int64_t n, int bits) const {
    return cub::DeviceRadixSort::SortPairs(memory, bytes, in, out, values_in, values_out, n, 0, bits,
                                           stream_);
  }
  int scan(void* memory, std::size_t& bytes, const std::int64_t* in, std::int64_t* out,
           std::int64_t n) const {
    return cub::DeviceScan::ExclusiveSum(memory, bytes, in, out, n, stream_);
  }
  int select(void* memory, std::size_t& bytes, const bool* flags, std::int32_t* indices, std::int64_t* count,
             std::int64_t n) const {
    return cub::DeviceSelect::Flagged(memory, bytes, thrust::counting_iterator<std::int32_t>(0), flags,
                                      indices, count, n, stream_);
  }
  template <class K>
  int encode(void* memory, std::size_t& bytes, const K* in, K* first, std::int64_t* lengths,
             std::int64_t* runs, std::int64_t n) const {
    return cub::DeviceRunLengthEncode::Encode(memory, bytes, in, first, lengths, runs, n, stream_);
  }
  int reduce(void* memory, std::size_t& bytes, const std::int32_t* keys, std::int32_t* first,
             const std::int64_t* values, std::int64_t* sums, std::int64_t* runs, std::int64_t n) const {
    return cub::DeviceReduce::ReduceByKey(memory, bytes, keys, first, values, sums, runs,
                                          ::cuda::std::plus<>{}, n, stream_);
  }
  /// Errors of Thrust are exceptions; none may leave, since the caller is no CUDA code.
  template <class F>
  int each(std::int64_t n, const F& f) const {
    try {
      thrust::for_each_n(thrust::cuda::par_nosync.on(stream_), thrust::counting_iterator<std::int64_t>(0), n,
                         f);
    } catch (const thrust::system_error& error) {
      return error.code().value();
    }
    return cudaSuccess;
  }

 private:
  cudaStream_t stream_;
};

}  // namespace

const Bulk* device_bulk() {
  static const BulkOn<Device> bulk;
  return &bulk;
}

}  // namespace monograph::cuda
