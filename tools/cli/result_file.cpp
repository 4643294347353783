#include "cli/result_file.h"

#include <algorithm>

#include "cli/interrupt.h"
#include "cli/names.h"

namespace monograph::cli {

void add_out_options(CLI::App& app, OutOptions& options) {
  app.add_option("-o,--out", options.path,
                 "Write \"id value\" for every node to a file (- for standard output)")
      ->type_name("FILE|-");
  app.add_option("--out-format", options.format,
                 "text, csv, tsv, json, npy or npz; default: by the file's name")
      ->type_name("FORMAT");
}

void check_out(const OutOptions& options) {
  if (options.format.empty()) return;
  if (!options.wanted()) throw UsageError("--out-format needs --out");
  std::vector<std::string> known;
  for (const FormatInfo& f : formats())
    if (f.writes_result) known.emplace_back(f.name);
  if (std::find(known.begin(), known.end(), options.format) == known.end())
    throw UsageError(unknown_name("result format", options.format, known));
}

void check_per_node(const OutputInfo& output, std::string_view purpose) {
  if (output.type.domain != Domain::Nodes)
    throw UsageError(std::string(purpose) + " a value per node, but output \"" + output.name + "\" is " +
                     to_string(output.type) + "; use run --json, or --output with another");
}

void write_out(const OutOptions& options, const Graph& graph, const Output& output,
               const Terminal& terminal) {
  const CancelScope no_torn_file;  // a signal waits until the file is complete
  const ResultColumn column = result_column(output);
  if (options.to_standard_output())
    write_result(terminal.out, graph.ids(), {&column, 1}, options.format.empty() ? "text" : options.format);
  else
    write_result(options.path, graph.ids(), {&column, 1}, options.format);
  no_torn_file.throw_if_cancelled("after the results were written");
}

ResultColumn result_column(const Output& output) {
  return {output.name, output.column, output.is_node ? Role::Node : Role::Value};
}

}  // namespace monograph::cli
