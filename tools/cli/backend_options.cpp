// On what a program runs and how it becomes a plan. An option that would do nothing is an error: whoever gave
// it believes that something else was measured, compared or run.
#include <algorithm>
#include <charconv>

#include "cli/cache_option.h"
#include "cli/options.h"
#include "host/runtime/backends.h"

namespace monograph::cli {
namespace {

bool all_are(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::all_of(names, [&](const std::string& n) { return n == name; });
}

/// "auto" may become any that plans; "cuda:1" is cuda.
bool may_be(const std::vector<std::string>& names, std::string_view name) {
  return std::ranges::any_of(
      names, [&](const std::string& n) { return n.substr(0, n.find(':')) == name || n == "auto"; });
}

}  // namespace

CLI::Validator whole(std::uint64_t low, std::uint64_t high) {
  const auto check = [=](const std::string& text) -> std::string {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc{} && end == text.data() + text.size() && number >= low && number <= high)
      return {};
    return "expected a whole number from " + std::to_string(low) + " to " + std::to_string(high) +
           ", found \"" + text + "\"";
  };
  return CLI::Validator([check](std::string& text) { return check(text); }, "");
}

passes::PassOptions PlanOptions::passes() const {
  return {.level = level.value_or(passes::PassOptions{}.level),
          .disabled = disabled,
          .fast_math = fast_math,
          .observe = {}};
}

std::string PlanOptions::given() const {
  return level ? "--level" : !disabled.empty() ? "--disable" : fast_math ? "--fast-math" : "";
}

void add_plan_options(CLI::App& app, PlanOptions& options) {
  app.add_option("--level", options.level, "Optimisation level: 0 none, 1 what never costs, 2 all")
      ->check(whole(0, 2))
      ->default_str("2")
      ->type_name("0|1|2");
  app.add_option("--disable", options.disabled, "Leave a pass out (list passes); may be given again")
      ->type_name("PASS")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag("--fast-math", options.fast_math,
               "Also rules that may change the last digits of results; off unless asked for");
}

void check_compiles(const PlanOptions& options, const std::string& file) {
  if (const std::string given = options.given(); !given.empty())
    throw UsageError(given + ": expected a program to compile, found a plan in " + file +
                     ", which is compiled already; compile its program again, or leave " + given + " out");
}

void add_backend_options(CLI::App& app, BackendOptions& options) {
  app.add_option("--backend", options.name, "Where to run (list backends); cuda:1 is the second device")
      ->type_name("NAME")
      ->capture_default_str();
  add_choice<std::optional<CpuTier>>(
      app, "--cpu-tier", options.cpu_tier,
      {{"auto", CpuTier::Auto}, {"tiles", CpuTier::Tiles}, {"native", CpuTier::Native}},
      "How the cpu backend runs: interpreted tile by tile, or compiled by this machine's C++ compiler "
      "(native); auto: compiled when it is there; default: auto");
  add_session_options(app, options);
}

void add_session_options(CLI::App& app, BackendOptions& options) {
  add_plan_options(app, options.plan);
  add_choice<std::optional<ActiveRows>>(
      app, "--active-rows", options.active_rows,
      {{"auto", ActiveRows::Auto}, {"never", ActiveRows::Never}, {"always", ActiveRows::Always}},
      "Whether loops compute only the rows that read a changed one, where explain says that they may; "
      "results do not depend on it; default: auto");
  app.add_option("--threads", options.threads,
                 "Threads of the cpu backend; 0: all; results do not depend on it")
      ->check(whole(0, 4096))
      ->type_name("N");
  app.add_option(
         "--simt-seed", options.simt_seed,
         "Of the orders in which the simt backend runs threads; 0: in order; results do not depend on it")
      ->check(whole(0, ~std::uint64_t{0}))
      ->default_str(std::to_string(SessionOptions{}.simt_seed))
      ->type_name("N");
  app.add_flag("--simt-loops", options.simt_loops,
               "Loops are one kernel each in the simt backend, where they can be");
  app.add_flag("--simt-balanced", options.simt_balanced,
               "The simt backend cuts long rows into pieces, which have kernels of their own");
  app.add_option("--device-memory", options.device_memory,
                 "Memory of the device that the cuda backend may take, as in 8G; 0: all that is free")
      ->transform(CLI::AsSizeValue(false))
      ->type_name("SIZE");
  add_cache_option(app, options.cache);
}

void add_cache_option(CLI::App& app, CacheUse& use) {
  add_choice<CacheUse>(app, "--cache", use,
                       {{"off", CacheUse::Off},
                        {"memory", CacheUse::Memory},
                        {"on", CacheUse::On},
                        {"check", CacheUse::Check}},
                       "Keep compiled plans and code for the next run, or not; check compiles again and "
                       "compares; default: on");
}

void check_backend(const std::string& name) { runtime::parse_backend(name); }

void check_has_effect(const BackendOptions& options, const std::vector<std::string>& names) {
  const auto refuse = [&](const std::string& option, const std::string& why) {
    throw UsageError(option + ": " + why + ", but the program runs on " + join(names) + "; leave it out");
  };
  if (const std::string given = options.plan.given(); !given.empty() && all_are(names, "reference"))
    refuse(given, "expected a backend that compiles programs (list backends)");
  if (options.active_rows && all_are(names, "reference"))
    refuse("--active-rows", "the reference computes all rows");
  if (options.cpu_tier && !may_be(names, "cpu")) refuse("--cpu-tier", "only the backend cpu has tiers");
  if (options.simt_seed && !may_be(names, "simt"))
    refuse("--simt-seed", "only the backend simt draws the order of threads");
  for (const auto& [given, name] :
       {std::pair{options.simt_loops, "--simt-loops"}, std::pair{options.simt_balanced, "--simt-balanced"}})
    if (given && !may_be(names, "simt")) refuse(name, "only the backend simt has a choice of kernels");
  if (options.device_memory && !may_be(names, "cuda"))
    refuse("--device-memory", "only the backend cuda has a device");
}

Session open_session(const BackendOptions& options, const CancelToken& cancel) {
  const passes::PassOptions passes = options.plan.passes();
  const SessionOptions defaults;
  return Session({.backend = options.name,
                  .level = passes.level,
                  .disabled = passes.disabled,
                  .fast_math = passes.fast_math,
                  .cpu_tier = options.cpu_tier.value_or(defaults.cpu_tier),
                  .active_rows = options.active_rows.value_or(defaults.active_rows),
                  .threads = options.threads,
                  .simt_seed = options.simt_seed.value_or(defaults.simt_seed),
                  .simt_loops = options.simt_loops,
                  .simt_balanced = options.simt_balanced,
                  .cache = options.cache,
                  .device_memory = options.device_memory.value_or(defaults.device_memory),
                  .cancel = cancel});
}

}  // namespace monograph::cli
