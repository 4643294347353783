#include <monograph/version.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct Options {
  bool json = false;
};

void add(CLI::App& app, Options& options) { add_json_option(app, options.json); }

int run(const Options& options, Terminal& terminal) {
  if (options.json)
    terminal.out << pretty({{"program", "monograph"}, {"version", version()}});
  else
    terminal.out << "monograph " << version() << '\n';
  return 0;
}

}  // namespace

extern const Command version_command;
const Command version_command = {"version", "Print the version", "monograph version\n",
                                 bind<Options, add, run>};

}  // namespace monograph::cli
