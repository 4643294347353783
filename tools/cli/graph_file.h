// Writing graphs to files.
#pragma once

#include <monograph/graph.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"

namespace monograph::cli {

void add_write_format_option(CLI::App& app, std::string& format);
/// UsageError unless `name` is empty or a format that graphs can be written in.
void check_write_format(const std::string& name);
/// Writes the file and says on standard error what is in it.
void save_graph(const Graph& graph, const std::string& path, const std::string& format,
                const Terminal& terminal);

}  // namespace monograph::cli
