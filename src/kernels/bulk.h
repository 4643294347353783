// Whole columns in device memory, sorted, scanned, counted, grouped: the work that CUB and Thrust do,
// compiled ahead of time by nvcc. No CUDA header is needed to call it.
//
// Every call is made twice with the same arguments: with no memory it says how many bytes it needs beside its
// arguments and does nothing else; with that many it puts the work on the stream. Nothing is allocated and
// nobody waits, so that calls can be captured. Results are the error code of the CUDA runtime; 0 is success.
//
// Order of numbers: -0 before +0, NaN last in either direction; equal ones keep their order.
#pragma once

#include <monograph/types.h>

#include <cstddef>
#include <cstdint>

struct CUstream_st;

namespace monograph::cuda {

/// Memory of the device that a call may use while it runs, on multiples of 256 bytes.
struct Room {
  void* memory = nullptr;
  std::size_t bytes = 0;
};

/// Rows of neighbours: i64[nodes + 1], i32[edges], i64[edges].
struct BulkRows {
  std::int64_t* offsets = nullptr;
  std::int32_t* neighbors = nullptr;
  std::int64_t* edges = nullptr;
};

class Bulk {
 public:
  using Stream = CUstream_st*;
  virtual ~Bulk() = default;

  /// order[i] is the index of the element that comes i-th.
  virtual int argsort(Room& room, ScalarType type, const void* x, std::int64_t n, bool descending,
                      std::int32_t* order, Stream stream) const = 0;
  /// out: n elements.
  virtual int sort(Room& room, ScalarType type, const void* x, std::int64_t n, bool descending, void* out,
                   Stream stream) const = 0;
  /// The first k of argsort, k <= n.
  virtual int top_k(Room& room, ScalarType type, const void* x, std::int64_t n, std::int64_t k,
                    bool descending, std::int32_t* order, Stream stream) const = 0;
  /// out[i] = in[0] + ... + in[i - 1]; wraps.
  virtual int scan(Room& room, const std::int64_t* in, std::int64_t n, std::int64_t* out,
                   Stream stream) const = 0;
  /// Indices of what is true, ascending, and how many.
  virtual int select(Room& room, const bool* flags, std::int64_t n, std::int32_t* indices,
                     std::int64_t* count, Stream stream) const = 0;
  /// Of neighbours that are equal (every NaN is) the first and how many; n elements each, `runs` of them
  /// count.
  virtual int run_lengths(Room& room, ScalarType type, const void* x, std::int64_t n, void* first,
                          std::int64_t* lengths, std::int64_t* runs, Stream stream) const = 0;
  /// Sums of the values of neighbours with equal keys, likewise; they wrap.
  virtual int reduce_by_key(Room& room, const std::int32_t* keys, const std::int64_t* values, std::int64_t n,
                            std::int32_t* first, std::int64_t* sums, std::int64_t* runs,
                            Stream stream) const = 0;
  /// Edges by their source, then by their target, else in their order: `out.edges` says which edge came to
  /// lie where.
  virtual int rows_of(Room& room, const std::int32_t* source, const std::int32_t* target, std::int64_t nodes,
                      std::int64_t edges, const BulkRows& out, Stream stream) const = 0;
  /// The rows of the reversed edges; `out.edges` is where an edge lies in `rows`. `rows.edges` is not read.
  virtual int transpose(Room& room, const BulkRows& rows, std::int64_t nodes, std::int64_t edges,
                        const BulkRows& out, Stream stream) const = 0;
};

/// On the device; null where Monograph was built without CUDA.
const Bulk* device_bulk();

}  // namespace monograph::cuda
