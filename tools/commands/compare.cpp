#include <algorithm>

#include "cli/command.h"
#include "cli/compare_outputs.h"
#include "cli/comparison.h"
#include "cli/execute.h"

namespace monograph::cli {
namespace {

struct CompareArguments {
  ProgramOptions program;
  GraphOptions graph;
  BackendOptions session;  // all but the backend
  std::vector<std::string> backends;
  MatchOptions match;
  bool json = false;
};

void add_to_compare(CLI::App& app, CompareArguments& options) {
  add_program_option(app, options.program);
  add_graph_options(app, options.graph);
  add_parameter_options(app, options.program);
  app.add_option("-b,--backends", options.backends,
                 "Two or more backends (list backends), the expected one first; cpu also as cpu:tiles, "
                 "cpu:native, cuda also as cuda:1")
      ->required()
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)
      ->type_name("NAME,NAME...");
  add_session_options(app, options.session);
  add_match_options(app, options.match, "exact, bit by bit");
  add_json_option(app, options.json);
}

/// The names of all --backends. UsageError: fewer than two, an empty one, the same one twice.
std::vector<std::string> names_of(const std::vector<std::string>& lists) {
  std::vector<std::string> names;
  for (const std::string& list : lists)
    for (std::size_t at = 0; at <= list.size();) {
      const std::size_t comma = std::min<std::size_t>(list.find(',', at), list.size());
      const std::string name = list.substr(at, comma - at);
      if (name.empty())
        throw UsageError("--backends: expected names with commas between, found \"" + list + "\"");
      const auto plain = [](const std::string& n) { return n == "cpu:auto" ? "cpu" : n; };
      if (std::ranges::find(names, plain(name), plain) != names.end())
        throw UsageError("--backends: expected each once, found " + name + " a second time");
      names.push_back(name);
      at = comma + 1;
    }
  if (names.size() < 2)
    throw UsageError("--backends: expected two or more, such as reference,cpu; found " +
                     std::to_string(names.size()));
  return names;
}

/// "cpu:native" and the like.
BackendOptions backend_of(const CompareArguments& options, const std::string& name) {
  BackendOptions backend = options.session;
  const std::size_t colon = name.find(':');
  if (name.substr(0, colon) == "cuda") {
    check_backend(backend.name = name);
    return backend;
  }
  backend.name = name.substr(0, colon);
  check_backend(backend.name);
  if (colon == std::string::npos) return backend;
  const std::string tier = name.substr(colon + 1);
  if (backend.name != "cpu") throw UsageError("--backends: " + backend.name + " has no tiers, only cpu has");
  if (tier != "tiles" && tier != "native" && tier != "auto")
    throw UsageError(unknown_name("tier of cpu", tier, {"auto", "tiles", "native"}));
  backend.cpu_tier = tier == "tiles" ? CpuTier::Tiles : tier == "native" ? CpuTier::Native : CpuTier::Auto;
  return backend;
}

/// What one backend made of the program.
struct Answer {
  std::string asked;
  Result result;
};

/// DeviceError: compiled code was to be compared, and something else ran.
void expect_tier(const BackendOptions& asked, const Answer& answer) {
  if (asked.cpu_tier == CpuTier::Native && answer.result.tier != "native")
    throw DeviceError("backend " + answer.asked + ": expected compiled code, found " + answer.result.tier +
                      ": " + answer.result.tier_reason);
}

std::vector<Answer> answers_of(const std::vector<std::string>& names,
                               const std::vector<BackendOptions>& backends, const Target& target,
                               const Parameters& parameters, const Graph& graph, Terminal& terminal) {
  std::vector<Answer> answers;
  for (std::size_t i = 0; i < backends.size(); ++i) {
    // each has a graph of its own: what one stores, the next does not see
    Job job = prepare(target, parameters, backends[i], graph, terminal);
    Answer answer{names[i], execute(job, terminal)};
    expect_tier(backends[i], answer);
    terminal.err << answer.asked << ": " << summary(job, answer.result) << '\n';
    answers.push_back(std::move(answer));
  }
  return answers;
}

Json answers_json(const std::vector<Answer>& answers) {
  Json json = Json::array();
  for (const Answer& a : answers)
    json.push_back({{"name", a.asked},
                    {"backend", a.result.backend},
                    {"tier", a.result.tier},
                    {"tier_reason", a.result.tier_reason},
                    {"iterations", a.result.iterations},
                    {"converged", a.result.converged},
                    {"run_ms", a.result.run_ms}});
  return json;
}

/// Whether both took the same course: part of what backends promise, and of no looser match.
bool same_course(const Answer& expected, const Answer& answer, Match match, Json& document,
                 const CompareArguments& options, Terminal& terminal) {
  const bool same = course(expected.result) == course(answer.result);
  document["courses"].push_back({{"expected", expected.asked}, {"actual", answer.asked}, {"same", same}});
  if (same || match != Match::Exact) return true;
  if (!options.json)
    terminal.out << verdict(false, terminal) << ' ' << expected.asked << ", " << answer.asked << ": expected "
                 << course(expected.result) << ", got " << course(answer.result) << '\n';
  return false;
}

/// Every output of every later answer with the first answer's; true when all agree.
bool compare_all(const CompareArguments& options, const Graph& graph, const std::vector<Answer>& answers,
                 Json& document, Terminal& terminal) {
  const Match match = options.match.match.value_or(Match::Exact);
  bool all = true;
  for (const Answer& answer : answers) {
    if (&answer == &answers.front()) continue;
    all = same_course(answers.front(), answer, match, document, options, terminal) && all;
    for (const Output& expected : answers.front().result.outputs()) {
      const Comparison c = compare_outputs(graph, expected, answer.result.output(expected.name), match,
                                           options.match.tolerance);
      all = all && c.ok();
      Json entry = {{"expected", answers.front().asked}, {"actual", answer.asked}, {"output", expected.name}};
      entry.update(comparison_json(c, match));
      document["comparisons"].push_back(std::move(entry));
      if (!options.json)
        terminal.out << verdict(c.ok(), terminal) << ' ' << answers.front().asked << ", " << answer.asked
                     << ": " << expected.name << ": " << counts(c) << " (" << to_string(match) << ")\n";
      show_differences(c, terminal);
    }
  }
  return all;
}

int run_compare(const CompareArguments& options, Terminal& terminal) {
  const std::vector<std::string> names = names_of(options.backends);
  std::vector<BackendOptions> backends;
  std::vector<std::string> kinds;
  for (const std::string& name : names) {
    backends.push_back(backend_of(options, name));
    kinds.push_back(backends.back().name);
  }
  check_has_effect(options.session, kinds);
  const Target target = load_target(options.program, options.session.plan);
  const Parameters parameters = read_parameters(options.program, options.graph, target.program);
  if (target.program.outputs().empty())
    throw InputError("expected a program with an output (attr.output), found none in it");
  const Graph graph = load_graph(options.graph, terminal);
  const std::vector<Answer> answers = answers_of(names, backends, target, parameters, graph, terminal);
  Json document = {{"program", target.program.name()},
                   {"ok", true},
                   {"backends", answers_json(answers)},
                   {"courses", Json::array()},
                   {"comparisons", Json::array()}};
  const bool ok = compare_all(options, graph, answers, document, terminal);
  document["ok"] = ok;
  if (options.json) terminal.out << pretty(document);
  return ok ? 0 : 1;
}

}  // namespace

extern const Command compare_command;
const Command compare_command = {
    "compare", "Run on several backends, and compare their results",
    "monograph compare pagerank --graph gen:rmat:12:16 --backends reference,cpu:tiles,cpu:native\n"
    "monograph compare wcc --graph web.mtx --backends reference,cpu --match equivalence\n",
    bind<CompareArguments, add_to_compare, run_compare>};

}  // namespace monograph::cli
