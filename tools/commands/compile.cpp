#include "host/plan/compile.h"

#include <monograph/io.h>

#include <filesystem>

#include "cli/cache_option.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {
namespace {

struct Options {
  ProgramOptions program;
  passes::PassOptions passes;
  CacheUse cache = CacheUse::On;
  std::string path;
  bool json = false;
};

void add(CLI::App& app, Options& options) {
  add_program_option(app, options.program);
  app.add_option("-o,--out", options.path, "The file to write; as JSON if its name ends in .json")
      ->required()
      ->type_name("FILE");
  add_plan_options(app, options.passes);
  add_cache_option(app, options.cache);
  add_json_option(app, options.json);
}

struct Made {
  Plan plan;
  bool from_cache = false;
};

Made plan_of(const Options& options, const Terminal& terminal) {
  const Target target = load_target(options.program);
  if (target.plan) return {*target.plan};  // written again, in the form asked for
  plan::check(options.passes);  // before a cache is made
  plan::Cache cache({.mode = static_cast<plan::CacheMode>(options.cache)});
  const plan::Compiled compiled = plan::compile(target.program.ir(), options.passes, &cache);
  for (const std::string& warning : cache.take_warnings()) report_error(terminal, "warning: " + warning);
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

int run(const Options& options, Terminal& terminal) {
  const auto [plan, from_cache] = plan_of(options, terminal);
  const bool as_json = std::filesystem::path(options.path).extension() == ".json";
  const std::string bytes = as_json ? plan.to_json() : plan.to_bytes();
  write_file(options.path, bytes);
  const Json json = plan_json(plan, from_cache, options.path, bytes.size());
  if (options.json)
    terminal.out << pretty(json);
  else
    terminal.err << plan.name() << ": " << json["steps"] << " steps, " << json["slots"] << " slots, level "
                 << plan.level() << "; " << bytes.size() << " bytes in " << options.path << '\n';
  return 0;
}

}  // namespace

extern const Command compile_command;
const Command compile_command = {"compile", "Compile a program into a plan, which runs on any graph",
                                 "monograph compile pagerank -o pagerank.plan\n"
                                 "monograph compile my-program.json -o my.json --level 1\n"
                                 "monograph run pagerank.plan --graph web.el\n",
                                 bind<Options, add, run>};

}  // namespace monograph::cli
