// The run state that tiles and compiled plans share, and the shapes of sums, as host code sees them.
#pragma once

#include "host/ops/canonical.h"
#include "host/ops/scalar_math.h"

namespace monograph::scalar {
#include "kernels/values.cuh"
#include "kernels/host_run.cuh"
}  // namespace monograph::scalar
