// src/kernels/host_rows.cuh, host_modes.cuh and host_active.cuh for host code that only needs their sizes and places; kernels include the text
// themselves.
#pragma once

#include "host/cpu/host_run.h"

namespace monograph::scalar {
#include "kernels/candidates.cuh"
#include "kernels/host_rows.cuh"
#include "kernels/host_modes.cuh"
#include "kernels/host_active.cuh"
}  // namespace monograph::scalar
