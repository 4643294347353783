// src/kernels/host_rows.cuh for host code that only needs its sizes and places; kernels include the text
// themselves.
#pragma once

#include "host/cpu/host_run.h"

namespace monograph::scalar {
#include "kernels/host_rows.cuh"
}  // namespace monograph::scalar
