// Stage functions as kernels of their own.
#include <algorithm>

#include "host/codegen/device_stage.h"
#include "host/codegen/device_text.h"
#include "host/codegen/embedded_text.h"
#include "host/ops/canonical.h"

namespace monograph::codegen {
namespace {

constexpr unsigned kBlockThreads = 256;  // mg_block_threads

std::string number(std::uint64_t n) { return std::to_string(n); }

std::string kernel_text(const plan::Stage& stage, const StageFunction& f) {
  const bool shares = f.shared_bytes > 0;
  return "extern \"C\" __global__ void __launch_bounds__(" + number(kBlockThreads) + ") " + f.name +
         "(mg_device* run" + f.parameters + ") {\n  if (mg_done(run)) return;\n" +
         (shares ? "  MG_SHARED(arena);\n" : "") + "  " + f.name + "_stage<" +
         number(static_arguments(stage)) + "u>({blockIdx.x, gridDim.x}, " + (shares ? "arena" : "nullptr") +
         ", run" + f.arguments + ");\n}\nMG_KERNEL_ENTRY(" + f.name + ")\n";
}

}  // namespace

std::uint64_t static_arguments(const plan::Stage& stage) {
  std::uint64_t all = 0;
  for (std::uint32_t a = 0; a < std::min<std::size_t>(stage.arguments.size(), 64); ++a)
    if (stage.gathers(a)) all |= std::uint64_t{1} << a;
  return all;
}

DeviceGroup emit_device_group(const plan::Stage& stage, const std::string& group, DeviceOptions options,
                              const plan::ActiveSet* active) {
  DeviceGroup all;
  for (const StageFunction& f : emit_stage_functions(stage, group, options, active)) {
    all.text += f.text + kernel_text(stage, f);
    all.kernels.push_back({.name = f.name,
                           .rows_per_block = f.has_rows ? scalar::mg_column_leaf : 0,
                           .block_threads = f.has_rows ? kBlockThreads : 32,
                           .shared_bytes = f.shared_bytes});
  }
  return all;
}

std::string device_stage_prelude() {
  const auto texts = [](std::initializer_list<const char*> names) {
    std::string text;
    for (const char* name : names)
      text += std::string(embedded_text("kernels/" + std::string(name) + ".cuh"));
    return text;
  };
  return texts({"device_prelude", "scalar_math", "shapes", "values", "candidates"}) + table_text() +
         texts({"device_run", "schedules", "device_columns", "device_modes", "long_rows", "device_active",
                "device_sorts", "device_steps", "device_neighbors"});
}

}  // namespace monograph::codegen
