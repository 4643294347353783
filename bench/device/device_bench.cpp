// PageRank, label propagation and components on a device: against the floor of what the device can move, and
// against a loop of cuSPARSE products in the same process.
//   device_bench MICRO.json OUT.json [SCALE...]      the figures of device_micro; scales of R-MAT graphs, 20
//   22 24 unless said
// Exit code 4 where there is no device.
#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/io.h>
#include <monograph/session.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "bench/cases.h"
#include "bench/device/spmv.h"
#include "bench/report.h"

namespace monograph::bench {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kRuns = 9, kIterations = 20;

Json read_json(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw InputError(path + ": cannot be read");
  return Json::parse(file);
}

/// Gathers per nanosecond from as many elements as there are nodes: of the measured size that is next above.
double gather_rate(const Json& figures, int bytes, std::int64_t nodes) {
  double rate = 0;
  const std::string prefix = "gather" + std::to_string(bytes) + "_gps_2e";
  for (int log = 0; log < 40; ++log)
    if (const auto at = figures.find(prefix + std::to_string(log)); at != figures.end()) {
      rate = *at;
      if (std::int64_t{1} << log >= nodes) break;
    }
  if (rate <= 0) throw InputError("the figures of device_micro lack " + prefix + "*");
  return rate;
}

double floor_of(const IterationWork& work, const Graph& graph, const Json& figures) {
  const double stream = static_cast<double>(bytes_moved(work, graph)) / figures.at("copy_gbs").get<double>();
  const double gather = static_cast<double>(gathers_made(work, graph)) /
                        gather_rate(figures, work.gather_bytes, graph.node_count());
  return std::max(stream, gather) * 1e-6;
}

bool has_real_gathers(const AlgorithmCase& a) { return a.name.starts_with("pagerank"); }

bool same_bits(const Column& a, const Column& b) {
  return a.bytes() == b.bytes() && std::memcmp(a.data(), b.data(), static_cast<std::size_t>(a.bytes())) == 0;
}

Json measure(Session& session, const AlgorithmCase& a, const Graph& graph, const Json& figures) {
  const Program program = a.program();
  const Executable executable = session.compile(program);
  Parameters parameters;
  for (const ParameterInfo& p : program.parameters())
    if (p.name == "iterations" || p.name == "max_iterations") parameters.set(p.name, kIterations);
  std::vector<double> all;
  Result result = session.run(executable, graph, parameters);
  const Column first = result.outputs().front().column;
  bool same = true;
  for (int i = 0; i < kRuns; ++i) {
    result = session.run(executable, graph, parameters);
    all.push_back(result.run_ms);
    same = same && same_bits(result.outputs().front().column, first);
  }
  std::ranges::sort(all);
  const double ms = all[kRuns / 2],
               iterations = static_cast<double>(std::max<std::int64_t>(result.iterations, 1)),
               least = floor_of(a.work, graph, figures);
  Json row{{"algorithm", a.name},
           {"nodes", graph.node_count()},
           {"edges", graph.edge_count()},
           {"iterations", result.iterations},
           {"ms", rounded(ms)},
           {"spread", rounded((all[kRuns - 2] - all[1]) / ms)},
           {"ms_per_iteration", rounded(ms / iterations)},
           {"floor_ms_per_iteration", rounded(least)},
           {"ratio_to_floor", rounded(ms / iterations / least)},
           {"same_bits_in_all_runs", same}};
  if (has_real_gathers(a)) {
    const ScalarType type = a.work.gather_bytes == 4 ? ScalarType::F32 : ScalarType::F64;
    const double peer = spmv_ms(graph, type, kIterations, kRuns);
    row["cusparse_ms_per_iteration"] = rounded(peer);
    row["ratio_to_cusparse"] = rounded(ms / iterations / peer);
  }
  return row;
}

int run(int argc, char** argv) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: device_bench MICRO.json OUT.json [SCALE...]\n");
    return 2;
  }
  std::vector<std::string> scales(argv + 3, argv + argc);
  if (scales.empty()) scales = {"20", "22", "24"};
  SessionOptions options;
  options.backend = "cuda";
  Session session(options);
  const Json micro = read_json(argv[1]);
  Report report = new_report("device", {});
  report["device"] = micro.at("device");
  report["rows"] = Json::array();
  for (const std::string& scale : scales) {
    const Graph graph = read_graph("gen:rmat:" + scale + ":16");
    for (const char* name : {"pagerank", "pagerank-f32", "cdlp", "fastsv"}) {
      Json row = measure(session, algorithm_case(name), graph, micro.at("figures"));
      row["graph"] = "rmat-" + scale;
      std::printf("%-13s rmat-%s  %9.4f ms/iteration, %5.2f of the floor\n", name, scale.c_str(),
                  row["ms_per_iteration"].get<double>(), row["ratio_to_floor"].get<double>());
      std::fflush(stdout);
      report["rows"].push_back(std::move(row));
      std::ofstream(argv[2]) << report.dump(1) << '\n';  // what was measured stays, whatever comes next
    }
  }
  return 0;
}

}  // namespace
}  // namespace monograph::bench

int main(int argc, char** argv) {
  try {
    return monograph::bench::run(argc, argv);
  } catch (const monograph::Error& error) {
    std::fprintf(stderr, "device_bench: %s\n", error.what());
    return static_cast<int>(error.kind());
  } catch (const std::exception& error) {
    std::fprintf(stderr, "device_bench: %s\n", error.what());
    return 70;
  }
}
