// One run in progress: what operations may ask of it, and what it has collected so far.
#pragma once

#include <monograph/session.h>

#include <map>
#include <string>
#include <vector>

#include "host/ops/op_def.h"

namespace monograph::runtime {

class RunState final : public ops::RunContext {
 public:
  RunState(const Graph& graph, std::map<std::string, Constant, std::less<>> parameters,
           const RunOptions& options)
      : graph_(graph), parameters_(std::move(parameters)), options_(options) {}

  const Graph& graph() override { return graph_; }
  Constant parameter(std::string_view name) override { return parameters_.find(name)->second; }
  const Column* attribute(std::string_view name, Domain domain) override {
    return domain == Domain::Nodes ? graph_.node_attribute(name) : graph_.edge_attribute(name);
  }
  void output(std::string_view name, const ops::Value& value, ops::Role role) override {
    outputs.push_back({std::string(name), value.type, role == ops::Role::Node, value.column});
  }
  void store(std::string_view name, const ops::Value& value) override {
    stores.push_back({std::string(name), value});
  }
  void begin_iteration(std::int64_t iteration) override;
  void end_loop(std::int64_t iterations, bool finished) override;
  std::string loop_context() override;
  /// A run elsewhere stopped inside of these iterations, outermost first: for messages.
  void stopped_in(std::vector<std::int64_t> loops) { loops_ = std::move(loops); }

  std::vector<Output> outputs;
  std::vector<std::pair<std::string, ops::Value>>
      stores;  ///< applied to the graph when the run has succeeded
  std::int64_t iterations = 0;
  bool converged = true;

 private:
  const Graph& graph_;
  std::map<std::string, Constant, std::less<>> parameters_;
  const RunOptions& options_;
  std::vector<std::int64_t> loops_;  // present iteration of each loop that is running, outermost first
};

}  // namespace monograph::runtime
