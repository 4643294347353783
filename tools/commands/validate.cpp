#include <monograph/io.h>

#include <cstdio>
#include <optional>

#include "cli/command.h"
#include "cli/execute.h"
#include "cli/result_file.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct Options {
  ExecuteOptions execute;
  OutOptions out;
  bool json = false;
  std::string expected;
  std::optional<Match> match;
  double tolerance = 1e-4;
};

void add(CLI::App& app, Options& options) {
  add_execute_options(app, options.execute);
  add_out_options(app, options.out);
  add_json_option(app, options.json);
  app.add_option("-e,--expected", options.expected, "Reference result: \"id value\" lines")
      ->required()
      ->type_name("FILE");
  add_choice<std::optional<Match>>(
      app, "--match", options.match,
      {{"exact", Match::Exact}, {"equivalence", Match::Equivalence}, {"epsilon", Match::Epsilon}},
      "When two values agree; default: epsilon for floats, equivalence for wcc, else exact");
  app.add_option("--tolerance", options.tolerance, "Relative error that epsilon allows")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("X");
}

Match match_of(const Options& options, const Program& program, const OutputInfo& output) {
  if (options.match) return *options.match;
  if (is_float(output.type.scalar)) return Match::Epsilon;
  return program.name() == "wcc" ? Match::Equivalence : Match::Exact;
}

std::string counts(const Comparison& c) {
  std::string text = std::to_string(c.compared) + " compared, " + std::to_string(c.mismatched) + " differ, " +
                     std::to_string(c.missing) + " missing, " + std::to_string(c.extra) + " extra";
  char worst[48];
  std::snprintf(worst, sizeof worst, "; worst error %.3g", c.worst_error);
  return text + worst;
}

Json comparison_json(const Job& job, const Comparison& c, Match match) {
  Json differences = Json::array();
  for (const Comparison::Difference& d : c.first)
    differences.push_back({{"node", d.id}, {"expected", d.expected}, {"actual", d.actual}});
  return {{"program", job.program.name()},
          {"ok", c.ok()},
          {"match", to_string(match)},
          {"compared", c.compared},
          {"mismatched", c.mismatched},
          {"missing", c.missing},
          {"extra", c.extra},
          {"worst_error", constant_json(Constant::of(c.worst_error))},
          {"first_differences", differences}};
}

void show_differences(const Comparison& comparison, Terminal& terminal) {
  const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  for (const Comparison::Difference& d : comparison.first)
    terminal.err << "node " << d.id << ": expected " << shown(d.expected) << ", got " << shown(d.actual)
                 << '\n';
}

int run(const Options& options, Terminal& terminal) {
  check_out(options.out);
  if (options.out.to_standard_output()) throw UsageError("validate prints its line there; give --out a file");
  const ValueTable expected = read_values(options.expected);
  Job job = prepare(options.execute, terminal);
  const OutputInfo output = chosen_output(job.program.outputs(), options.execute.output);
  check_per_node(output, "validate compares");
  const Match match = match_of(options, job.program, output);
  const Result result = execute(job, terminal);
  const Output& actual = result.output(output.name);
  if (options.out.wanted()) write_out(options.out, job.graph, actual, terminal);
  const Comparison comparison =
      compare_values(expected, values_of(job.graph.ids(), result_column(actual)), match, options.tolerance);
  const bool ok = comparison.ok();
  if (options.json)
    terminal.out << pretty(comparison_json(job, comparison, match));
  else
    terminal.out << terminal.paint(ok ? "PASS" : "FAIL", ok ? Style::Good : Style::Bad) << ' '
                 << job.program.name() << ": " << counts(comparison) << " (" << to_string(match) << ")\n";
  if (!ok) show_differences(comparison, terminal);
  terminal.err << summary(job, result) << '\n';
  return ok ? 0 : 1;
}

}  // namespace

extern const Command validate_command;
const Command validate_command = {
    "validate", "Run, and compare with a reference result",
    "monograph validate bfs --graph test.e --param source=1 --expected test-BFS\n"
    "monograph validate pagerank --graph test.e --expected test-PR --match epsilon --tolerance 1e-6\n",
    bind<Options, add, run>};

}  // namespace monograph::cli
