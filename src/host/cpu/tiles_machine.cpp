#include "host/cpu/tiles_kernels.h"

namespace monograph::cpu {

Kernels best_kernels() {
#if defined(MONOGRAPH_TILES_AVX2)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
    return {&avx2::kMaps, &avx2::kRows};
#endif
  return {&baseline::kMaps, &baseline::kRows};
}

}  // namespace monograph::cpu
