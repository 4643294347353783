#include "cli/command.h"
#include "cli/device_view.h"
#include "cli/options.h"

namespace monograph::cli {
namespace {

struct DevicesArguments {
  bool json = false;
};

void add_to_devices(CLI::App& app, DevicesArguments& options) { add_json_option(app, options.json); }

int run_devices(const DevicesArguments& options, Terminal& terminal) {
  const cuda::Survey survey = cuda::survey(
      cuda::machine_runtime(), [] { return cuda::Nvrtc::find(); }, cuda::Depth::All);
  terminal.out << (options.json ? pretty(devices_json(survey)) : devices_text(survey));
  return 0;
}

}  // namespace

extern const Command devices_command;
const Command devices_command = {"devices", "List the CUDA devices here, or say why there are none",
                                 "monograph devices\nmonograph devices --json\n",
                                 bind<DevicesArguments, add_to_devices, run_devices>};

}  // namespace monograph::cli
