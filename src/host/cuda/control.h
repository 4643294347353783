// The layout that control kernels and host share, and the text of those kernels.
#pragma once

#include <string>

namespace monograph::cuda {
namespace device {
// clang-format off: the second needs the first
#include "kernels/device_run.cuh"
#include "kernels/control.cuh"
// clang-format on
}  // namespace device

/// Device code of the control kernels, complete. `conditions_in_memory`: as the runtime's.
std::string control_text(bool conditions_in_memory = false);

}  // namespace monograph::cuda
