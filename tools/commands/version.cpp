#include <monograph/version.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct VersionArguments {
  bool json = false;
};

void add_to_version(CLI::App& app, VersionArguments& options) { add_json_option(app, options.json); }

int run_version(const VersionArguments& options, Terminal& terminal) {
  if (options.json)
    terminal.out << pretty({{"program", "monograph"}, {"version", version()}});
  else
    terminal.out << "monograph " << version() << '\n';
  return 0;
}

}  // namespace

extern const Command version_command;
const Command version_command = {"version", "Print the version", "monograph version\n",
                                 bind<VersionArguments, add_to_version, run_version>};

}  // namespace monograph::cli
