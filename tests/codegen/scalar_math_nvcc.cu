// Compiled by nvcc where there is one: the table's rows and the schedules through the ahead-of-time compiler,
// host pass and device pass. Nothing runs it; that it compiles is the test.
#include "kernels/device_prelude.cuh"
#include "kernels/scalar_math.cuh"
#include "kernels/shapes.cuh"

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

namespace monograph::check {

struct Group {
  const double* x;
  const int* neighbors;
  double* out;
  __device__ void element(mg_i64 i) const {
    out[i] = row_Fma<double, double, double>(row_Exp<double, double, double>(x[i], 0, 0), x[i],
                                             row_Cast<double, long long, long long>(i, 0, 0));
  }
  __device__ double edge(mg_i64 k) const { return x[neighbors[k]]; }
  __device__ void row(mg_i64 i, double sum, mg_i64) const { out[i] = sum; }
};

__global__ void map(mg_i64 n, Group group) { mg_map(n, group); }
__global__ void pull(const mg_i64* offsets, mg_i64 n, Group group) {
  mg_pull_rows<mg_monoid_sum, double>(offsets, n, group);
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
