#include "bench/report.h"

#include <cstdio>
#include <cstdlib>

#include "bench/machine.h"
#include "bench/native/native.h"

namespace monograph::bench {
namespace {

constexpr int kSchema = 1;

constexpr Heading kSeedsTable[] = {{"algorithm", "algorithm"},
                                   {"graph", "graph"},
                                   {"it", "iterations"},
                                   {"native ms", "native_ms"},
                                   {"level 0", "level0_ms"},
                                   {"tiles", "tiles_ms"},
                                   {"composed", "composed_ms"},
                                   {"/native", "ratio_to_native"},
                                   {"+-", "spread"},
                                   {"tiles/native", "tiles_ratio"},
                                   {"floor", "floor_ms"},
                                   {"/floor", "ratio_to_floor"},
                                   {"native/floor", "native_to_floor"},
                                   {"peer", "peer_ms"}};

constexpr Heading kPassesTable[] = {{"algorithm", "algorithm"},
                                    {"graph", "graph"},
                                    {"without", "without"},
                                    {"tier", "tier"},
                                    {"groups", "groups"},
                                    {"same plan", "same_plan"},
                                    {"ms", "ms"},
                                    {"all on ms", "all_ms"},
                                    {"worth", "ratio_to_all"},
                                    {"+-", "spread"}};

constexpr Heading kReadingTable[] = {
    {"way", "way"},       {"threads", "threads"},         {"ms", "ms"},
    {"MB/s", "mb_per_s"}, {"MB/s/core", "mb_per_s_core"}, {"times fscanf", "times_fscanf"}};
constexpr Heading kCompileTable[] = {{"algorithm", "algorithm"},       {"plan cold ms", "cold_ms"},
                                     {"memory", "memory_ms"},          {"disk", "disk_ms"},
                                     {"native", "native_compiler_ms"}, {"kernel texts", "kernel_texts"},
                                     {"nvrtc cold", "nvrtc_cold_ms"},  {"memory", "nvrtc_memory_ms"},
                                     {"disk", "nvrtc_disk_ms"}};

constexpr Suite kSuites[] = {
    {"seeds", "composed programs against hand-written code, and against what the machine can do", seeds,
     kSeedsTable},
    {"passes", "what each pass is worth: levels 0, 1, 2, and level 2 without one", passes, kPassesTable},
    {"reading", "how fast an edge list of 100 MB becomes edges, and a graph", reading, kReadingTable},
    {"compile",
     "what it takes before a program can run: its plan, its code for this machine and for a device", compile,
     kCompileTable},
};

}  // namespace

std::span<const Suite> suites() { return kSuites; }

double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.5g", value);
  return std::strtod(text, nullptr);
}

Report new_report(std::string_view suite, const SuiteOptions& options) {
  const Machine machine = this_machine();
  const BuildInfo build = this_build();
  return {{"suite", suite},
          {"schema", kSchema},
          {"date", utc_date()},
          {"version", build.version},
          {"commit", build.commit},
          {"compiler", build.compiler},
          {"build_type", build.build_type},
          {"machine",
           {{"cpu", machine.cpu}, {"cores", machine.cores}, {"memory_gb", rounded(machine.memory_gb)}}},
          {"load_average", rounded(machine.load_average)},
          {"threads", options.threads > 0 ? options.threads : native::max_threads()},
          {"quick", options.quick},
          {"rows", Report::array()}};
}

std::vector<const GraphCase*> chosen_graphs(const SuiteOptions& options) {
  std::vector<const GraphCase*> chosen;
  for (const std::string& name : options.graphs) chosen.push_back(&graph_case(name));
  if (chosen.empty())
    for (const GraphCase& c : graph_cases())
      if (c.quick || !options.quick) chosen.push_back(&c);
  return chosen;
}

std::vector<const AlgorithmCase*> chosen_algorithms(const SuiteOptions& options) {
  std::vector<const AlgorithmCase*> chosen;
  for (const std::string& name : options.algorithms) chosen.push_back(&algorithm_case(name));
  if (chosen.empty())
    for (const AlgorithmCase& c : algorithm_cases()) chosen.push_back(&c);
  return chosen;
}

}  // namespace monograph::bench
