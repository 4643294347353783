// Looks into a cubin (an ELF file for one GPU architecture) without a driver: is it whole, and which kernels
// are in it.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace monograph::cuda {

/// What a thread of a kernel takes.
struct KernelUse {
  unsigned registers = 0;
  unsigned stack_bytes = 0;  ///< of local memory: registers that were spilled, and arrays
};

struct CubinReport {
  std::string reason;                ///< what is damaged; empty when it is sound
  std::vector<std::string> kernels;  ///< names, sorted
  std::vector<KernelUse> uses;       ///< of each; zeros where the file does not say
  bool ok() const noexcept { return reason.empty(); }
};

/// Never reads outside `cubin`, whatever it holds.
CubinReport inspect_cubin(std::span<const std::byte> cubin);

}  // namespace monograph::cuda
