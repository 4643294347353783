#include "cli/command.h"

namespace monograph::cli {

#define MONOGRAPH_COMMAND(name) extern const Command name##_command;
#include "commands/command_list.def"

std::span<const Command* const> commands() {
  static constexpr const Command* kCommands[] = {
#define MONOGRAPH_COMMAND(name) &name##_command,
#include "commands/command_list.def"
  };
  return kCommands;
}

}  // namespace monograph::cli
