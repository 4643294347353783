// Each algorithm on each graph: hand-written, unfused, in tiles, compiled.
#include <algorithm>
#include <chrono>

#include "bench/baseline.h"
#include "bench/compile_time.h"
#include "bench/report.h"
#include "bench/timing.h"
#include "bench/variant.h"
#include "bench/verify.h"

namespace monograph::bench {
namespace {

const Variant kLevel0{.name = "level0", .level = 0};
const Variant kTiles{.name = "tiles"};
const Variant kComposed{.name = "composed", .tier = CpuTier::Native};

constexpr double kPatienceMs = 8000;  // level 0 may be too slow for as many repetitions as all others get

/// A suite that takes longer than this, on a busy machine, goes on with fewer repetitions.
constexpr std::chrono::minutes kLong{6};

Effort effort_of(const SuiteOptions& options, bool late = false) {
  if (late) return {.least = 3, .most = 7, .budget_ms = 500};
  if (options.quick) return {.least = 7, .most = 7, .budget_ms = 0, .sample_ms = 0.5};
  return {.budget_ms = 1000};
}

/// One algorithm on one graph.
class Measurement {
 public:
  Measurement(const AlgorithmCase& algorithm, const GraphCase& graph_case, const Graph& graph,
              const Ceilings& ceilings, const SuiteOptions& options, const Effort& effort)
      : algorithm_(algorithm),
        graph_(graph),
        ceilings_(ceilings),
        effort_(effort),
        options_(options),
        name_(std::string(algorithm.name) + " on " + std::string(graph_case.name)),
        program_(algorithm.program()),
        limit_(iteration_limit(algorithm, graph)),
        baseline_(algorithm.baseline(graph, {.iterations = limit_, .threads = options_.threads})) {
    iterations_ = baseline_->run();
    answer_ = baseline_->result();
    row_ = {
        {"algorithm", algorithm.name}, {"graph", graph_case.name},
        {"nodes", graph.node_count()}, {"edges", graph.edge_count()},
        {"iterations", iterations_},   {"threads", baseline_threads(graph, {.threads = options_.threads})}};
  }

  Report row() {
    const Work native = [this] {
      throw_if_cancelled(options_);
      baseline_->run();
    };
    const auto composed = against(kComposed, native), tiles = against(kTiles, native);
    native_ = composed ? composed->first : tiles ? tiles->first : measure(native, effort_);
    row_["native_ms"] = rounded(median(native_));
    row_["native_spread"] = rounded(spread(native_));
    alone(kLevel0);
    put("tiles_ms", tiles ? median(tiles->second) : 0, tiles.has_value());
    put("composed_ms", composed ? median(composed->second) : 0, composed.has_value());
    put_ratio("ratio_to_native", "spread", composed);
    put_ratio("tiles_ratio", "tiles_spread", tiles);
    row_["repetitions"] = native_.size();
    put_floor(composed ? median(composed->second) : 0, composed.has_value());
    put_peer();
    return std::move(row_);
  }

 private:
  void put(const char* field, double value, bool known) {
    row_[field] = known ? Report(rounded(value)) : Report();
  }

  void put_ratio(const char* field, const char* spread_field, const std::optional<PairedTimes>& times) {
    const Times ratios = times ? times->ratios() : Times{};
    put(field, median(ratios), times.has_value());
    put(spread_field, spread(ratios), times.has_value());
  }

  /// Ready to be measured: it ran, and its answer is the baseline's.
  std::optional<Contender> contender(const Variant& variant) {
    std::string why;
    auto c = Contender::open(variant, program_, graph_, run_parameters(program_, limit_), options_, why);
    if (!c) {
      options_.progress(why);
      return c;
    }
    const std::string what = name_ + ", " + std::string(variant.name);
    expect_agreement(answer_, c->result().outputs().front().column, what);
    if (c->result().iterations != iterations_)
      throw RuntimeError(what + ": expected " + std::to_string(iterations_) + " iterations, got " +
                         std::to_string(c->result().iterations));
    return c;
  }

  std::optional<PairedTimes> against(const Variant& variant, const Work& native) {
    auto c = contender(variant);
    if (!c) return {};
    return measure_pair(
        native, [&] { c->run(); }, effort_);
  }

  void alone(const Variant& variant) {
    const std::string prefix(variant.name);
    auto c = contender(variant);
    Effort effort = effort_;
    if (c && c->result().run_ms * effort.least > kPatienceMs) effort.least = 3;
    const Times times = c ? measure([&] { c->run(); }, effort) : Times{};
    put((prefix + "_ms").c_str(), median(times), c.has_value());
    row_[prefix + "_repetitions"] = times.size();
  }

  void put_floor(double composed_ms, bool composed) {
    const auto per_run = static_cast<double>(std::max<std::int64_t>(iterations_, 1));
    const double floor = floor_ms(algorithm_.work, graph_, ceilings_) * per_run;
    const double replay = replay_floor_ms(algorithm_.work, graph_, ceilings_) * per_run;
    row_["floor_ms"] = rounded(floor);
    put("ratio_to_floor", composed_ms / floor, composed);
    row_["native_to_floor"] = rounded(median(native_) / floor);
    row_["replay_floor_ms"] = rounded(replay);
    put("ratio_to_replay_floor", composed_ms / replay, composed);
  }

  void put_peer() {
    if (!algorithm_.peer) return;
    const auto peer = algorithm_.peer(graph_, {.iterations = limit_, .threads = options_.threads});
    const Work work = [&] {
      throw_if_cancelled(options_);
      peer->run();
    };
    row_["peer_ms"] = rounded(median(measure(work, effort_)));
    expect_agreement(answer_, peer->result(), name_ + ", peer");
  }

  const AlgorithmCase& algorithm_;
  const Graph& graph_;
  const Ceilings& ceilings_;
  const Effort effort_;
  const SuiteOptions& options_;
  const std::string name_;
  const Program program_;
  const std::int64_t limit_;
  std::unique_ptr<Baseline> baseline_;
  std::int64_t iterations_ = 0;
  Column answer_;
  Times native_;
  Report row_;
};

Report ceilings_json(const GraphCase& c, const Ceilings& ceilings) {
  return {{"graph", c.name},
          {"stream_gbs", rounded(ceilings.stream_gbs)},
          {"gather4_gps", rounded(ceilings.gather4_gps)},
          {"gather8_gps", rounded(ceilings.gather8_gps)},
          {"replay4_ms", rounded(ceilings.replay4_ms)},
          {"replay8_ms", rounded(ceilings.replay8_ms)}};
}

Report bandwidth_json(int threads, bool quick) {
  Report out = Report::object();
  if (quick) return out;
  for (int t = 1; t <= threads; t *= 2) out[std::to_string(t)] = rounded(memory_bandwidth_gbs(t));
  return out;
}

}  // namespace

Report seeds(const SuiteOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  Report report = new_report("seeds", options);
  const auto algorithms = chosen_algorithms(options);
  const auto graphs = chosen_graphs(options);
  options.progress("memory bandwidth");
  report["memory_gbs"] = bandwidth_json(report["threads"], options.quick);
  report["ceilings"] = Report::array();
  for (const GraphCase* c : graphs) {
    options.progress(std::string(c->name));
    const Graph graph = make_graph(*c, options);
    throw_if_cancelled(options);
    const Ceilings ceilings = measure_ceilings(graph, baseline_threads(graph, {.threads = options.threads}));
    report["ceilings"].push_back(ceilings_json(*c, ceilings));
    for (const AlgorithmCase* a : algorithms) {
      if (!fits(*a, *c)) continue;
      options.progress(std::string(c->name) + ": " + std::string(a->name));
      const bool late = std::chrono::steady_clock::now() - start > kLong;
      report["rows"].push_back(Measurement(*a, *c, graph, ceilings, options, effort_of(options, late)).row());
    }
  }
  options.progress("compile times");
  report["compile"] = Report::array();
  for (const AlgorithmCase* a : algorithms)
    report["compile"].push_back(compile_times(*a, effort_of(options), options));
  return report;
}

}  // namespace monograph::bench
