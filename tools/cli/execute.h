// From options to a result: what `run` and `validate` have in common.
#pragma once

#include <monograph/graph.h>
#include <monograph/session.h>

#include <string>

#include "cli/options.h"

namespace monograph::cli {

struct ExecuteOptions {
  ProgramOptions program;
  GraphOptions graph;
  BackendOptions backend;
  std::string output;  ///< which one; "" is the first
};
void add_execute_options(CLI::App& app, ExecuteOptions& options);

/// A program bound to a backend and a graph, ready to run.
struct Job {
  Program program;
  Parameters parameters;
  Session session;
  Graph graph;
  Executable executable;
  double read_ms = 0, compile_ms = 0;
};
/// Binds what was read before to a backend of its own.
Job prepare(const Target& target, const Parameters& parameters, const BackendOptions& backend, Graph graph,
            const Terminal& terminal);
/// Reads and compiles; everything that can be checked before the graph is read, is.
Job prepare(const ExecuteOptions& options, const Terminal& terminal);
/// Runs, with a progress bar; Ctrl-C ends the run with Cancelled.
Result execute(Job& job, const Terminal& terminal);

/// The output asked for, or the first; UsageError when there is none of that name.
const OutputInfo& chosen_output(const std::vector<OutputInfo>& outputs, const std::string& name);

/// Edges as the user counts them: an undirected edge once, though stored in both directions.
std::int64_t listed_edge_count(const Graph& graph);
/// One line for standard error: graph, iterations, time, backend.
std::string summary(const Job& job, const Result& result);

}  // namespace monograph::cli
