#include <monograph/io.h>

#include "cli/command.h"
#include "cli/graph_file.h"
#include "cli/options.h"

namespace monograph::cli {
namespace {

struct GenerateArguments {
  GraphOptions graph;
  std::string target, format;
};

void add_to_generate(CLI::App& app, GenerateArguments& options) {
  app.add_option("generator", options.graph.source, "Which graph (list generators)")
      ->required()
      ->type_name("gen:NAME:...");
  app.add_option("-o,--out", options.target, "The file to write")->required()->type_name("FILE");
  add_write_format_option(app, options.format);
}

int run_generate(const GenerateArguments& options, Terminal& terminal) {
  if (!options.graph.source.starts_with("gen:"))
    throw UsageError("expected a generator such as gen:rmat:10:16, found \"" + options.graph.source + "\"");
  check_write_format(options.format);
  save_graph(load_graph(options.graph, terminal), options.target, options.format, terminal);
  return 0;
}

}  // namespace

extern const Command generate_command;
const Command generate_command = {"generate", "Write a generated graph to a file",
                                  "monograph generate gen:rmat:10:16 -o rmat.mtx\n"
                                  "monograph generate gen:grid:100:100 -o grid.el.gz\n"
                                  "monograph generate gen:barabasi-albert:1000:3 -o grown.graphml\n",
                                  bind<GenerateArguments, add_to_generate, run_generate>};

}  // namespace monograph::cli
