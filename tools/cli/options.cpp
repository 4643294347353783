#include "cli/options.h"

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "cli/interrupt.h"
#include "cli/progress.h"
#include "host/base/printable.h"

namespace monograph::cli {
namespace {

char parse_delimiter(const std::string& text) {
  static const std::pair<std::string_view, char> kNamed[] = {
      {"tab", '\t'}, {"\\t", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"space", ' '}};
  for (const auto& [name, c] : kNamed)
    if (text == name) return c;
  if (text.size() == 1) return text[0];
  throw UsageError("--delimiter: expected one character, or tab, comma, semicolon, space; found \"" + text +
                   "\"");
}

void check_format(const std::string& name) {
  std::vector<std::string> known;
  for (const FormatInfo& f : formats())
    if (f.reads_graph) known.emplace_back(f.name);
  for (const std::string& format : known)
    if (format == name) return;
  throw UsageError(unknown_name("graph format", name, known));
}

// A program is text that people or programs wrote: larger than this, it is something else.
constexpr std::uintmax_t kLargestProgram = std::uintmax_t{64} << 20;

std::string read_program_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error))
    throw InputError({path}, "is not a regular file; expected a program as JSON or text");
  if (std::filesystem::file_size(path, error) > kLargestProgram || error)
    throw InputError({path}, "is larger than 64 MiB; expected a program as JSON or text");
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file) throw InputError({path}, "cannot be read");
  return text;
}

// No text program begins with a bracket or a quote. What is called JSON and begins with neither a program nor
// a comment is JSON too, of which it is then said that it is no object.
bool looks_like_json(const std::string& text, const std::string& path) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string::npos) return false;
  const std::string_view rest = std::string_view(text).substr(first);
  if (rest.find_first_of("{[\"") == 0) return true;
  return std::filesystem::path(path).extension() == ".json" && rest[0] != '#' && !rest.starts_with("program");
}

// Neither program nor plan: control characters among the first bytes, as in nearly every file that is no
// text. A plan whose first bytes are damaged is one of those.
void expect_text_or_plan(const std::string& text, const std::string& path) {
  const std::string_view head = std::string_view(text).substr(0, 64);
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 && (c < '\t' || c > '\r'); };
  if (std::ranges::none_of(head, odd)) return;
  throw PlanError(path + ": byte 0: expected a plan, or a program as JSON or text, found \"" +
                  base::printable(head.substr(0, 8)) + "\": the file is damaged, or something else");
}

std::vector<std::string> algorithm_names() {
  std::vector<std::string> names;
  for (const AlgorithmInfo& a : algorithms()) {
    names.emplace_back(a.name);
    if (!a.alias.empty()) names.emplace_back(a.alias);
  }
  return names;
}

}  // namespace

void add_graph_options(CLI::App& app, GraphOptions& options) {
  app.add_option("-g,--graph", options.source, "The graph: a file, or a generator such as gen:rmat:10:16")
      ->required()
      ->type_name("FILE|gen:...");
  add_read_options(app, options);
}

void add_read_options(CLI::App& app, GraphOptions& options) {
  ReadOptions& read = options.read;
  app.add_option("--format", read.format, "Format of the file (list formats); default: by its name")
      ->type_name("FORMAT");
  auto* directed = app.add_flag("--directed", options.directed, "Edges have a direction (the default)");
  app.add_flag("--undirected", options.undirected, "Each listed edge goes both ways")->excludes(directed);
  add_choice<Ids>(app, "--ids", read.ids,
                  {{"auto", Ids::Number}, {"number", Ids::Number}, {"string", Ids::Text}},
                  "How node ids are read; auto is number");
  app.add_option("--skip-lines", read.skip_lines, "Lines to leave out at the start of the file")
      ->check(CLI::NonNegativeNumber)
      ->type_name("N");
  app.add_option_function<std::string>(
         "--delimiter", [&read](const std::string& text) { read.delimiter = parse_delimiter(text); },
         "Between columns: a character, or tab, comma, semicolon, space; default: by the first line")
      ->type_name("C");
  add_choice<MultiEdges>(app, "--multi-edges", read.multi_edges,
                         {{"keep", MultiEdges::Keep},
                          {"drop", MultiEdges::Drop},
                          {"sum", MultiEdges::Sum},
                          {"min", MultiEdges::Min},
                          {"max", MultiEdges::Max}},
                         "What becomes of several edges with the same ends");
  add_choice<SelfLoops>(app, "--self-loops", read.self_loops,
                        {{"keep", SelfLoops::Keep}, {"drop", SelfLoops::Drop}},
                        "What becomes of edges from a node to itself");
  add_node_file_options(app, options.node_files);
  app.add_option("--edge-attribute", options.edge_attributes,
                 "Attribute of edges from a NumPy file, in the order of rows (both directions of an "
                 "undirected edge); "
                 "may be repeated")
      ->allow_extra_args(false)
      ->type_name("NAME=FILE.npy");
}

namespace {

/// "name=file" as its two parts.
std::pair<std::string, std::string> split_setting(const std::string& setting, const char* option) {
  const std::size_t equals = setting.find('=');
  if (equals == std::string::npos || equals == 0)
    throw UsageError(std::string(option) + ": expected NAME=FILE.npy, found \"" + setting + "\"");
  return {setting.substr(0, equals), setting.substr(equals + 1)};
}

void add_columns(Graph& graph, const GraphOptions& options) {
  for (const std::string& setting : options.edge_attributes) {
    const auto parts = split_setting(setting, "--edge-attribute");
    graph.set_edge_attribute(parts.first, read_column(parts.second));
  }
}

}  // namespace

Graph load_graph(const GraphOptions& options, const Terminal& terminal) {
  if (!options.read.format.empty()) check_format(options.read.format);
  check_node_files(options.node_files);
  ReadOptions read = options.read;
  if (options.directed) read.undirected = false;
  if (options.undirected) read.undirected = true;
  const CancelScope interrupt;
  Progress progress(terminal, "reading", "MB");
  read.progress = [&](std::int64_t done, std::int64_t total) {
    interrupt.throw_if_cancelled("while reading the graph");
    progress.update(static_cast<double>(done) / 1e6, static_cast<double>(total) / 1e6);
  };
  Graph graph = read_graph(options.source, read);
  add_columns(graph, options);
  interrupt.throw_if_cancelled("while reading the graph");
  read_node_files(options.node_files, graph);
  return graph;
}

void add_program_option(CLI::App& app, ProgramOptions& options) {
  app.add_option("program", options.target,
                 "An algorithm (list algorithms), or a file with a program or a plan")
      ->required()
      ->type_name("ALGORITHM|FILE");
}

void add_parameter_options(CLI::App& app, ProgramOptions& options) {
  app.add_option("-p,--param", options.parameters,
                 "Sets a parameter (list algorithms); may be repeated, the last one counts")
      ->allow_extra_args(false)
      ->type_name("NAME=VALUE");
}

Target load_target(const ProgramOptions& options) {
  if (const AlgorithmInfo* algorithm = find_algorithm(options.target)) return {algorithm->make(), {}};
  std::error_code error;
  if (!std::filesystem::exists(options.target, error)) {
    const std::filesystem::path path(options.target);
    if (path.has_parent_path() || path.has_extension())
      throw InputError({.file = options.target},
                       "expected a program file or the name of an algorithm, found no such file");
    throw UsageError(unknown_name("algorithm", options.target, algorithm_names()) +
                     "; there is no program file of that name either");
  }
  const std::string text = read_program_file(options.target);
  const bool json = looks_like_json(text, options.target);
  if (!Plan::is_plan(text)) {
    expect_text_or_plan(text, options.target);
  } else {
    const Plan plan = json ? Plan::from_json(text, options.target) : Plan::from_bytes(text, options.target);
    return {plan.program(), plan};
  }
  return {json ? Program::from_json(text, options.target) : Program::from_text(text, options.target), {}};
}

Target load_target(const ProgramOptions& options, const PlanOptions& plan) {
  Target target = load_target(options);
  if (target.plan) check_compiles(plan, options.target);
  return target;
}

Parameters read_parameters(const ProgramOptions& options, const GraphOptions& graph, const Program& program) {
  std::vector<std::string> known;
  for (const ParameterInfo& p : program.parameters()) known.push_back(p.name);
  Parameters parameters;
  for (const std::string& setting : options.parameters) {
    const std::size_t equals = setting.find('=');
    if (equals == std::string::npos || equals == 0)
      throw UsageError("--param: expected NAME=VALUE, found \"" + setting + "\"");
    const std::string name = setting.substr(0, equals);
    if (std::find(known.begin(), known.end(), name) == known.end())
      throw UsageError(unknown_name("parameter of " + program.name(), name, known));
    parameters.set_text(name, setting.substr(equals + 1));
  }
  for (const StatedParameter& stated : stated_parameters(graph.source))
    if (stated.algorithm == program.name() && !parameters.texts().contains(stated.name) &&
        std::find(known.begin(), known.end(), stated.name) != known.end())
      parameters.set_text(stated.name, stated.value);
  return parameters;
}

void add_json_option(CLI::App& app, bool& json) { app.add_flag("--json", json, "Print one JSON document"); }

}  // namespace monograph::cli
