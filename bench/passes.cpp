// Each pass left out, one at a time, and the levels: what composing would cost without it.
#include "host/passes/passes.h"

#include "bench/report.h"
#include "bench/timing.h"
#include "bench/variant.h"
#include "bench/verify.h"

namespace monograph::bench {
namespace {

constexpr std::string_view kAlgorithms[] = {"pagerank", "cdlp", "fastsv"};
constexpr std::string_view kGraphs[] = {"uniform-50k", "rmat-18"}, kQuickGraphs[] = {"uniform-1k", "rmat-10"};

/// What is left out, and the name of a row for it.
struct Change {
  std::string name;
  int level = 2;
  std::vector<std::string> disabled = {};
};

std::vector<Change> changes() {
  std::vector<Change> all{{"level 0", 0}, {"level 1", 1}};
  for (const passes::PassInfo& pass : passes::pass_table())
    if (pass.level > 0 && pass.level != passes::kFastMath)
      all.push_back({std::string(pass.name), 2, {std::string(pass.name)}});
  return all;
}

SuiteOptions with_defaults(const SuiteOptions& options) {
  SuiteOptions chosen = options;
  if (chosen.algorithms.empty()) chosen.algorithms.assign(std::begin(kAlgorithms), std::end(kAlgorithms));
  if (chosen.graphs.empty() && options.quick)
    chosen.graphs.assign(std::begin(kQuickGraphs), std::end(kQuickGraphs));
  else if (chosen.graphs.empty())
    chosen.graphs.assign(std::begin(kGraphs), std::end(kGraphs));
  return chosen;
}

Effort effort_of(const SuiteOptions& options) {
  if (options.quick) return {.least = 7, .most = 7, .budget_ms = 0, .sample_ms = 0.5};
  return {.most = 15, .budget_ms = 800};
}

/// One algorithm on one graph in one tier: everything on, against everything but.
class Ablation {
 public:
  Ablation(const AlgorithmCase& algorithm, const GraphCase& graph_case, const Graph& graph, CpuTier tier,
           const SuiteOptions& options)
      : graph_(graph),
        tier_(tier),
        options_(options),
        program_(algorithm.program()),
        parameters_(run_parameters(program_, iteration_limit(algorithm, graph))) {
    head_ = {{"algorithm", algorithm.name},
             {"graph", graph_case.name},
             {"nodes", graph.node_count()},
             {"edges", graph.edge_count()},
             {"tier", tier == CpuTier::Native ? "native" : "tiles"}};
  }

  void add_rows(Report& rows) {
    std::string why;
    auto all = open({"all on"}, why);
    if (!all) return options_.progress(why);
    for (const Change& change : changes())
      if (auto without = open(change, why)) rows.push_back(row(change, *all, *without));
  }

 private:
  std::optional<Contender> open(const Change& change, std::string& why) const {
    return Contender::open({change.name, change.level, tier_, change.disabled}, program_, graph_, parameters_,
                           options_, why);
  }

  Report row(const Change& change, Contender& all, Contender& without) const {
    Report out = head_;
    out["without"] = change.name;
    out["groups"] = without.result().groups;
    out["same_plan"] = without.plan_hash() == all.plan_hash();
    expect_agreement(all.result().outputs().front().column, without.result().outputs().front().column,
                     out.dump());
    if (out["same_plan"]) return out;
    const auto times = measure_pair([&] { all.run(); }, [&] { without.run(); }, effort_of(options_));
    out["all_ms"] = rounded(median(times.first));
    out["ms"] = rounded(median(times.second));
    out["ratio_to_all"] = rounded(median(times.ratios()));
    out["spread"] = rounded(spread(times.ratios()));
    out["repetitions"] = times.first.size();
    return out;
  }

  const Graph& graph_;
  const CpuTier tier_;
  const SuiteOptions& options_;
  const Program program_;
  const Parameters parameters_;
  Report head_;
};

}  // namespace

Report passes(const SuiteOptions& given) {
  const SuiteOptions options = with_defaults(given);
  Report report = new_report("passes", options);
  for (const GraphCase* c : chosen_graphs(options)) {
    const Graph graph = make_graph(*c, options);
    for (const AlgorithmCase* a : chosen_algorithms(options))
      for (const CpuTier tier : {CpuTier::Tiles, CpuTier::Native}) {
        if (!fits(*a, *c)) continue;
        options.progress(std::string(c->name) + ": " + std::string(a->name) +
                         (tier == CpuTier::Native ? ", native" : ", tiles"));
        Ablation(*a, *c, graph, tier, options).add_rows(report["rows"]);
      }
  }
  return report;
}

}  // namespace monograph::bench
