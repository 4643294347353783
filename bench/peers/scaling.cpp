#include "bench/peers/scaling.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "bench/baseline.h"
#include "bench/peers/cases.h"
#include "bench/report.h"
#include "bench/timing.h"
#include "host/plan/plan.h"

namespace monograph::bench::peers {
namespace {

constexpr double kMb = 1e6;
constexpr double kEnoughMb =
    64;  // of rows and columns, for the program and its stacks to be little beside them

struct Size {
  std::string family, name, source;
  std::int64_t most_edges;
};

std::vector<Size> sizes() {
  std::vector<Size> all;
  for (int s = 14; s <= 21; ++s)
    all.push_back({"rmat", "rmat-" + std::to_string(s), "gen:rmat:" + std::to_string(s) + ":16",
                   std::int64_t{32} << s});
  for (std::int64_t side = 128; side <= 2048; side *= 2) {
    const std::string n = std::to_string(side);
    all.push_back({"grid", "grid-" + n, "gen:grid:" + n + ":" + n, 4 * side * side});
  }
  return all;
}

/// What is measured: a case, the size of the elements that it gathers along edges, and whether its time is
/// that of iterations of which there is always the same number.
struct Subject {
  std::string_view algorithm, setting;
  int gathered;
  bool per_iteration;
};
constexpr Subject kSubjects[] = {{"pagerank", "iterations", 8, true},
                                 {"cdlp", "", 4, true},
                                 {"wcc", "", 4, false},
                                 {"bfs", "", 8, false},
                                 {"sssp", "", 8, false}};

const Case& case_of(const Subject& s) {
  for (const Case& c : cases())
    if (c.algorithm == s.algorithm && c.setting == s.setting) return c;
  throw InternalError("scaling: no case of " + std::string(s.algorithm));
}

/// Bytes of rows and attributes that a graph has in memory.
std::int64_t graph_bytes(const Graph& g) {
  const std::int64_t rows = (g.node_count() + 1) * 8 + g.edge_count() * 4;
  std::int64_t bytes = rows;
  if (g.csc_builds() > 0) bytes += rows + g.edge_count() * 8;
  for (const std::string& name : g.edge_attribute_names()) bytes += g.edge_attribute(name)->bytes();
  return bytes;
}

/// One algorithm on one graph.
class Point {
 public:
  Point(const Subject& subject, const Size& size, const Graph& graph, const ScalingOptions& options)
      : subject_(subject), size_(size), graph_(graph), options_(options.compare) {}

  /// `before`: memory of the process without the graph.
  Report row(const Caches& caches, std::optional<std::int64_t> before) {
    const Case& c = case_of(subject_);
    const Question q = question_of(c, graph_);
    Session session({.backend = "cpu",
                     .cpu_tier = CpuTier::Native,
                     .threads = baseline_threads(graph_, {.threads = options_.threads}),
                     .cancel = options_.cancel});
    const Executable executable = session.compile(c.program());
    const Parameters parameters = c.parameters(q, graph_);
    const bool fresh = forget_peak();
    Result result;
    const Times times =
        measure([&] { result = session.run(executable, graph_, parameters, {.cancel = options_.cancel}); },
                {.least = std::min(3, options_.repeats),
                 .most = options_.repeats,
                 .budget_ms = options_.seconds * 1e3});
    const auto peak = peak_memory();
    const std::int64_t gathered = graph_.node_count() * subject_.gathered;
    const double edges = static_cast<double>(std::max<std::int64_t>(graph_.edge_count(), 1));
    const double passes =
        subject_.per_iteration ? static_cast<double>(std::max<std::int64_t>(result.iterations, 1)) : 1;
    const std::int64_t columns =
        plan::buffer_bytes(executable.plan()->content(), graph_.node_count(), graph_.edge_count());
    return {
        {"algorithm", subject_.algorithm},
        {"family", size_.family},
        {"graph", size_.name},
        {"nodes", graph_.node_count()},
        {"edges", graph_.edge_count()},
        {"iterations", result.iterations},
        {"tier", result.tier},
        {"ms", rounded(median(times))},
        {"spread", rounded(spread(times))},
        {"repetitions", times.size()},
        {"ns_per_edge", rounded(median(times) * 1e6 / edges / passes)},
        {"gathered_bytes", gathered},
        {"level", caches.level_of(gathered)},
        {"memory_mb",
         fresh && peak && before ? Report(rounded(static_cast<double>(*peak - *before) / kMb)) : Report()},
        {"csr_mb", rounded(static_cast<double>(graph_bytes(graph_)) / kMb)},
        {"columns_mb", rounded(static_cast<double>(columns) / kMb)}};
  }

 private:
  const Subject& subject_;
  const Size& size_;
  const Graph& graph_;
  const CompareOptions& options_;
};

bool wanted(const Subject& s, const CompareOptions& options) {
  const auto& names = options.algorithms;
  return names.empty() || std::find(names.begin(), names.end(), s.algorithm) != names.end();
}

}  // namespace

void check_growth(Report& rows) {
  std::map<std::tuple<std::string, std::string, std::string>, double> least;
  for (Report& row : rows) {
    const double now = row.at("ns_per_edge");
    const auto [at, first] = least.try_emplace({row.at("algorithm"), row.at("family"), row.at("level")}, now);
    row["growth"] = first ? Report() : Report(rounded(now / at->second));
    row["growth_bound"] = kGrowthBound;
    row["ns_bound"] = first ? Report() : Report(rounded(kGrowthBound * at->second));
    row["growth_ok"] = first ? Report() : Report(now <= kGrowthBound * at->second);
    at->second = std::min(at->second, now);
  }
}

void check_memory(Report& rows) {
  for (Report& row : rows) {
    const double needed = row.at("csr_mb").get<double>() + row.at("columns_mb").get<double>();
    const bool counts = row.at("memory_mb").is_number() && needed >= kEnoughMb;
    row["memory_bound_mb"] = counts ? Report(rounded(kMemoryBound * needed)) : Report();
    row["memory_ok"] = counts ? Report(row.at("memory_mb").get<double>() <= kMemoryBound * needed) : Report();
  }
}

void scaling(Report& report, const ScalingOptions& options) {
  const Caches caches = this_machines_caches();
  report["caches"] = {{"l1", caches.l1}, {"l2", caches.l2}, {"l3", caches.l3}};
  report["scaling"] = Report::array();
  for (const Size& size : sizes()) {
    if (size.most_edges > options.most_edges) continue;
    const auto before = current_memory();
    const Graph graph = comparable_graph(size.source, options.compare);
    current_memory();  // what reading needed is given back
    for (const Subject& s : kSubjects) {
      if (!wanted(s, options.compare)) continue;
      options.compare.progress(size.name + ": " + std::string(s.algorithm));
      report["scaling"].push_back(Point(s, size, graph, options).row(caches, before));
    }
    check_growth(report["scaling"]);
    check_memory(report["scaling"]);
    options.compare.keep(report);
  }
}

}  // namespace monograph::bench::peers
