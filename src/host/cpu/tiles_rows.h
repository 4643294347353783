// Kernels of neighbourhoods and reductions of one machine (MG_TIER): included by the file that is compiled
// for it, and by nothing else.
#pragma once

#include "host/cpu/tiles_table.h"

namespace monograph::cpu::MG_TIER {
namespace {

#include "kernels/candidates.cuh"
#include "kernels/host_rows.cuh"
#include "kernels/host_modes.cuh"

template <class T>
const T* as(const void* p) {
  return static_cast<const T*>(p);
}

// ---- reductions

template <class M, class T, class A>
void reduce_leaf(unsigned char* partial, const void* x, std::int64_t, std::int64_t n) {
  const T* from = as<T>(x);
  mg_partial<A>(partial, 0) =
      mg_leaf<M, A>(static_cast<int>(n), [from](int i) { return static_cast<A>(from[i]); });
}
template <class M, class A, class R>
void reduce_finish(void* out, unsigned char* partial, std::int64_t leaves) {
  *static_cast<R*>(out) = static_cast<R>(mg_column_finish<M, A>(partial, leaves));
}
template <bool Smallest, class T>
void extreme_leaf(unsigned char* partial, const void* x, std::int64_t first, std::int64_t n) {
  mg_extreme<Smallest, T> best;
  for (std::int64_t i = 0; i < n; ++i) best.offer(as<T>(x)[i], first + i);
  mg_partial<mg_extreme<Smallest, T>>(partial, 0) = best;
}
template <bool Smallest, class T>
void extreme_finish(void* out, unsigned char* partial, std::int64_t leaves) {
  *static_cast<std::int64_t*>(out) = mg_column_extreme<Smallest, T>(partial, leaves);
}

/// Elements of t folded as values of a, rounded to r: what type rules make of a monoid.
constexpr bool folds(MonoidKind kind, Allowed set, ScalarType t, ScalarType a, ScalarType r) {
  if (!ops::allows(set, t)) return false;
  const bool adds = kind == MonoidKind::Sum || kind == MonoidKind::Prod;
  const ScalarType result = kind == MonoidKind::Sum && !is_float(t) ? ScalarType::I64 : t;
  return r == result && a == (adds && r == ScalarType::F32 ? ScalarType::F64 : r);
}

template <MonoidKind Kind, std::size_t I>
constexpr ReduceKernels reduce_for() {
  constexpr auto t = static_cast<ScalarType>(I / kTypes / kTypes),
                 a = static_cast<ScalarType>(I / kTypes % kTypes), r = static_cast<ScalarType>(I % kTypes);
  using M = MonoidOf<Kind>;
  if constexpr (folds(Kind, M::allowed, t, a, r))
    return {reduce_leaf<M, CppType<t>, CppType<a>>, reduce_finish<M, CppType<a>, CppType<r>>};
  else
    return {nullptr, nullptr};
}
template <MonoidKind Kind, std::size_t... I>
ReduceKernels reduce_of(std::size_t which, std::index_sequence<I...>) {
  static constexpr ReduceKernels table[] = {reduce_for<Kind, I>()...};
  return table[which];
}
template <bool Smallest>
ReduceKernels extreme_of(ScalarType t) {
  static constexpr ReduceKernels table[] = {
      {nullptr, nullptr},
      {extreme_leaf<Smallest, int>, extreme_finish<Smallest, int>},
      {extreme_leaf<Smallest, std::int64_t>, extreme_finish<Smallest, std::int64_t>},
      {extreme_leaf<Smallest, float>, extreme_finish<Smallest, float>},
      {extreme_leaf<Smallest, double>, extreme_finish<Smallest, double>}};
  return table[static_cast<std::size_t>(t)];
}
ReduceKernels find_reduce(plan::Reduction::Kind kind, MonoidKind monoid, ScalarType t, ScalarType a,
                          ScalarType r) {
  if (kind == plan::Reduction::Kind::ArgMin) return extreme_of<true>(t);
  if (kind == plan::Reduction::Kind::ArgMax) return extreme_of<false>(t);
  const std::size_t which = (static_cast<std::size_t>(t) * kTypes + static_cast<std::size_t>(a)) * kTypes +
                            static_cast<std::size_t>(r);
  switch (monoid) {
#define MONOGRAPH_MONOID(Kind, ...) \
  case MonoidKind::Kind:            \
    return reduce_of<MonoidKind::Kind>(which, std::make_index_sequence<kTypes * kTypes * kTypes>{});
#include "host/ops/monoids.def"
  }
  return {nullptr, nullptr};
}

// ---- folds of rows

template <EdgeShape Shape, class T>
MG_FN T contribution(const T* x, const T* w, int neighbor, mg_i64 edge) {
  if constexpr (Shape == EdgeShape::Node)
    return x[neighbor];
  else if constexpr (Shape == EdgeShape::Edge)
    return w[edge];
  else if constexpr (Shape == EdgeShape::Product)
    return mg_mul(x[neighbor], w[edge]);
  else
    return mg_add(x[neighbor], w[edge]);
}

template <class M, EdgeShape Shape, class T, class R, bool Positions>
void fold_rows(void* out, const RowTile& at, const void* x, const void* w) {
  R* to = static_cast<R*>(out);
  const int* neighbors = at.neighbors;
  const mg_i64 *edges = at.edges, *offsets = at.offsets;
  const T *nodes = as<T>(x), *weights = as<T>(w);
  const std::int64_t rows = at.rows;
  mg_i64 first = offsets[0];
  for (std::int64_t i = 0; i < rows; ++i) {
    const mg_i64 last = offsets[i + 1];
    to[i] = mg_fold_row<M, R>(first, last, [=](mg_i64 k) {
      return static_cast<R>(contribution<Shape, T>(nodes, weights, neighbors[k], Positions ? edges[k] : k));
    });
    first = last;
  }
}

/// Which folds have a loop: values as they are, sums of bool and integers in i64 and, for means, in f64.
constexpr bool has_fold_rows(MonoidKind kind, Allowed set, EdgeShape shape, ScalarType t, ScalarType r) {
  const bool sum = kind == MonoidKind::Sum;
  if (!ops::allows(set, t) || (sum && r == ScalarType::Bool)) return false;
  if (shape == EdgeShape::Product || shape == EdgeShape::Sum) {
    const bool usual = sum || kind == MonoidKind::Min || kind == MonoidKind::Max;
    return usual && t == r && t != ScalarType::Bool;
  }
  if (t == r) return !(sum && t == ScalarType::I32);
  return sum && !is_float(t) && (r == ScalarType::I64 || (r == ScalarType::F64 && t != ScalarType::Bool));
}

template <MonoidKind Kind, std::size_t I>
constexpr FoldRows fold_rows_for() {
  constexpr bool positions = I % 2 != 0;
  constexpr auto shape = static_cast<EdgeShape>(I / 2 % 4);
  constexpr auto t = static_cast<ScalarType>(I / 8 / kTypes), r = static_cast<ScalarType>(I / 8 % kTypes);
  using M = MonoidOf<Kind>;
  if constexpr (has_fold_rows(Kind, M::allowed, shape, t, r) && !(shape == EdgeShape::Node && positions))
    return fold_rows<M, shape, CppType<t>, CppType<r>, positions>;
  else
    return nullptr;
}
template <MonoidKind Kind, std::size_t... I>
FoldRows fold_rows_of(std::size_t which, std::index_sequence<I...>) {
  static constexpr FoldRows table[] = {fold_rows_for<Kind, I>()...};
  return table[which];
}
FoldRows find_fold_rows(MonoidKind monoid, EdgeShape shape, ScalarType t, ScalarType r, bool positions) {
  const std::size_t types = static_cast<std::size_t>(t) * kTypes + static_cast<std::size_t>(r);
  const bool reads_positions = positions && shape != EdgeShape::Node;
  const std::size_t which = types * 8 + static_cast<std::size_t>(shape) * 2 + (reads_positions ? 1 : 0);
  switch (monoid) {
#define MONOGRAPH_MONOID(Kind, ...) \
  case MonoidKind::Kind:            \
    return fold_rows_of<MonoidKind::Kind>(which, std::make_index_sequence<kTypes * kTypes * 8>{});
#include "host/ops/monoids.def"
  }
  return nullptr;
}

template <class M, class R>
void fold_values(void* out, const RowTile& at, const void* values) {
  R* to = static_cast<R*>(out);
  const R* value = as<R>(values);
  const mg_i64 base = at.offsets[0];
  for (std::int64_t i = 0; i < at.rows; ++i)
    to[i] =
        mg_fold_row<M, R>(at.offsets[i] - base, at.offsets[i + 1] - base, [=](mg_i64 k) { return value[k]; });
}
template <class M, class R>
void fold_piece(void* out, void* part, const void* values, std::int64_t at, std::int64_t n, bool last) {
  static_assert(mg_row_segment % kTile == 0, "a tile lies in one segment");
  R &total = *static_cast<R*>(out), &sum = *static_cast<R*>(part);
  if (at % mg_row_segment == 0) sum = M::template identity<R>();
  R in_register = sum;
  for (std::int64_t i = 0; i < n; ++i) in_register = M::combine(in_register, as<R>(values)[i]);
  sum = in_register;
  if (!last && (at + n) % mg_row_segment != 0) return;
  total = at < mg_row_segment ? sum : M::combine(total, sum);
}

template <MonoidKind Kind, std::size_t I>
constexpr FoldKernels fold_for() {
  constexpr auto r = static_cast<ScalarType>(I);
  using M = MonoidOf<Kind>;
  if constexpr (ops::allows(M::allowed, r) && !(Kind == MonoidKind::Sum && r == ScalarType::Bool))
    return {fold_values<M, CppType<r>>, fold_piece<M, CppType<r>>};
  else
    return {nullptr, nullptr};
}
template <MonoidKind Kind, std::size_t... I>
FoldKernels fold_of(ScalarType r, std::index_sequence<I...>) {
  static constexpr FoldKernels table[] = {fold_for<Kind, I>()...};
  return table[static_cast<std::size_t>(r)];
}
FoldKernels find_fold(MonoidKind monoid, ScalarType r) {
  switch (monoid) {
#define MONOGRAPH_MONOID(Kind, ...) \
  case MonoidKind::Kind:            \
    return fold_of<MonoidKind::Kind>(r, std::make_index_sequence<kTypes>{});
#include "host/ops/monoids.def"
  }
  return {nullptr, nullptr};
}

// ---- the most frequent label

template <class L>
void mode_rows(void* out, const RowTile& at, const RowTile& second, const void* x, const void*,
               const void* own, ModeRule rule, unsigned char* workspace) {
  const L* labels = as<L>(x);
  for (std::int64_t i = 0; i < at.rows; ++i) {
    const mg_i64 first2 = second.offsets ? second.offsets[i] : 0,
                 last2 = second.offsets ? second.offsets[i + 1] : 0;
    static_cast<L*>(out)[i] = mg_mode_row<L>(
        at.offsets[i], at.offsets[i + 1], [&](mg_i64 k) { return labels[at.neighbors[k]]; }, first2, last2,
        [&](mg_i64 k) { return labels[second.neighbors[k]]; }, rule.ties, rule.include_self, as<L>(own)[i],
        workspace);
  }
}
template <class L, class W, class A>
void weighted_mode_rows(void* out, const RowTile& at, const RowTile& second, const void* x, const void* w,
                        const void* own, ModeRule rule, unsigned char* workspace) {
  const L* labels = as<L>(x);
  const W* weights = as<W>(w);
  const auto weight = [weights](const RowTile& rows, mg_i64 k) {
    return static_cast<A>(weights[rows.edges ? rows.edges[k] : k]);
  };
  for (std::int64_t i = 0; i < at.rows; ++i) {
    const mg_i64 first2 = second.offsets ? second.offsets[i] : 0,
                 last2 = second.offsets ? second.offsets[i + 1] : 0;
    static_cast<L*>(out)[i] = mg_weighted_mode_row<L, A>(
        at.offsets[i], at.offsets[i + 1], [&](mg_i64 k) { return labels[at.neighbors[k]]; },
        [&](mg_i64 k) { return weight(at, k); }, first2, last2,
        [&](mg_i64 k) { return labels[second.neighbors[k]]; }, [&](mg_i64 k) { return weight(second, k); },
        rule.ties, rule.include_self, as<L>(own)[i], workspace);
  }
}
template <class L>
ModeRows mode_rows_of(const ScalarType* weight) {
  if (!weight) return mode_rows<L>;
  switch (*weight) {
    case ScalarType::I32:
      return weighted_mode_rows<L, std::int32_t, std::int64_t>;
    case ScalarType::I64:
      return weighted_mode_rows<L, std::int64_t, std::int64_t>;
    case ScalarType::F32:
      return weighted_mode_rows<L, float, float>;
    case ScalarType::F64:
      return weighted_mode_rows<L, double, double>;
    default:
      return nullptr;
  }
}
ModeRows find_mode_rows(ScalarType label, const ScalarType* weight) {
  return label == ScalarType::I32 ? mode_rows_of<std::int32_t>(weight) : mode_rows_of<std::int64_t>(weight);
}

template <class L, class A>
void mode_of(void* out, unsigned char* workspace, std::int64_t n, const void* own, int ties) {
  const L mine = *as<L>(own);
  if constexpr (std::is_void_v<A>)
    *static_cast<L*>(out) = mg_mode_of<L>(workspace, n, ties, mine);
  else
    *static_cast<L*>(out) = mg_weighted_mode_of<L, A>(workspace, n, ties, mine);
}
template <class L>
ModeOf mode_of_by(const ScalarType* total) {
  if (!total) return mode_of<L, void>;
  return *total == ScalarType::F32   ? mode_of<L, float>
         : *total == ScalarType::F64 ? mode_of<L, double>
                                     : mode_of<L, std::int64_t>;
}
ModeOf find_mode_of(ScalarType label, const ScalarType* total) {
  return label == ScalarType::I32 ? mode_of_by<std::int32_t>(total) : mode_of_by<std::int64_t>(total);
}

// ---- extremes of neighbourhoods

template <bool Smallest, class T>
struct Arg {
  using Extreme = mg_extreme<Smallest, T>;
  static void begin(unsigned char* best) { mg_partial<Extreme>(best, 0) = Extreme{}; }
  static void offer(unsigned char* best, const void* values, const int* nodes, std::int64_t n) {
    Extreme e = mg_partial<Extreme>(best, 0);
    const T* value = as<T>(values);
    mg_arg_row(
        0, n, nodes, [value](mg_i64 k) { return value[k]; }, e);
    mg_partial<Extreme>(best, 0) = e;
  }
  static void end(void* out, const unsigned char* best) {
    *static_cast<std::int32_t*>(out) =
        static_cast<std::int32_t>(reinterpret_cast<const Extreme*>(best)->index);
  }
};
template <bool Smallest>
ArgKernels arg_by(ScalarType t) {
  static constexpr ArgKernels table[] = {
      {nullptr, nullptr, nullptr},
      {Arg<Smallest, int>::begin, Arg<Smallest, int>::offer, Arg<Smallest, int>::end},
      {Arg<Smallest, std::int64_t>::begin, Arg<Smallest, std::int64_t>::offer,
       Arg<Smallest, std::int64_t>::end},
      {Arg<Smallest, float>::begin, Arg<Smallest, float>::offer, Arg<Smallest, float>::end},
      {Arg<Smallest, double>::begin, Arg<Smallest, double>::offer, Arg<Smallest, double>::end}};
  return table[static_cast<std::size_t>(t)];
}
ArgKernels find_arg(bool smallest, ScalarType t) { return smallest ? arg_by<true>(t) : arg_by<false>(t); }

}  // namespace

extern const RowKernels kRows;
const RowKernels kRows{find_reduce, find_fold_rows, find_fold, find_mode_rows, find_mode_of, find_arg};

}  // namespace monograph::cpu::MG_TIER
