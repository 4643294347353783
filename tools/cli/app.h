// The command line as a parser, made from the registry.
#pragma once

#include <CLI/CLI.hpp>
#include <map>
#include <memory>

#include "cli/command.h"

namespace monograph::cli {

struct App {
  CLI::App parser{"Graph algorithms composed from primitives", "monograph"};
  std::map<const CLI::App*, Run> runs;  ///< what each subcommand does
};
/// All commands of the registry with their options.
std::unique_ptr<App> make_app();

}  // namespace monograph::cli
