#include "bench/variant.h"

#include <utility>

namespace monograph::bench {

Parameters run_parameters(const Program& program, std::int64_t limit) {
  Parameters values;
  for (const ParameterInfo& p : program.parameters()) {
    if (p.name == "max_iterations") values.set(p.name, limit);
    if (p.name == "tolerance") values.set(p.name, 0.0);
  }
  return values;
}

Contender::Contender(const SessionOptions& options, const Program& program, const Graph& graph,
                     Parameters parameters)
    : session_(std::make_unique<Session>(options)),
      executable_(session_->compile(program)),
      graph_(&graph),
      parameters_(std::move(parameters)),
      options_{.cancel = options.cancel} {
  run();
}

std::optional<Contender> Contender::open(const Variant& variant, const Program& program, const Graph& graph,
                                         const Parameters& parameters, const SuiteOptions& options,
                                         std::string& why) {
  Contender c({.backend = "cpu",
               .level = variant.level,
               .disabled = variant.disabled,
               .cpu_tier = variant.tier,
               .threads = options.threads,
               .cancel = options.cancel},
              program, graph, parameters);
  if (variant.tier != CpuTier::Native || c.result().tier == "native") return c;
  why = std::string(variant.name) + ": " + c.result().tier_reason;
  return {};
}

void Contender::run() { result_ = session_->run(executable_, *graph_, parameters_, options_); }

}  // namespace monograph::bench
