// Writing results to files.
#pragma once

#include <monograph/io.h>
#include <monograph/session.h>

#include <CLI/CLI.hpp>
#include <string>

#include "cli/terminal.h"

namespace monograph::cli {

struct OutOptions {
  std::string path;    ///< "-" is standard output, "" writes nothing
  std::string format;  ///< "" decides by the path
  bool wanted() const { return !path.empty(); }
  bool to_standard_output() const { return path == "-"; }
};
void add_out_options(CLI::App& app, OutOptions& options);
/// UsageError: an unknown format, or a format and no file.
void check_out(const OutOptions& options);
/// UsageError unless the output has an element per node, as lines of a result file have.
void check_per_node(const OutputInfo& output, std::string_view purpose);
/// Writes the file whole, or leaves what was there.
void write_out(const OutOptions& options, const Graph& graph, const Output& output, const Terminal& terminal);

/// An output as the readers and writers of results know it.
ResultColumn result_column(const Output& output);

}  // namespace monograph::cli
