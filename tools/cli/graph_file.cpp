#include "cli/graph_file.h"

#include <monograph/io.h>

#include <algorithm>

#include "cli/execute.h"
#include "cli/interrupt.h"
#include "cli/names.h"

namespace monograph::cli {

void add_write_format_option(CLI::App& app, std::string& format) {
  app.add_option("--out-format", format, "Format to write (list formats); default: by the file's name")
      ->type_name("FORMAT");
}

void check_write_format(const std::string& name) {
  if (name.empty()) return;
  std::vector<std::string> known;
  for (const FormatInfo& f : formats())
    if (f.writes_graph) known.emplace_back(f.name);
  if (std::find(known.begin(), known.end(), name) == known.end())
    throw UsageError(unknown_name("graph format to write", name, known));
}

void save_graph(const Graph& graph, const std::string& path, const std::string& format,
                const Terminal& terminal) {
  const CancelScope no_torn_file;  // a signal waits until the file is complete
  write_graph(graph, path, format);
  no_torn_file.throw_if_cancelled(("while writing " + path + ", which is complete").c_str());
  for (const std::string& lost : losses(graph, path, format))
    report_error(terminal, "warning: " + path + " does not have " + lost);
  terminal.err << path << ": " << graph.node_count() << " nodes, " << listed_edge_count(graph)
               << (graph.undirected() ? " undirected edges\n" : " edges\n");
}

}  // namespace monograph::cli
