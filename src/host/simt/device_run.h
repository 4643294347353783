// The state of a run as kernels see it, seen from host code.
#pragma once

#include "host/cpu/host_run.h"

namespace monograph::scalar {
// Each needs those before it.
// clang-format off
#include "kernels/device_run.cuh"
#include "kernels/control.cuh"
#include "kernels/grid_barrier.cuh"
#include "kernels/device_loop.cuh"
// clang-format on
}  // namespace monograph::scalar
