#include "bench/variant.h"

#include <algorithm>

namespace monograph::bench {
namespace {

bool has_backend(std::string_view name) {
  const auto known = backends();
  return std::any_of(known.begin(), known.end(),
                     [&](const BackendInfo& b) { return b.name == name && b.available; });
}

}  // namespace

Contender::Contender(Session session, const Program& program, const Graph& graph, Parameters parameters)
    : session_(std::make_unique<Session>(std::move(session))),
      executable_(session_->compile(program)),
      graph_(&graph),
      parameters_(std::move(parameters)) {}

std::optional<Contender> Contender::open(const Variant&, const Program& program, const Graph& graph,
                                         const Parameters& parameters, int /*threads*/) {
  if (!has_backend("cpu")) return std::nullopt;
  SessionOptions options;
  options.backend = "cpu";
  return Contender(Session(options), program, graph, parameters);
}

void Contender::run() { result_ = session_->run(executable_, *graph_, parameters_); }

}  // namespace monograph::bench
