// Compiled by nvcc where there is one: the table's rows and the schedules through the ahead-of-time compiler,
// host pass and device pass. Nothing runs it; that it compiles is the test.
#include "kernels/device_prelude.cuh"
#include "kernels/scalar_math.cuh"
#include "kernels/shapes.cuh"
#include "kernels/values.cuh"
#include "kernels/candidates.cuh"
#include "kernels/device_run.cuh"

namespace monograph::check {

// One row at one type as a function for both sides.
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity, operands, allowed, result, traits, accuracy, doc, ...) \
  template <class R, class T, class First>                                                                   \
  MG_FN R row_##Kind([[maybe_unused]] First a, [[maybe_unused]] T b, [[maybe_unused]] T c) {                 \
    return __VA_ARGS__;                                                                                      \
  }
#include <monograph/scalar_ops.def>

struct mg_monoid_sum {
  template <class T>
  static MG_FN T identity() {
    return T(0);
  }
  template <class T>
  static MG_FN T combine(T a, T b) {
    return row_Add<T, T, T>(a, b, T());
  }
};

}  // namespace monograph::check

#include "kernels/schedules.cuh"
#include "kernels/device_columns.cuh"
#include "kernels/device_modes.cuh"

namespace monograph::check {

__global__ void map(mg_i64 n, const double* x, double* out) {
  const mg_i64 i = mg_i64(blockIdx.x) * blockDim.x + threadIdx.x;
  if (i < n)
    out[i] = row_Fma<double, double, double>(row_Exp<double, double, double>(x[i], 0, 0), x[i],
                                             row_Cast<double, long long, long long>(i, 0, 0));
}
__global__ void pull(mg_device* run, const double* x, double* out, mg_value* total) {
  MG_SHARED(arena);
  const mg_device_rows in = run->in;
  const mg_i64 row = mg_i64(blockIdx.x) * blockDim.x + threadIdx.x;
  const bool here = row < run->nodes;
  const auto edge = [&](const mg_device_rows& side, mg_i64, mg_i64 k) { return x[side.neighbors[k]]; };
  const auto label = [&](const mg_device_rows& side, mg_i64, mg_i64 k) { return side.neighbors[k]; };
  double sum = mg_fold_rows<mg_monoid_sum, double>(in, row, here, edge);
  sum += mg_mode_rows<int, double>(run, false, false, 0, row, here, label, edge, mg_ties_keep, true, int(row));
  if (here) out[row] = sum;
  mg_words* partial = mg_partials(run, 0, run->nodes);
  mg_put_leaf<mg_monoid_sum>(partial, blockIdx.x, sum);
  mg_put_block<mg_free_extreme<true, double>>(partial, run->nodes, {}, arena);
  if (mg_last_block(run)) mg_set_scalar(total, mg_column_total<mg_monoid_sum>(partial, mg_leaves(run->nodes)));
}
template <class T>
__global__ void rows(T* x) {
  x[0] = row_Where<T, T, bool>(row_Lt<bool, T, T>(x[0], x[1], x[2]), row_Mod<T, T, T>(x[0], x[1], T()),
                               row_Clip<T, T, T>(x[0], x[1], x[2]));
}
template __global__ void rows<int>(int*);
template __global__ void rows<long long>(long long*);
template __global__ void rows<float>(float*);
template __global__ void rows<double>(double*);

}  // namespace monograph::check
