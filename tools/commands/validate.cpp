#include <monograph/io.h>

#include "cli/command.h"
#include "cli/comparison.h"
#include "cli/execute.h"
#include "cli/result_file.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct ValidateArguments {
  ExecuteOptions execute;
  OutOptions out;
  bool json = false;
  std::string expected;
  MatchOptions match;
};

void add_to_validate(CLI::App& app, ValidateArguments& options) {
  add_execute_options(app, options.execute);
  add_out_options(app, options.out);
  add_json_option(app, options.json);
  app.add_option("-e,--expected", options.expected, "Reference result: \"id value\" lines")
      ->required()
      ->type_name("FILE");
  add_match_options(app, options.match, "epsilon for floats, equivalence for wcc, else exact");
}

Match match_of(const ValidateArguments& options, const Program& program, const OutputInfo& output) {
  if (options.match.match) return *options.match.match;
  if (is_float(output.type.scalar)) return Match::Epsilon;
  const AlgorithmInfo* algorithm = find_algorithm(program.name());
  return algorithm ? algorithm->match : Match::Exact;
}

int run_validate(const ValidateArguments& options, Terminal& terminal) {
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
  const Comparison comparison = compare_values(expected, values_of(job.graph.ids(), result_column(actual)),
                                               match, options.match.tolerance);
  const bool ok = comparison.ok();
  if (options.json) {
    Json document = {{"program", job.program.name()}};
    document.update(comparison_json(comparison, match));
    terminal.out << pretty(document);
  } else {
    terminal.out << verdict(ok, terminal) << ' ' << job.program.name() << ": " << counts(comparison) << " ("
                 << to_string(match) << ")\n";
  }
  if (!ok) show_differences(comparison, terminal);
  terminal.err << summary(job, result) << '\n';
  return ok ? 0 : 1;
}

}  // namespace

extern const Command validate_command;
const Command validate_command = {
    "validate", "Run, and compare with a reference result",
    "monograph validate bfs --graph test.e --param source=1 --expected test-BFS\n"
    "monograph validate bfs --graph test.properties --expected test-BFS\n"
    "monograph validate pagerank --graph test.e --expected test-PR --match epsilon --tolerance 1e-6\n",
    bind<ValidateArguments, add_to_validate, run_validate>};

}  // namespace monograph::cli
