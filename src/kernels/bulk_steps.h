// What bulk.h promises, out of five steps that a machine has: sort pairs by unsigned keys, scan, select,
// encode runs, reduce by key, and do something for each index. The device's are CUB's and Thrust's (bulk.cu);
// the tests' are the C++ library's, so that all that is put together here is proven without a device.
#pragma once

#include <cstring>

#include "kernels/bulk.h"

#ifdef __CUDACC__
#define MG_EACH __host__ __device__
#else
#define MG_EACH
#endif

namespace monograph::cuda {

/// Carves pieces out of a room, or only measures them.
class Carver {
 public:
  explicit Carver(Room& room) : room_(room) {}
  template <class T>
  T* take(std::int64_t count) {
    const std::size_t at = used_;
    used_ += (static_cast<std::size_t>(count) * sizeof(T) + 255) / 256 * 256;
    return room_.memory ? reinterpret_cast<T*>(static_cast<char*>(room_.memory) + at) : nullptr;
  }
  /// True once: how much is needed is what was asked.
  bool measured() {
    if (room_.memory) return false;
    room_.bytes = used_ > 0 ? used_ : 1;
    return true;
  }

 private:
  Room& room_;
  std::size_t used_ = 0;
};

// ---- what is done for each index
template <class T>
struct MakeKey;  // unsigned numbers in the order of T
template <>
struct MakeKey<bool> {
  using Key = std::uint32_t;
  static MG_EACH bool is_nan(bool) { return false; }
  static MG_EACH Key key(bool x) { return x; }
};
template <class T, class K>
struct MakeKeyOfInteger {
  using Key = K;
  static MG_EACH bool is_nan(T) { return false; }
  static MG_EACH Key key(T x) {
    return static_cast<K>(x) ^ K { 1 } << (8 * sizeof(K) - 1);
  }
};
template <>
struct MakeKey<std::int32_t> : MakeKeyOfInteger<std::int32_t, std::uint32_t> {};
template <>
struct MakeKey<std::int64_t> : MakeKeyOfInteger<std::int64_t, std::uint64_t> {};
template <class T, class K>
struct MakeKeyOfFloat {
  using Key = K;
  static MG_EACH bool is_nan(T x) { return x != x; }
  static MG_EACH Key key(T x) {
    constexpr K sign = K{1} << (8 * sizeof(K) - 1);
    K bits;
    memcpy(&bits, &x, sizeof bits);
    return bits & sign ? ~bits : bits ^ sign;
  }
};
template <>
struct MakeKey<float> : MakeKeyOfFloat<float, std::uint32_t> {};
template <>
struct MakeKey<double> : MakeKeyOfFloat<double, std::uint64_t> {};

template <class T>
struct KeyOf {
  using Key = typename MakeKey<T>::Key;
  const T* x;
  Key* keys;
  bool descending;
  MG_EACH void operator()(std::int64_t i) const {
    const Key key = MakeKey<T>::key(x[i]);
    keys[i] = MakeKey<T>::is_nan(x[i]) ? ~Key{0} : descending ? ~key : key;
  }
};
template <class T>
struct Number {
  T* out;
  MG_EACH void operator()(std::int64_t i) const { out[i] = static_cast<T>(i); }
};
template <class To, class From>
struct Convert {
  const From* in;
  To* out;
  MG_EACH void operator()(std::int64_t i) const { out[i] = static_cast<To>(in[i]); }
};
template <class T>
struct Gather {
  const T* in;
  const std::int64_t* at;
  T* out;
  MG_EACH void operator()(std::int64_t i) const { out[i] = in[at[i]]; }
};
/// Of each run its first element; indices behind the last run do nothing.
template <class T>
struct FirstOfRun {
  const T* x;
  const std::int64_t *starts, *runs;
  T* out;
  MG_EACH void operator()(std::int64_t i) const {
    if (i < *runs) out[i] = x[starts[i]];
  }
};
struct PairKey {
  const std::int32_t *high, *low;
  std::uint64_t* keys;
  MG_EACH void operator()(std::int64_t i) const {
    keys[i] = static_cast<std::uint64_t>(high[i]) << 32 | static_cast<std::uint32_t>(low[i]);
  }
};
struct LowHalf {
  const std::uint64_t* keys;
  std::int32_t* out;
  MG_EACH void operator()(std::int64_t i) const { out[i] = static_cast<std::int32_t>(keys[i]); }
};
/// Of ascending keys: where those of node v begin. For v in [0, nodes].
template <class K>
struct RowBegin {
  const K* keys;
  std::int64_t edges;
  int shift;
  std::int64_t* offsets;
  MG_EACH void operator()(std::int64_t v) const {
    std::int64_t low = 0, high = edges;
    while (low < high) {
      const std::int64_t middle = low + (high - low) / 2;
      if (static_cast<std::int64_t>(keys[middle] >> shift) < v)
        low = middle + 1;
      else
        high = middle;
    }
    offsets[v] = low;
  }
};
/// The row in which an edge lies.
struct SourceOf {
  const std::int64_t *offsets, *edges;
  std::int64_t nodes;
  std::int32_t* sources;
  MG_EACH void operator()(std::int64_t i) const {
    std::int64_t low = 0, high = nodes;  // offsets[low] <= edges[i] < offsets[high]
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      (offsets[middle] <= edges[i] ? low : high) = middle;
    }
    sources[i] = static_cast<std::int32_t>(low);
  }
};

/// `Machine(stream)` has, each giving an error code, those with a room of their own as CUB has it:
///   sort(memory, bytes, const K* in, K* out, const i64* values_in, i64* values_out, n, bits)    stable; by
///   the low bits scan(memory, bytes, const i64* in, i64* out, n) select(memory, bytes, const bool* flags,
///   i32* indices, i64* count, n) encode(memory, bytes, const K* in, K* first, i64* lengths, i64* runs, n)
///   reduce(memory, bytes, const i32* keys, i32* first, const i64* values, i64* sums, i64* runs, n)
///   each(n, f)
template <class Machine>
class BulkOn final : public Bulk {
 public:
  int argsort(Room& room, ScalarType type, const void* x, std::int64_t n, bool descending,
              std::int32_t* order, Stream stream) const override {
    return top_k(room, type, x, n, n, descending, order, stream);
  }

  int sort(Room& room, ScalarType type, const void* x, std::int64_t n, bool descending, void* out,
           Stream stream) const override {
    return with(type, [&]<class T>(const T*) {
      const Machine m(stream);
      Carver carver(room);
      auto* order = carver.take<std::int64_t>(n);
      const auto give = [&] {
        return m.each(n, Gather<T>{static_cast<const T*>(x), order, static_cast<T*>(out)});
      };
      return ordered<T>(m, carver, static_cast<const T*>(x), n, descending, order, give);
    });
  }

  int top_k(Room& room, ScalarType type, const void* x, std::int64_t n, std::int64_t k, bool descending,
            std::int32_t* order, Stream stream) const override {
    return with(type, [&]<class T>(const T*) {
      const Machine m(stream);
      Carver carver(room);
      auto* all = carver.take<std::int64_t>(n);
      const auto give = [&] { return m.each(k, Convert<std::int32_t, std::int64_t>{all, order}); };
      return ordered<T>(m, carver, static_cast<const T*>(x), n, descending, all, give);
    });
  }

  int scan(Room& room, const std::int64_t* in, std::int64_t n, std::int64_t* out,
           Stream stream) const override {
    return one_step(room, [&](void* memory, std::size_t& bytes) {
      return Machine(stream).scan(memory, bytes, in, out, n);
    });
  }

  int select(Room& room, const bool* flags, std::int64_t n, std::int32_t* indices, std::int64_t* count,
             Stream stream) const override {
    return one_step(room, [&](void* memory, std::size_t& bytes) {
      return Machine(stream).select(memory, bytes, flags, indices, count, n);
    });
  }

  int reduce_by_key(Room& room, const std::int32_t* keys, const std::int64_t* values, std::int64_t n,
                    std::int32_t* first, std::int64_t* sums, std::int64_t* runs,
                    Stream stream) const override {
    return one_step(room, [&](void* memory, std::size_t& bytes) {
      return Machine(stream).reduce(memory, bytes, keys, first, values, sums, runs, n);
    });
  }

  int run_lengths(Room& room, ScalarType type, const void* x, std::int64_t n, void* first,
                  std::int64_t* lengths, std::int64_t* runs, Stream stream) const override {
    return with(type, [&]<class T>(const T*) {
      using Key = typename KeyOf<T>::Key;
      const Machine m(stream);
      Carver carver(room);
      auto* keys = carver.take<Key>(n);
      auto* kept = carver.take<Key>(n);
      auto* starts = carver.take<std::int64_t>(n);
      std::size_t encode_bytes = 0, scan_bytes = 0;
      if (const int e = m.encode(nullptr, encode_bytes, keys, kept, lengths, runs, n)) return e;
      if (const int e = m.scan(nullptr, scan_bytes, lengths, starts, n)) return e;
      auto* inner =
          carver.take<char>(static_cast<std::int64_t>(encode_bytes > scan_bytes ? encode_bytes : scan_bytes));
      if (carver.measured()) return 0;
      const auto* from = static_cast<const T*>(x);
      if (const int e = m.each(n, KeyOf<T>{from, keys, false})) return e;
      if (const int e = m.encode(inner, encode_bytes, keys, kept, lengths, runs, n)) return e;
      if (const int e = m.scan(inner, scan_bytes, lengths, starts, n)) return e;
      return m.each(n, FirstOfRun<T>{from, starts, runs, static_cast<T*>(first)});
    });
  }

  int rows_of(Room& room, const std::int32_t* source, const std::int32_t* target, std::int64_t nodes,
              std::int64_t edges, const BulkRows& out, Stream stream) const override {
    const Machine m(stream);
    Carver carver(room);
    auto* keys = carver.take<std::uint64_t>(edges);
    auto* ordered = carver.take<std::uint64_t>(edges);
    auto* numbers = carver.take<std::int64_t>(edges);
    std::size_t bytes = 0;
    const int bits = 32 + bits_for(nodes);
    if (const int e = m.sort(nullptr, bytes, keys, ordered, numbers, out.edges, edges, bits)) return e;
    auto* inner = carver.take<char>(static_cast<std::int64_t>(bytes));
    if (carver.measured()) return 0;
    if (const int e = m.each(edges, PairKey{source, target, keys})) return e;
    if (const int e = m.each(edges, Number<std::int64_t>{numbers})) return e;
    if (const int e = m.sort(inner, bytes, keys, ordered, numbers, out.edges, edges, bits)) return e;
    if (const int e = m.each(edges, LowHalf{ordered, out.neighbors})) return e;
    return m.each(nodes + 1, RowBegin<std::uint64_t>{ordered, edges, 32, out.offsets});
  }

  int transpose(Room& room, const BulkRows& rows, std::int64_t nodes, std::int64_t edges, const BulkRows& out,
                Stream stream) const override {
    const Machine m(stream);
    Carver carver(room);
    auto* keys = carver.take<std::uint32_t>(edges);
    auto* ordered = carver.take<std::uint32_t>(edges);
    auto* numbers = carver.take<std::int64_t>(edges);
    std::size_t bytes = 0;
    const int bits = bits_for(nodes);
    if (const int e = m.sort(nullptr, bytes, keys, ordered, numbers, out.edges, edges, bits)) return e;
    auto* inner = carver.take<char>(static_cast<std::int64_t>(bytes));
    if (carver.measured()) return 0;
    if (const int e = m.each(edges, Convert<std::uint32_t, std::int32_t>{rows.neighbors, keys})) return e;
    if (const int e = m.each(edges, Number<std::int64_t>{numbers})) return e;
    if (const int e = m.sort(inner, bytes, keys, ordered, numbers, out.edges, edges, bits)) return e;
    if (const int e = m.each(nodes + 1, RowBegin<std::uint32_t>{ordered, edges, 0, out.offsets})) return e;
    return m.each(edges, SourceOf{rows.offsets, out.edges, nodes, out.neighbors});
  }

 private:
  static int bits_for(std::int64_t nodes) {
    int bits = 1;
    while (bits < 32 && nodes >> bits) ++bits;
    return bits;
  }

  template <class F>
  static int with(ScalarType type, const F& f) {
    switch (type) {
      case ScalarType::Bool:
        return f(static_cast<const bool*>(nullptr));
      case ScalarType::I32:
        return f(static_cast<const std::int32_t*>(nullptr));
      case ScalarType::I64:
        return f(static_cast<const std::int64_t*>(nullptr));
      case ScalarType::F32:
        return f(static_cast<const float*>(nullptr));
      case ScalarType::F64:
        break;
    }
    return f(static_cast<const double*>(nullptr));
  }

  template <class Step>
  static int one_step(Room& room, const Step& step) {
    Carver carver(room);
    std::size_t bytes = 0;
    if (const int e = step(nullptr, bytes)) return e;
    auto* inner = carver.take<char>(static_cast<std::int64_t>(bytes));
    return carver.measured() ? 0 : step(inner, bytes);
  }

  /// `order`: the indices of x in order; then `give`.
  template <class T, class Give>
  static int ordered(const Machine& m, Carver& carver, const T* x, std::int64_t n, bool descending,
                     std::int64_t* order, const Give& give) {
    using Key = typename KeyOf<T>::Key;
    auto* keys = carver.take<Key>(n);
    auto* sorted = carver.take<Key>(n);
    auto* numbers = carver.take<std::int64_t>(n);
    std::size_t bytes = 0;
    constexpr int bits = 8 * sizeof(Key);
    if (const int e = m.sort(nullptr, bytes, keys, sorted, numbers, order, n, bits)) return e;
    auto* inner = carver.take<char>(static_cast<std::int64_t>(bytes));
    if (carver.measured()) return 0;
    if (const int e = m.each(n, KeyOf<T>{x, keys, descending})) return e;
    if (const int e = m.each(n, Number<std::int64_t>{numbers})) return e;
    if (const int e = m.sort(inner, bytes, keys, sorted, numbers, order, n, bits)) return e;
    return give();
  }
};

}  // namespace monograph::cuda
