#include "cli/execute.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <optional>

#include "cli/compare_outputs.h"
#include "cli/interrupt.h"
#include "cli/progress.h"

namespace monograph::cli {
namespace {

class Stopwatch {
 public:
  double ms() const {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start_).count();
  }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

// How many iterations there can be, for the progress bar: by the convention of the algorithm library.
std::optional<double> iteration_limit(const Job& job) {
  for (const ParameterInfo& p : job.program.parameters()) {
    if (p.name != "max_iterations" || p.fallback.type != ScalarType::I64) continue;
    Constant limit = p.fallback;
    const auto given = job.parameters.texts().find(p.name);
    if (given != job.parameters.texts().end() && !parse_constant(given->second, limit.type, limit)) return {};
    return static_cast<double>(limit.as<std::int64_t>());
  }
  return {};
}

void report_warnings(Session& session, const Terminal& terminal) {
  for (const std::string& warning : session.take_warnings()) report_error(terminal, "warning: " + warning);
}

}  // namespace

void add_execute_options(CLI::App& app, ExecuteOptions& options) {
  add_program_option(app, options.program);
  add_graph_options(app, options.graph);
  add_parameter_options(app, options.program);
  add_backend_options(app, options.backend);
  app.add_option("--output", options.output, "Which output, when the program has several; default: the first")
      ->type_name("NAME");
}

const OutputInfo& chosen_output(const std::vector<OutputInfo>& outputs, const std::string& name) {
  if (outputs.empty()) throw InputError("expected a program with an output (attr.output), found none in it");
  if (name.empty()) return outputs.front();
  std::vector<std::string> known;
  for (const OutputInfo& o : outputs) {
    if (o.name == name) return o;
    known.push_back(o.name);
  }
  throw UsageError(unknown_name("output", name, known));
}

Job prepare(const ExecuteOptions& options, const Terminal& terminal) {
  const Target target = load_target(options.program, options.backend.plan);
  const Parameters parameters = read_parameters(options.program, options.graph, target.program);
  if (!options.output.empty()) chosen_output(target.program.outputs(), options.output);
  Job job = prepare(target, parameters, options.backend, {}, terminal);
  check_has_effect(options.backend, {job.session.backend()});
  const Stopwatch reading;
  GraphOptions graph = options.graph;
  graph.read.threads = options.backend.threads;  // a limit for all that there is to do
  job.graph = load_graph(graph, terminal);
  job.read_ms = reading.ms();
  return job;
}

Job prepare(const Target& target, const Parameters& parameters, const BackendOptions& backend, Graph graph,
            const Terminal& terminal) {
  const CancelScope interrupt;
  Session session = open_session(backend, interrupt.token());
  const Stopwatch compiling;
  Executable executable = target.plan ? session.load(*target.plan) : session.compile(target.program);
  const double compile_ms = compiling.ms();
  report_warnings(session, terminal);
  interrupt.throw_if_cancelled("while compiling");
  return {.program = target.program,
          .parameters = parameters,
          .session = std::move(session),
          .graph = std::move(graph),
          .executable = std::move(executable),
          .compile_ms = compile_ms};
}

Result execute(Job& job, const Terminal& terminal) {
  const CancelScope interrupt;
  Progress progress(terminal, "running", "iterations");
  const double limit = iteration_limit(job).value_or(0);
  RunOptions options;
  options.cancel = interrupt.token();
  options.progress = [&](std::int64_t iteration) { progress.update(static_cast<double>(iteration), limit); };
  const AlgorithmInfo* algorithm = find_algorithm(job.program.name());
  const bool runs_itself = algorithm && algorithm->run && job.program == algorithm->make();
  Result result = runs_itself ? algorithm->run(job.session, job.graph, job.parameters, options)
                              : job.session.run(job.executable, job.graph, job.parameters, options);
  report_warnings(job.session, terminal);
  return result;
}

std::int64_t listed_edge_count(const Graph& graph) {
  if (!graph.undirected()) return graph.edge_count();
  const Adjacency out = graph.out();
  std::int64_t loops = 0;
  for (std::int64_t v = 0; v < graph.node_count(); ++v) {
    const auto row =
        out.neighbors.subspan(static_cast<std::size_t>(out.offsets[static_cast<std::size_t>(v)]),
                              static_cast<std::size_t>(out.offsets[static_cast<std::size_t>(v) + 1] -
                                                       out.offsets[static_cast<std::size_t>(v)]));
    const auto [first, last] = std::equal_range(row.begin(), row.end(), static_cast<std::int32_t>(v));
    loops += last - first;
  }
  return (graph.edge_count() + loops) / 2;
}

std::string summary(const Job& job, const Result& result) {
  char times[96];
  std::snprintf(times, sizeof times, "read %.1f ms, compiled %.1f ms, ran %.3f ms", job.read_ms,
                job.compile_ms, result.run_ms);
  return job.program.name() + ": " + std::to_string(job.graph.node_count()) + " nodes, " +
         std::to_string(listed_edge_count(job.graph)) +
         (job.graph.undirected() ? " undirected edges; " : " edges; ") + course(result) + "; " + times +
         "; backend " + result.backend + " (" + result.backend_reason + ")" +
         (result.tier.empty() ? "" : ", " + result.tier + " (" + result.tier_reason + ")");
}

}  // namespace monograph::cli
