#include "cli/command.h"
#include "cli/execute.h"
#include "cli/result_file.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

constexpr std::int64_t kDefaultTop = 10;

struct RunArguments {
  ExecuteOptions execute;
  OutOptions out;
  bool json = false, dry_run = false;
  std::optional<std::int64_t> top;
};

void add_to_run(CLI::App& app, RunArguments& options) {
  add_execute_options(app, options.execute);
  add_out_options(app, options.out);
  app.add_option("--top", options.top, "Show the N leading elements; 0 shows all; default: 10")
      ->type_name("N");
  add_json_option(app, options.json);
  app.add_flag("--dry-run", options.dry_run, "Check everything, read and compile, but do not run");
}

void check(const RunArguments& options) {
  if (options.top.value_or(0) < 0)
    throw UsageError("--top: expected 0 (all) or how many elements to show, found " +
                     std::to_string(*options.top));
  check_out(options.out);
  if (options.out.to_standard_output() && options.json)
    throw UsageError("--json and --out - both write to standard output; give --out a file");
}

Json graph_json(const Graph& graph) {
  return {{"nodes", graph.node_count()},
          {"edges", listed_edge_count(graph)},
          {"stored_edges", graph.edge_count()},
          {"undirected", graph.undirected()}};
}

// Every parameter with the value that this run gives it; of a node, the user's id.
Json parameters_json(const Job& job) {
  Json json = Json::object();
  for (const ParameterInfo& p : job.program.parameters()) {
    const auto given = job.parameters.texts().find(p.name);
    Constant value = p.fallback;
    if (given == job.parameters.texts().end()) {
      if (p.is_node && job.graph.node_count() > 0)
        json[p.name] = job.graph.ids().text(0);
      else
        json[p.name] = constant_json(value);
    } else if (!p.is_node && parse_constant(given->second, p.fallback.type, value)) {
      json[p.name] = constant_json(value);
    } else {
      json[p.name] = given->second;
    }
  }
  return json;
}

Json counters_json(const Result& result) {
  return {{"csr_builds", result.csr_builds},
          {"csr_hits", result.csr_hits},
          {"plan_cache_hits", result.plan_cache_hits},
          {"allocations", result.allocations},
          {"device_bytes", result.device_bytes},
          {"groups", result.groups},
          {"steps", result.steps}};
}

Json document(const Job& job, const Result* result) {
  return {{"program", job.program.name()},
          {"program_hash", job.program.hash()},
          {"graph", graph_json(job.graph)},
          {"backend", job.session.backend()},
          {"backend_reason", job.session.backend_reason()},
          {"tier", result ? Json(result->tier) : Json()},
          {"tier_reason", result ? Json(result->tier_reason) : Json()},
          {"dry_run", result == nullptr},
          {"iterations", result ? Json(result->iterations) : Json()},
          {"converged", result ? Json(result->converged) : Json()},
          {"timings",
           {{"read_ms", job.read_ms},
            {"compile_ms", job.compile_ms},
            {"compiler_ms", result ? Json(result->compile_ms) : Json()},
            {"run_ms", result ? Json(result->run_ms) : Json()}}},
          {"csr_builds", result ? Json(result->csr_builds) : Json()},
          {"counters", result ? counters_json(*result) : Json()},
          {"parameters", parameters_json(job)},
          {"outputs", Json::array()}};
}

int dry_run(const RunArguments& options, const Job& job, Terminal& terminal) {
  job.session.check(job.executable, job.graph, job.parameters);
  Json json = document(job, nullptr);
  for (const OutputInfo& o : job.program.outputs())
    json["outputs"].push_back({{"name", o.name}, {"type", to_string(o.type)}, {"node_ids", o.is_node}});
  if (options.json) {
    terminal.out << pretty(json);
    return 0;
  }
  terminal.out << "would run " << job.program.name() << " on " << job.graph.node_count() << " nodes, "
               << listed_edge_count(job.graph) << " edges; backend " << job.session.backend() << " ("
               << job.session.backend_reason() << ")\n";
  for (const auto& [name, value] : json["parameters"].items())
    terminal.out << "parameter " << name << " = "
                 << (value.is_string() ? value.get<std::string>() : value.dump()) << '\n';
  for (const OutputInfo& o : job.program.outputs())
    terminal.out << "output " << o.name << " " << to_string(o.type) << '\n';
  return 0;
}

void name_other_outputs(const Result& result, const Output& shown, Terminal& terminal) {
  std::vector<std::string> others;
  for (const Output& o : result.outputs())
    if (&o != &shown) others.push_back(o.name + " " + to_string(o.type));
  if (!others.empty()) terminal.err << "other outputs, shown with --output NAME: " << join(others) << '\n';
}

void show(const RunArguments& options, const Job& job, const Result& result, Terminal& terminal) {
  const std::int64_t top = options.top.value_or(kDefaultTop);
  if (options.json) {
    Json json = document(job, &result);
    for (const Output& o : result.outputs())
      if (options.execute.output.empty() || o.name == options.execute.output)
        json["outputs"].push_back(output_json(job.graph, o, top));
    terminal.out << pretty(json);
  } else if (!options.out.wanted() || (options.top && !options.out.to_standard_output())) {
    const Output& shown = result.output(chosen_output(job.program.outputs(), options.execute.output).name);
    terminal.out << result_table(job.graph, shown, top);
    name_other_outputs(result, shown, terminal);
  }
}

int run_run(const RunArguments& options, Terminal& terminal) {
  check(options);
  Job job = prepare(options.execute, terminal);
  const std::vector<OutputInfo> outputs = job.program.outputs();
  const std::string output = outputs.empty() ? "" : chosen_output(outputs, options.execute.output).name;
  if (options.out.wanted()) check_per_node(chosen_output(outputs, options.execute.output), "--out writes");
  if (options.dry_run) return dry_run(options, job, terminal);
  const Result result = execute(job, terminal);
  if (options.out.wanted()) write_out(options.out, job.graph, result.output(output), terminal);
  show(options, job, result, terminal);
  terminal.err << summary(job, result) << '\n';
  return 0;
}

}  // namespace

extern const Command run_command;
const Command run_command = {
    "run", "Run an algorithm or a program file on a graph",
    "monograph run pagerank --graph karate.mtx\n"
    "monograph run bfs --graph roads.csv --undirected --param source=17 --out hops.txt\n"
    "monograph run pagerank --graph gen:rmat:16:16 --param tolerance=1e-9 --json\n"
    "monograph run my-program.json --graph web.el.gz --top 20\n",
    bind<RunArguments, add_to_run, run_run>};

}  // namespace monograph::cli
