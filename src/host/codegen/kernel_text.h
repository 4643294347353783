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

/// What all kernels of a step have in common.
struct KernelHead {
  std::string name;        ///< without their parts
  std::string parameters;  ///< `run`, the operands a0, a1, ..., the result r0
  std::size_t operands = 0;
};

/// Writes one kernel after another.
class KernelText {
 public:
  explicit KernelText(KernelHead head) : head_(std::move(head)) {}

  void kernel(const std::string& part, const std::string& call, std::int64_t rows_per_block,
              std::uint32_t shared_bytes = 0) {
    const std::string name = head_.name + part;
    group_.text += "extern \"C\" __global__ void __launch_bounds__(" + std::to_string(kBlockThreads) + ") " +
                   name + "(" + head_.parameters + ") {\n  if (mg_done(run)) return;\n";
    if (shared_bytes > 0) group_.text += "  MG_SHARED(arena);\n";
    group_.text += "  " + call + ";\n}\nMG_KERNEL_ENTRY(" + name + ")\n";
    group_.kernels.push_back({.name = name,
                              .rows_per_block = rows_per_block,
                              .block_threads = kBlockThreads,
                              .shared_bytes = shared_bytes});
  }
  DeviceGroup finish() && { return std::move(group_); }

 private:
  KernelHead head_;
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
