#include "host/cuda/control.h"

#include "host/codegen/embedded_text.h"

namespace monograph::cuda {

std::string control_text(bool conditions_in_memory) {
  std::string text = conditions_in_memory ? "#define MG_CONDITIONS_IN_MEMORY\n" : "";
  for (const char* name : {"device_prelude", "device_run", "control", "control_kernels"})
    text += codegen::embedded_text("kernels/" + std::string(name) + ".cuh");
  return text;
}

}  // namespace monograph::cuda
