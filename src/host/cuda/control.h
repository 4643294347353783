// The layout that control kernels and host share, and the text of those kernels.
#pragma once

#include <string>

namespace monograph::cuda {
namespace device {
// Each needs those before it.
// clang-format off
#include "kernels/device_run.cuh"
#include "kernels/control.cuh"
#include "kernels/grid_barrier.cuh"
#include "kernels/device_loop.cuh"
// clang-format on
}  // namespace device

/// Device code of the control kernels, complete. `conditions_in_memory`: as the runtime's.
std::string control_text(bool conditions_in_memory = false);

}  // namespace monograph::cuda
