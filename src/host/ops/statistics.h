// Pieces of the composite statistics. All of them work in f64 and give f64, or, for an f32 column, f32
// rounded once at the end; integers are converted first, so nothing wraps.
#pragma once

#include "host/ops/signature.h"

namespace monograph::ops {

using Handle = Expansion::Handle;
using Handles = std::span<const std::optional<Handle>>;

/// The element type of a statistic of elements of type `t`.
constexpr ScalarType real_of(ScalarType t) { return t == ScalarType::F32 ? t : ScalarType::F64; }

/// Type rules: numeric column -> real scalar, and -> real column of the same domain.
std::vector<Type> infer_real_scalar(const InferContext& c);
std::vector<Type> infer_real_column(const InferContext& c);

Handle number(Expansion& e, double value);
/// The number of elements over which `t` extends, f64.
Handle size_of_domain(Expansion& e, const Type& t);
Handle reduced(Expansion& e, Handle x, MonoidKind kind);
/// a / b, or 0 where b is 0.
Handle ratio(Expansion& e, Handle a, Handle b);

/// `x` as f64.
inline Handle widen(Expansion& e, Handle x) { return e.cast(x, ScalarType::F64); }
/// A result in f64 as the real type of `x`.
inline Handle narrow(Expansion& e, Handle result, Handle x) {
  return e.cast(result, real_of(e.type(x).scalar));
}

/// Of an f64 column: mean, the distance of each element from it, and the sum of squares of those.
Handle mean_of(Expansion& e, Handle wide);
Handle deviations(Expansion& e, Handle wide);
Handle sum_of_squares(Expansion& e, Handle wide);
/// Of an f64 column: sum of squared deviations / (n - 1), or 0 when n < 2.
Handle sample_variance(Expansion& e, Handle wide);

}  // namespace monograph::ops
