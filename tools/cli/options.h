// Option groups that several commands share, each written once.
#pragma once

#include <monograph/algorithms.h>
#include <monograph/io.h>
#include <monograph/plan.h>
#include <monograph/session.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/names.h"
#include "cli/node_files.h"
#include "cli/terminal.h"
#include "host/passes/passes.h"

namespace monograph::cli {

/// Where a graph comes from and how it is read.
struct GraphOptions {
  std::string source;
  bool directed = false, undirected = false;
  ReadOptions read;
  NodeFiles node_files;
  std::vector<std::string> edge_attributes;  ///< "name=file.npy"
};
void add_graph_options(CLI::App& app, GraphOptions& options);
/// The options of reading alone, for commands that name the file otherwise.
void add_read_options(CLI::App& app, GraphOptions& options);
/// Reads or generates it, with a progress bar; Ctrl-C ends the reading with Cancelled.
Graph load_graph(const GraphOptions& options, const Terminal& terminal);

/// Which program runs, with which parameters.
struct ProgramOptions {
  std::string target;                   ///< an algorithm or a file
  std::vector<std::string> parameters;  ///< "name=value"
};
void add_program_option(CLI::App& app, ProgramOptions& options);
void add_parameter_options(CLI::App& app, ProgramOptions& options);
/// A program, or a plan that was compiled before.
struct Target {
  Program program;           ///< of a plan: the optimised one
  std::optional<Plan> plan;  ///< only when the file holds one
};
/// The algorithm of that name, else what is in that file: a program (JSON, or text) or a plan (either form).
/// UsageError: neither. PlanError: a plan that cannot be used.
Target load_target(const ProgramOptions& options);
struct PlanOptions;
/// The same for a command that compiles; UsageError for options of compiling where the file holds a plan.
Target load_target(const ProgramOptions& options, const PlanOptions& plan);
inline Program load_program(const ProgramOptions& options) { return load_target(options).program; }

/// UsageError: not "name=value", or the program has no parameter of that name. What was not given, but the
/// file of the graph states for this program (LDBC `.properties`), is as it states it.
Parameters read_parameters(const ProgramOptions& options, const GraphOptions& graph, const Program& program);

/// How a program becomes a plan.
struct PlanOptions {
  std::optional<int> level;
  std::vector<std::string> disabled;
  bool fast_math = false;
  passes::PassOptions passes() const;
  /// The first that was given, as it was ("--level"); "" when none was.
  std::string given() const;
};
void add_plan_options(CLI::App& app, PlanOptions& options);
/// UsageError: an option of these, where `file` holds a plan, which is compiled already.
void check_compiles(const PlanOptions& options, const std::string& file);

/// On what a program runs. What was not given has no value: an option that would do nothing is an error.
struct BackendOptions {
  std::string name = "auto";
  PlanOptions plan;
  std::optional<CpuTier> cpu_tier;
  std::optional<ActiveRows> active_rows;
  int threads = 0;
  std::optional<std::uint64_t> simt_seed, device_memory;
  bool simt_loops = false, simt_balanced = false;
  CacheUse cache = CacheUse::On;
};
void add_backend_options(CLI::App& app, BackendOptions& options);
/// Everything of a backend but which one: for commands that name it otherwise.
void add_session_options(CLI::App& app, BackendOptions& options);
/// UsageError: unknown backend.
void check_backend(const std::string& name);
/// UsageError: an option that means nothing to any of the backends `names` (names of `list backends`).
void check_has_effect(const BackendOptions& options, const std::vector<std::string>& names);
/// UsageError: unknown backend. DeviceError: one that is not there.
Session open_session(const BackendOptions& options, const CancelToken& cancel);

/// Whole numbers from `low` to `high`, for CLI11.
CLI::Validator whole(std::uint64_t low, std::uint64_t high);

void add_json_option(CLI::App& app, bool& json);

/// An option that takes one of a few names.
template <class T>
CLI::Option* add_choice(CLI::App& app, const std::string& name, T& target,
                        std::vector<std::pair<std::string, T>> choices, const std::string& doc) {
  std::vector<std::string> known;
  for (const auto& choice : choices) known.push_back(choice.first);
  const auto read = [&target, choices, known, name](const std::string& text) {
    for (const auto& [choice, value] : choices)
      if (choice == text) return void(target = value);
    throw UsageError(unknown_name("value for " + name, text, known));
  };
  return app.add_option_function<std::string>(name, read, doc)->type_name(join(known, "|"));
}

}  // namespace monograph::cli
