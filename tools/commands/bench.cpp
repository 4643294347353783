#include <cmath>
#include <cstdio>

#include "bench/suite.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/result_view.h"
#include "cli/table.h"

namespace monograph::cli {
namespace {

struct BenchArguments {
  const bench::Suite* suite = nullptr;
  bench::SuiteOptions measure;
  bool json = false;
};

void add_to_bench(CLI::App& app, BenchArguments& options) {
  std::vector<std::pair<std::string, const bench::Suite*>> choices;
  std::string doc = "What to measure:";
  for (const bench::Suite& s : bench::suites()) {
    choices.emplace_back(s.name, &s);
    doc += "\n" + std::string(s.name) + ": " + std::string(s.doc);
  }
  add_choice(app, "suite", options.suite, std::move(choices), doc)->required();
  app.add_flag("--quick", options.measure.quick, "Small graphs, fewest repetitions");
  app.add_option("--algorithm", options.measure.algorithms, "Only these")->type_name("NAME")->delimiter(',');
  app.add_option("--bench-graph", options.measure.graphs, "Only these")->type_name("NAME")->delimiter(',');
  app.add_option("--threads", options.measure.threads, "Of both sides; 0: all")
      ->check(whole(0, 4096))
      ->type_name("N");
  add_json_option(app, options.json);
}

std::string cell(const bench::Report& row, std::string_view field) {
  const auto it = row.find(field);
  if (it == row.end() || it->is_null()) return "-";
  if (it->is_string()) return it->get<std::string>();
  if (it->is_number_integer()) return std::to_string(it->get<std::int64_t>());
  if (it->is_boolean()) return it->get<bool>() ? "yes" : "no";
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", it->get<double>());
  return text;
}

std::string table_of(const bench::Suite& suite, const bench::Report& report) {
  std::vector<Table::Column> columns;
  for (const bench::Heading& h : suite.table)
    columns.push_back(
        {std::string(h.heading), columns.size() < 2 ? Table::Align::Left : Table::Align::Right});
  Table table(std::move(columns));
  for (const auto& row : report.at("rows")) {
    std::vector<std::string> cells;
    for (const bench::Heading& h : suite.table) cells.push_back(cell(row, h.field));
    table.add(std::move(cells));
  }
  return table.text();
}

int run_bench(const BenchArguments& options, Terminal& terminal) {
  const CancelScope interrupt;
  bench::SuiteOptions measure = options.measure;
  measure.cancel = interrupt.token();
  measure.progress = [&](const std::string& what) {
    interrupt.throw_if_cancelled("while measuring");
    terminal.err << what << std::endl;
  };
  const bench::Report report = options.suite->run(measure);
  terminal.out << (options.json ? pretty(report) : table_of(*options.suite, report));
  return 0;
}

}  // namespace

extern const Command bench_command;
const Command bench_command = {"bench", "Measure this machine, hand-written code and ours",
                               "monograph bench seeds\n"
                               "monograph bench seeds --algorithm pagerank --bench-graph rmat-18 --json\n"
                               "monograph bench passes --quick\n",
                               bind<BenchArguments, add_to_bench, run_bench>};

}  // namespace monograph::cli
