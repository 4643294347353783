// The machine that sessions run on, as far as it is not the same everywhere: its devices, and who compiles
// for them. Tests bring one of their own.
#pragma once

#include <functional>
#include <memory>

#include "host/cuda/cost_model.h"
#include "host/cuda/devices.h"
#include "host/cuda/kernel_compiler.h"
#include "host/cuda/staging.h"

namespace monograph::runtime {

struct Machine {
  std::function<const cuda::Survey&()> survey;  ///< asked only where the answer matters
  cuda::Runtime* runtime = nullptr;             ///< null: built without CUDA
  /// For a device that the survey lists; `threads` of its own.
  std::function<std::shared_ptr<cuda::KernelCompiler>(const cuda::Device&, int threads)> compiler;
  std::function<cuda::DeviceFigures(const cuda::Device&)> figures;
  std::size_t staging = cuda::Staging::kPiece;
};

/// This one.
const Machine& this_machine();

}  // namespace monograph::runtime
