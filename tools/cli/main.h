#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"

namespace monograph::cli {

/// The whole program: reads `arguments` (without the program's name), runs the command, reports errors, and
/// gives the exit code.
int run_program(std::vector<std::string> arguments, Terminal& terminal);

}  // namespace monograph::cli
