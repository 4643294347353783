// Our side of a comparison: one program, compiled by a session with given settings, bound to a graph.
#pragma once

#include <monograph/session.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/suite.h"

namespace monograph::bench {

/// How a program is compiled and run.
struct Variant {
  std::string_view name;                   ///< as the columns of a report are called
  int level = 2;                           ///< optimisation level
  CpuTier tier = CpuTier::Tiles;           ///< Tiles or Native
  std::vector<std::string> disabled = {};  ///< passes left out
};

/// Both sides stop after the same number of iterations: "max_iterations" is `limit` and "tolerance" 0, where
/// the program has them.
Parameters run_parameters(const Program& program, std::int64_t limit);

/// Everything before the run is done when this exists.
class Contender {
 public:
  /// Runs once. Nothing when the variant cannot run here; `why` then says why.
  static std::optional<Contender> open(const Variant& variant, const Program& program, const Graph& graph,
                                       const Parameters& parameters, const SuiteOptions& options,
                                       std::string& why);
  /// Runs again; the result stays until the next run.
  void run();
  const Result& result() const { return result_; }
  std::string plan_hash() const { return executable_.plan_hash(); }

 private:
  Contender(const SessionOptions& options, const Program& program, const Graph& graph, Parameters parameters);
  std::unique_ptr<Session> session_;
  Executable executable_;
  const Graph* graph_;
  Parameters parameters_;
  RunOptions options_;
  Result result_;
};

}  // namespace monograph::bench
