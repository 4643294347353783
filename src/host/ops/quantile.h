// Quantiles as expansions: places in the order, found by rank.
#pragma once

#include "host/ops/statistics.h"

namespace monograph::ops {

/// The element of the numeric column `x` at place clip(q, 0, 1) * (n - 1), between two by linear
/// interpolation.
Handle quantile_of(Expansion& e, Handle x, Handle q);
/// A numeric column; gives a real scalar.
std::vector<Type> infer_quantile(const InferContext& c);

}  // namespace monograph::ops
