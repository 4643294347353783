#include <monograph/io.h>

#include <cstdio>
#include <optional>

#include "cli/command.h"
#include "cli/execute.h"

namespace monograph::cli {
namespace {

struct Options {
  ExecuteOptions execute;
  std::string expected;
  std::optional<Match> match;
  double tolerance = 1e-4;
};

void add(CLI::App& app, Options& options) {
  add_execute_options(app, options.execute);
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

void show_differences(const Comparison& comparison, Terminal& terminal) {
  const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  for (const Comparison::Difference& d : comparison.first)
    terminal.err << "node " << d.id << ": expected " << shown(d.expected) << ", got " << shown(d.actual)
                 << '\n';
}

int run(const Options& options, Terminal& terminal) {
  const ValueTable expected = read_values(options.expected);
  Job job = prepare(options.execute, terminal);
  const OutputInfo output = chosen_output(job.program.outputs(), options.execute.output);
  if (output.type.domain != Domain::Nodes)
    throw UsageError("validate compares a value per node, but output \"" + output.name + "\" is " +
                     to_string(output.type));
  const Match match = match_of(options, job.program, output);
  const Result result = execute(job, terminal);
  const ResultColumn column{output.name, result.output(output.name).column,
                            output.is_node ? Role::Node : Role::Value};
  const Comparison comparison =
      compare_values(expected, values_of(job.graph.ids(), column), match, options.tolerance);
  const bool ok = comparison.ok();
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
