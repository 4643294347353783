#include "host/runtime/machine.h"

namespace monograph::runtime {

const Machine& this_machine() {
  static const Machine machine{
      .survey = []() -> const cuda::Survey& { return cuda::this_machine(); },
      .runtime = cuda::machine_runtime(),
      .compiler = [](const cuda::Device& device, int threads) -> std::shared_ptr<cuda::KernelCompiler> {
        const cuda::Survey& survey = cuda::this_machine();
        return std::make_shared<cuda::NvrtcCompiler>(device.properties.architecture(), threads, survey.nvrtc,
                                                     survey.nvrtc_reason);
      },
      .figures =
          [](const cuda::Device& device) {
            return cuda::figures_for(cuda::shipped_figures(), device.properties.architecture());
          }};
  return machine;
}

}  // namespace monograph::runtime
