// Text of the kernels of one step that is no group: all with the parameters of the step.
#pragma once

#include <algorithm>
#include <string>

#include "host/codegen/device_stage.h"
#include "host/ops/canonical.h"

namespace monograph::codegen {

inline constexpr unsigned kBlockThreads = 256;         // mg_block_threads
inline constexpr std::int64_t kMostChunks = 256;       // mg_most_chunks
inline constexpr std::uint32_t kDigitBytes = 4 * 256;  // a number per digit (mg_digits)
// The block of a kernel that is launched for itself.
inline constexpr const char* kGrid = "mg_grid{blockIdx.x, gridDim.x}, run";

/// Writes one kernel after another.
class KernelText {
 public:
  KernelText(std::string name, std::string parameters)
      : name_(std::move(name)), parameters_(std::move(parameters)) {}

  void kernel(const std::string& part, const std::string& call, std::int64_t rows_per_block,
              std::uint32_t shared_bytes = 0) {
    const std::string name = name_ + part;
    group_.text += "extern \"C\" __global__ void __launch_bounds__(" + std::to_string(kBlockThreads) + ") " +
                   name + "(" + parameters_ + ") {\n  if (mg_done(run)) return;\n";
    if (shared_bytes > 0) group_.text += "  MG_SHARED(arena);\n";
    group_.text += "  " + call + ";\n}\nMG_KERNEL_ENTRY(" + name + ")\n";
    group_.kernels.push_back({.name = name,
                              .rows_per_block = rows_per_block,
                              .block_threads = kBlockThreads,
                              .shared_bytes = shared_bytes});
  }
  DeviceGroup finish() && { return std::move(group_); }

 private:
  std::string name_, parameters_;
  DeviceGroup group_;
};

/// How many elements a column of that type has, on the device.
inline std::string count_text(const Type& t) {
  return t.domain == Domain::Nodes   ? "run->nodes"
         : t.domain == Domain::Edges ? "run->edges"
                                     : std::to_string(t.length);
}

/// mg_sort_room, with numbers of that many bytes.
inline std::int64_t sort_room(std::int64_t elements, std::int64_t number_bytes) {
  const std::int64_t leaves = (elements + scalar::mg_column_leaf - 1) / scalar::mg_column_leaf;
  const std::int64_t chunk =
      std::max<std::int64_t>((leaves + kMostChunks - 1) / kMostChunks * scalar::mg_column_leaf, 1);
  return (elements + chunk - 1) / chunk * kDigitBytes + 2 * elements * number_bytes;
}

}  // namespace monograph::codegen
