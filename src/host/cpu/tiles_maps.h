// Element-wise kernels of one machine (MG_TIER): included by the file that is compiled for it, and by nothing
// else.
#pragma once

#include "host/cpu/tiles_table.h"

namespace monograph::cpu::MG_TIER {
namespace {

/// How an element lies in memory. g++ 12 makes vector code of bytes, not of bool.
template <class T>
using Stored = std::conditional_t<std::is_same_v<T, bool>, unsigned char, T>;
template <class T>
MG_FN T load(const Stored<T>* x, std::int64_t i) {
  if constexpr (std::is_same_v<T, bool>)
    return x[i] != 0;
  else
    return x[i];
}

template <ScalarOp Op, class R, class T, unsigned Scalars>
void map(void* out, const void* a, const void* b, const void* c, std::int64_t n) {
  using A = std::conditional_t<Row<Op>::operands == Operands::Select, bool, T>;
  R* to = static_cast<R*>(out);
  const auto* x = static_cast<const Stored<A>*>(a);
  [[maybe_unused]] const auto *y = static_cast<const Stored<T>*>(b), *z = static_cast<const Stored<T>*>(c);
  constexpr int arity = Row<Op>::arity;
  constexpr bool x_column = (Scalars & 1) == 0, y_column = arity > 1 && (Scalars & 2) == 0,
                 z_column = arity > 2 && (Scalars & 4) == 0;
  const A x0 = x_column ? A{} : load<A>(x, 0);
  const T y0 = arity > 1 && !y_column ? load<T>(y, 0) : T{},
          z0 = arity > 2 && !z_column ? load<T>(z, 0) : T{};
  MG_LOOP
  for (std::int64_t i = 0; i < n; ++i) {
    A first = x0;
    T second = y0, third = z0;
    if constexpr (x_column) first = load<A>(x, i);
    if constexpr (y_column) second = load<T>(y, i);
    if constexpr (z_column) third = load<T>(z, i);
    to[i] = Row<Op>::template run<R, T>(first, second, third);
  }
}

constexpr std::size_t kPatterns = 8;

template <ScalarOp Op, std::size_t I>
constexpr Map map_for() {
  constexpr auto t = static_cast<ScalarType>(I / kPatterns / kTypes),
                 r = static_cast<ScalarType>(I / kPatterns % kTypes);
  constexpr unsigned scalars = I % kPatterns, all = (1u << Row<Op>::arity) - 1;
  if constexpr (ops::defined_on(Row<Op>::allowed, Row<Op>::result, t, r) && scalars < all)
    return map<Op, CppType<r>, CppType<t>, scalars>;
  else
    return nullptr;
}

struct MapsOfOp {
  Map at[kTypes * kTypes * kPatterns];
};
template <ScalarOp Op, std::size_t... I>
constexpr MapsOfOp maps_of(std::index_sequence<I...>) {
  return {{map_for<Op, I>()...}};
}
constexpr MapsOfOp kMapTable[] = {
#define MONOGRAPH_SCALAR_OP(Kind, ...) \
  maps_of<ScalarOp::Kind>(std::make_index_sequence<kTypes * kTypes * kPatterns>{}),
#include <monograph/scalar_ops.def>
};

Map find_map(ScalarOp op, ScalarType t, ScalarType r, unsigned scalars) {
  const std::size_t types = static_cast<std::size_t>(t) * kTypes + static_cast<std::size_t>(r);
  return kMapTable[static_cast<std::size_t>(op)].at[types * kPatterns + scalars];
}

// ---- moving elements: by size

template <class T, class I>
void gather(void* out, const void* x, const I* index, std::int64_t n) {
  T* to = static_cast<T*>(out);
  const T* from = static_cast<const T*>(x);
  MG_LOOP
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[index[i]];
}

template <class T, class I>
std::int64_t take(void* out, const void* x, const void* index, std::int64_t n, std::int64_t count) {
  T* to = static_cast<T*>(out);
  const T* from = static_cast<const T*>(x);
  const I* where = static_cast<const I*>(index);
  std::int64_t bad = -1;
  for (std::int64_t i = n; i-- > 0;)
    if (where[i] < 0 || where[i] >= count) bad = i;
  if (bad >= 0) return bad;  // nothing written: `out` may be where the indices are, which the message needs
  for (std::int64_t i = 0; i < n; ++i) to[i] = from[where[i]];
  return bad;
}

template <class T>
void iota(void* out, std::int64_t first, std::int64_t n) {
  T* to = static_cast<T*>(out);
  for (std::int64_t i = 0; i < n; ++i) to[i] = static_cast<T>(first + i);
}

template <class T>
void fill(void* out, const void* value, std::int64_t n) {
  T* to = static_cast<T*>(out);
  const T v = *static_cast<const T*>(value);
  for (std::int64_t i = 0; i < n; ++i) to[i] = v;
}

Gather find_gather(std::size_t bytes) {
  return bytes == 1   ? gather<std::uint8_t, int>
         : bytes == 4 ? gather<std::uint32_t, int>
                      : gather<std::uint64_t, int>;
}
GatherEdges find_gather_edges(std::size_t bytes) {
  return bytes == 1   ? gather<std::uint8_t, mg_i64>
         : bytes == 4 ? gather<std::uint32_t, mg_i64>
                      : gather<std::uint64_t, mg_i64>;
}
template <class I>
Take take_by(std::size_t bytes) {
  return bytes == 1 ? take<std::uint8_t, I> : bytes == 4 ? take<std::uint32_t, I> : take<std::uint64_t, I>;
}
Take find_take(std::size_t bytes, ScalarType index) {
  return index == ScalarType::I32 ? take_by<std::int32_t>(bytes) : take_by<std::int64_t>(bytes);
}
Iota find_iota(ScalarType t) { return t == ScalarType::I32 ? iota<std::int32_t> : iota<std::int64_t>; }
Fill find_fill(std::size_t bytes) {
  return bytes == 1 ? fill<std::uint8_t> : bytes == 4 ? fill<std::uint32_t> : fill<std::uint64_t>;
}

}  // namespace

extern const MapKernels kMaps;
const MapKernels kMaps{find_map, find_gather, find_gather_edges, find_take, find_iota, find_fill};

}  // namespace monograph::cpu::MG_TIER
