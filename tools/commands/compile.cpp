#include "host/plan/compile.h"

#include <monograph/io.h>

#include <filesystem>

#include "cli/cache_option.h"
#include "cli/command.h"
#include "cli/interrupt.h"
#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct CompileArguments {
  ProgramOptions program;
  PlanOptions plan;
  CacheUse cache = CacheUse::On;
  std::string path;
  bool json = false;
};

void add_to_compile(CLI::App& app, CompileArguments& options) {
  add_program_option(app, options.program);
  app.add_option("-o,--out", options.path,
                 "The file to write, as JSON if its name ends in .json; - for standard output")
      ->required()
      ->type_name("FILE|-");
  add_plan_options(app, options.plan);
  add_cache_option(app, options.cache);
  add_json_option(app, options.json);
}

struct Made {
  Plan plan;
  bool from_cache = false;
};

Made plan_of(const CompileArguments& options, const Terminal& terminal) {
  const Target target = load_target(options.program, options.plan);
  if (target.plan) return {*target.plan};  // written again, in the form asked for
  const CancelScope interrupt;
  passes::PassOptions passes = options.plan.passes();
  passes.observe = [&](const auto&...) { interrupt.throw_if_cancelled("while compiling"); };
  plan::check(passes);  // before a cache is made
  plan::Cache cache({.mode = static_cast<plan::CacheMode>(options.cache)});
  const plan::Compiled compiled = plan::compile(target.program.ir(), passes, &cache);
  for (const std::string& warning : cache.take_warnings()) report_error(terminal, "warning: " + warning);
  interrupt.throw_if_cancelled("while compiling");
  return {Plan(*compiled.plan), compiled.origin != plan::Cache::Origin::Made};
}

Json plan_json(const Plan& plan, bool from_cache, const std::string& path, std::size_t bytes) {
  std::size_t steps = 0;
  for (const plan::Block& b : plan.content().blocks) steps += b.steps.size();
  Json json = {{"plan", plan.name()},   {"plan_hash", plan.hash()}, {"program_hash", plan.source_hash()},
               {"level", plan.level()}, {"steps", steps},           {"slots", plan.content().slots.size()},
               {"file", path},          {"bytes", bytes},           {"plan_cache_hits", from_cache ? 1 : 0}};
  return json;
}

void check_out(const CompileArguments& options, const Terminal& terminal) {
  if (options.path != "-") return;
  if (options.json) throw UsageError("--json and --out - both write to standard output; give --out a file");
  if (terminal.out_is_tty)
    throw UsageError("--out -: a plan is no text for a terminal; give it a file or a pipe");
}

int run_compile(const CompileArguments& options, Terminal& terminal) {
  check_out(options, terminal);
  const auto [plan, from_cache] = plan_of(options, terminal);
  const bool as_json = std::filesystem::path(options.path).extension() == ".json";
  const std::string bytes = as_json ? plan.to_json() : plan.to_bytes();
  if (options.path == "-")
    terminal.out << bytes;
  else
    write_file(options.path, bytes);
  const Json json = plan_json(plan, from_cache, options.path, bytes.size());
  if (options.json)
    terminal.out << pretty(json);
  else
    terminal.err << plan.name() << ": " << json["steps"] << " steps, " << json["slots"] << " slots, level "
                 << plan.level() << "; " << bytes.size() << " bytes in "
                 << (options.path == "-" ? "standard output" : options.path) << '\n';
  return 0;
}

}  // namespace

extern const Command compile_command;
const Command compile_command = {"compile", "Compile a program into a plan, which runs on any graph",
                                 "monograph compile pagerank -o pagerank.plan\n"
                                 "monograph compile my-program.json -o my.json --level 1\n"
                                 "monograph run pagerank.plan --graph web.el\n",
                                 bind<CompileArguments, add_to_compile, run_compile>};

}  // namespace monograph::cli
