// scatter_reduce over whole columns, on all threads, without allocation. Who does what never shows: where the
// order of elements matters, whatever meets at one node is combined by one thread, in the order of the
// definition.
#pragma once

#include <cstdint>

#include "host/cpu/host_run.h"
#include "host/ops/scalar.h"

namespace monograph::cpu {

/// Columns over the nodes: x[i] goes to out[at[i]].
struct Scatter {
  ops::MonoidKind monoid{};
  ScalarType element{}, index{};  ///< of x, of at
  const void *x = nullptr, *at = nullptr;
  void* out = nullptr;
  // What sums of floats need beside: per node, how many elements came and the sum of their full segments.
  std::int32_t* counts = nullptr;
  void* sums = nullptr;
};

/// Does it need `counts` and `sums`?
inline bool has_row_shape(ops::MonoidKind monoid, ScalarType t) {
  return is_float(t) && (monoid == ops::MonoidKind::Sum || monoid == ops::MonoidKind::Prod);
}

/// False when an index is out of range; then `out` means nothing.
bool scatter(const Scatter& s, scalar::mg_run& run, int threads);

}  // namespace monograph::cpu
