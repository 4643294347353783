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
#include "kernels/control.cuh"
#include "kernels/grid_barrier.cuh"
#include "kernels/device_loop.cuh"
#include "kernels/long_rows.cuh"

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
  const mg_grid grid{blockIdx.x, gridDim.x};
  mg_put_block<mg_free_extreme<true, double>>(grid, partial, run->nodes, {}, arena);
  if (mg_last_block(grid, run)) mg_set_scalar(total, mg_column_total<mg_monoid_sum>(partial, mg_leaves(run->nodes)));
}
__global__ void loop(mg_loop* loop, const double* x, double* out) {
  const mg_grid grid{blockIdx.x, gridDim.x};
  mg_device* const run = loop->lanes;
  const mg_device_rows in = run->in;
  const auto edge = [&](const mg_device_rows& side, mg_i64, mg_i64 k) { return mg_load<1, 0>(x, mg_neighbor(side, k)); };
  mg_words* const pieces = mg_pieces(run, 0, false);
  mg_fold_pieces<mg_monoid_sum, double, true>(grid, in, run->long_in, pieces, edge);
  mg_grid_barrier(&loop->barrier, grid, [&] { mg_note(loop, 0, 0, 0, 1, mg_i64(7)); });
  for (mg_i64 row = mg_first_of(grid); row < run->nodes; row += mg_stride_of(grid))
    out[row] = mg_fold_cut_rows<mg_monoid_sum, double>(in, run->long_in, pieces, row, true, edge);
  mg_grid_barrier(&loop->barrier, grid);
  void* const home[] = {loop->columns[0], loop->columns[1]};
  void* const now[] = {loop->columns[1], loop->columns[0]};
  mg_bring_home<double>(grid, run->nodes, home, now);
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
