// src/kernels/scalar_math.cuh for host code, inside the library's namespace.
#pragma once

namespace monograph::scalar {
#include "kernels/scalar_math.cuh"
}  // namespace monograph::scalar
