#include <monograph/io.h>

#include "cli/command.h"
#include "cli/graph_file.h"
#include "cli/options.h"

namespace monograph::cli {
namespace {

struct ConvertArguments {
  GraphOptions graph;
  std::string target, format;
};

void add_to_convert(CLI::App& app, ConvertArguments& options) {
  app.add_option("in", options.graph.source, "The graph to read")->required()->type_name("FILE|gen:...");
  app.add_option("out", options.target, "The file to write")->required()->type_name("FILE");
  add_read_options(app, options.graph);
  add_write_format_option(app, options.format);
}

int run_convert(const ConvertArguments& options, Terminal& terminal) {
  check_write_format(options.format);
  save_graph(load_graph(options.graph, terminal), options.target, options.format, terminal);
  return 0;
}

}  // namespace

extern const Command convert_command;
const Command convert_command = {"convert", "Write a graph in another format",
                                 "monograph convert web.el.gz web.mtx\n"
                                 "monograph convert web.mtx web.mcsr\n"
                                 "monograph convert --undirected --multi-edges sum calls.csv calls.mtx.gz\n",
                                 bind<ConvertArguments, add_to_convert, run_convert>};

}  // namespace monograph::cli
