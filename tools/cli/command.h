// The command registry. A command is one file in commands/ that defines its `Command`, and one line in
// commands/command_list.def; help, completions and dispatch follow from that list.
#pragma once

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>
#include <span>
#include <string_view>

#include "cli/terminal.h"

namespace monograph::cli {

/// Runs a command whose options have been read; gives the exit code.
using Run = std::function<int(Terminal&)>;

struct Command {
  std::string_view name;
  std::string_view doc;               ///< one line
  std::string_view examples;          ///< shown below `--help`, one per line
  Run (*add_options)(CLI::App& app);  ///< adds options to `app`; the result runs what was read into them
};

/// Every command, in the order that help lists them.
std::span<const Command* const> commands();

/// `Command::add_options` for a command whose options are a struct `Options`.
template <class Options, void (*add)(CLI::App&, Options&), int (*run)(const Options&, Terminal&)>
Run bind(CLI::App& app) {
  auto options = std::make_shared<Options>();
  add(app, *options);
  return [options](Terminal& terminal) { return run(*options, terminal); };
}

}  // namespace monograph::cli
