#include <monograph/version.h>

#include <algorithm>
#include <thread>

#include "cli/command.h"
#include "cli/device_view.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "host/codegen/host_compiler.h"
#include "host/plan/cache_folder.h"

namespace monograph::cli {
namespace {

struct DoctorArguments {
  bool json = false;
};

void add_to_doctor(CLI::App& app, DoctorArguments& options) { add_json_option(app, options.json); }

Checkup processor_checkup() {
  return {.name = "processor",
          .ok = true,
          .found = std::to_string(std::max(1u, std::thread::hardware_concurrency())) + " threads",
          .remedy = {}};
}

Checkup compiler_checkup() {
  const CancelScope interrupt;
  const codegen::HostCompiler::Lookup lookup =
      codegen::HostCompiler::find([&] { return interrupt.token().cancelled(); });
  interrupt.throw_if_cancelled("while the C++ compiler was looked for");
  if (!lookup.note.empty())
    return {.name = "compiler",
            .ok = false,
            .found = lookup.compiler->program().string() + " (" + lookup.note + ")",
            .remedy = "set CXX to a compiler, or to nothing"};
  if (lookup.compiler)
    return {.name = "compiler", .ok = true, .found = lookup.compiler->program().string(), .remedy = {}};
  return {.name = "compiler",
          .ok = false,
          .found = lookup.reason,
          .remedy = "install g++ or clang++; until then the cpu backend runs in tiles"};
}

Checkup cache_checkup() {
  std::string reason;
  const std::filesystem::path path = plan::CacheFolder::by_environment(reason);
  if (!path.empty() && plan::CacheFolder::open(path, reason))
    return {.name = "cache", .ok = true, .found = path.string(), .remedy = {}};
  return {.name = "cache",
          .ok = false,
          .found = reason,
          .remedy = "name a folder of your own in MONOGRAPH_CACHE_DIR; until then nothing is kept"};
}

int run_doctor(const DoctorArguments& options, Terminal& terminal) {
  std::vector<Checkup> checkups{processor_checkup(), compiler_checkup(), cache_checkup()};
  const cuda::Survey survey = cuda::survey(
      cuda::machine_runtime(), [] { return cuda::Nvrtc::find(); }, cuda::Depth::All);
  for (Checkup& c : cuda_checkups(survey)) checkups.push_back(std::move(c));
  const Session session;
  if (options.json) {
    const bool ok = std::ranges::all_of(checkups, &Checkup::ok);
    terminal.out << pretty({{"version", version()},
                            {"ok", ok},
                            {"checks", checkups_json(checkups)},
                            {"backend", session.backend()},
                            {"backend_reason", session.backend_reason()}});
    return 0;
  }
  terminal.out << checkups_text(checkups) << "programs run on " << session.backend() << " ("
               << session.backend_reason() << ")\n";
  return 0;
}

}  // namespace

extern const Command doctor_command;
const Command doctor_command = {"doctor", "Say what this machine has to run programs on, and what is missing",
                                "monograph doctor\nmonograph doctor --json\n",
                                bind<DoctorArguments, add_to_doctor, run_doctor>};

}  // namespace monograph::cli
