#include <monograph/error.h>

#include "cli/command.h"
#include "cli/options.h"
#include "cli/result_view.h"
#include "host/cuda/cost_model.h"
#include "host/cuda/graph_text.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"
#include "host/plan/compile.h"
#include "host/plan/templates.h"

namespace monograph::cli {
namespace {

struct ExplainArguments {
  ProgramOptions program;
  PlanOptions plan;
  std::vector<std::string> templates;  ///< "KNOWN=REPLACEMENT"
  bool json = false, cuda = false, cuda_dot = false;
  int unroll = 1;
  cuda::Tier tier = cuda::Tier::Graph;
  bool balanced = false;
};

void add_to_explain(CLI::App& app, ExplainArguments& options) {
  add_program_option(app, options.program);
  add_plan_options(app, options.plan);
  app.add_option("--template", options.templates,
                 "A program equal to KNOWN is replaced by REPLACEMENT (names or files); several times")
      ->type_name("KNOWN=REPLACEMENT");
  add_json_option(app, options.json);
  app.add_flag("--cuda", options.cuda, "The CUDA graph that the program becomes: nodes, kernels, loops")
      ->excludes("--json");
  app.add_flag("--cuda-dot", options.cuda_dot, "The same for Graphviz")
      ->excludes("--cuda")
      ->excludes("--json");
  app.add_option("--cuda-unroll", options.unroll, "Iterations in a round of its loops")
      ->check(CLI::Range(1, 64))
      ->type_name("N");
  add_choice<cuda::Tier>(
      app, "--cuda-tier", options.tier,
      {{"graph", cuda::Tier::Graph}, {"grid", cuda::Tier::Grid}, {"block", cuda::Tier::Block}},
      "Its loops as nodes, as one kernel each of blocks that wait for each other, or of one block; "
      "default: graph");
  app.add_flag("--cuda-balanced", options.balanced, "With kernels that cut long rows");
}

plan::Templates read_templates(const std::vector<std::string>& lines) {
  plan::Templates templates;
  for (const std::string& line : lines) {
    const std::size_t equals = line.find('=');
    if (equals == line.npos) throw UsageError("--template: expected KNOWN=REPLACEMENT, got \"" + line + "\"");
    const Program known = load_program({.target = line.substr(0, equals), .parameters = {}});
    const Program replacement = load_program({.target = line.substr(equals + 1), .parameters = {}});
    templates.add(known.name(), known.ir(), replacement.ir());
  }
  return templates;
}

/// The program as it stands after one pass (or, first, before any).
struct Stage {
  std::string name, doc, text;
  bool changed = true;
  double ms = 0;
};

std::vector<Stage> stages_of(Program program, passes::PassOptions options, const plan::Templates& templates) {
  plan::check(options);
  std::vector<Stage> stages = {{"recorded", "the program as it was written", program.to_text()}};
  if (const plan::Template* known = templates.match(program.ir())) {
    program = Program(known->replacement);
    stages.push_back({"templates", "matches template " + known->name + ": replaced by " + program.name(),
                      program.to_text()});
  }
  options.observe = [&](const passes::PassInfo& pass, const ir::Program& after, bool changed, double ms) {
    stages.push_back({std::string(pass.name), std::string(pass.doc), Program(after).to_text(), changed, ms});
  };
  if (options.level == 0) options.observe = {};
  const plan::Plan plan = plan::build(passes::run(program.ir(), options));
  stages.push_back({"plan", "what the cpu backend runs: groups are kernels, s0, s1, ... places for values",
                    plan::to_text(plan)});
  return stages;
}

// "json" is the program as `run` reads it from a file.
Json stages_json(const Program& program, const std::vector<Stage>& stages) {
  Json json = {{"program", program.name()},
               {"program_hash", program.hash()},
               {"json", Json::parse(program.to_json())},
               {"stages", Json::array()}};
  for (const Stage& s : stages)
    json["stages"].push_back(
        {{"name", s.name}, {"doc", s.doc}, {"changed", s.changed}, {"ms", s.ms}, {"text", s.text}});
  return json;
}

std::string commented(const std::string& lines) {
  std::string text;
  for (std::size_t at = 0; at < lines.size();) {
    const std::size_t end = lines.find('\n', at);
    text += "# " + lines.substr(at, end - at) + '\n';
    at = end + 1;
  }
  return text;
}

// What is not program is a comment of the text form.
std::string stages_text(const std::vector<Stage>& stages) {
  std::string text;
  for (const Stage& s : stages) {
    const bool pass = &s != &stages.front() && s.name != "plan";
    text += "# " + std::string(pass ? "after " : "") + s.name + ": " + s.doc + '\n';
    text += !s.changed ? "# nothing changed\n" : s.name == "plan" ? commented(s.text) : s.text;
    if (!text.ends_with('\n')) text += '\n';
    if (&s != &stages.back()) text += '\n';
  }
  return text;
}

/// What a device would be given. None is needed to say so.
std::string cuda_view(const ExplainArguments& options, const Program& program) {
  const passes::PassOptions passes = options.plan.passes();
  plan::check(passes);
  const plan::Templates templates = read_templates(options.templates);
  const auto plan = plan::compile(program.ir(), passes, nullptr, templates).plan;
  cuda::GraphView view;
  view.options.unroll = options.unroll;
  view.options.tier = options.tier;
  view.options.balanced = options.balanced;
  view.options.active_rows = cpu::ActiveRows::Auto;  // as sessions do
  if (options.cuda_dot) return cuda::graph_dot(*plan, view);
  const cuda::DeviceFigures figures = cuda::figures_for(cuda::shipped_figures(), 0);
  return "program \"" + plan->name() + "\" as one launch; of what is proven on a device the choice is " +
         cuda::explain_choice(*plan, view.nodes, view.edges, figures) + cuda::graph_text(*plan, view);
}

int run_explain(const ExplainArguments& options, Terminal& terminal) {
  const Program program = load_program(options.program);
  if (options.cuda || options.cuda_dot) {
    terminal.out << cuda_view(options, program);
    return 0;
  }
  const std::vector<Stage> stages =
      stages_of(program, options.plan.passes(), read_templates(options.templates));
  terminal.out << (options.json ? pretty(stages_json(program, stages)) : stages_text(stages));
  return 0;
}

}  // namespace

extern const Command explain_command;
const Command explain_command = {"explain", "Show a program as text, before and after each pass",
                                 "monograph explain pagerank\n"
                                 "monograph explain my-program.json --level 0\n"
                                 "monograph explain pagerank --cuda\n",
                                 bind<ExplainArguments, add_to_explain, run_explain>};

}  // namespace monograph::cli
