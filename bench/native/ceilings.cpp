// Loops that do nothing but move data.
#include "bench/native/parallel.h"

namespace monograph::bench::native {
namespace {

template <class T>
std::int64_t gather(int threads, std::int64_t count, const std::int32_t* index, const T* x) {
  std::int64_t total = 0;
#pragma omp parallel for schedule(static) num_threads(threads) reduction(+ : total)
  for (std::int64_t i = 0; i < count; ++i) total += x[index[i]];
  return total;
}

}  // namespace

double triad(int threads, std::int64_t elements, double* a, const double* b, const double* c) {
#pragma omp parallel for schedule(static) num_threads(threads)
  for (std::int64_t i = 0; i < elements; ++i) a[i] = b[i] + 3.0 * c[i];
  return a[elements / 2];
}

std::int64_t gather4(int threads, std::int64_t count, const std::int32_t* index, const std::int32_t* x) {
  return gather(threads, count, index, x);
}

std::int64_t gather8(int threads, std::int64_t count, const std::int32_t* index, const std::int64_t* x) {
  return gather(threads, count, index, x);
}

int max_threads() { return omp_get_max_threads(); }

}  // namespace monograph::bench::native
