// Our side of a comparison: one program, compiled by a session with given settings, bound to a graph.
#pragma once

#include <monograph/session.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace monograph::bench {

/// How a program is compiled and run.
struct Variant {
  std::string_view name;                   ///< as the columns of a report are called
  int level = 2;                           ///< optimisation level
  bool native = false;                     ///< the compiled tier, else tiles
  std::vector<std::string> disabled = {};  ///< passes left out
};

/// Everything before the run is done when this exists.
class Contender {
 public:
  /// Nothing when this version has no backend that runs this variant.
  static std::optional<Contender> open(const Variant& variant, const Program& program, const Graph& graph,
                                       const Parameters& parameters, int threads);
  /// Runs once, warm; the result stays until the next run.
  void run();
  const Result& result() const { return result_; }

 private:
  Contender(Session session, const Program& program, const Graph& graph, Parameters parameters);
  std::unique_ptr<Session> session_;
  Executable executable_;
  const Graph* graph_;
  Parameters parameters_;
  Result result_;
};

}  // namespace monograph::bench
