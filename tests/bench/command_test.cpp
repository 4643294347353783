// `monograph bench`: its document has what others read from it.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

namespace monograph::test {
namespace {

using Json = nlohmann::json;

struct Outcome {
  int code;
  std::string out;
};

Outcome bench(const std::string& arguments) {
  // threads that wait asleep: on a busy machine those that spin take the processor from those they wait for
  const std::string command =
      "OMP_WAIT_POLICY=passive " + std::string(MONOGRAPH_PROGRAM) + " bench " + arguments + " 2>/dev/null";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::string out;
  std::array<char, 4096> part;
  while (const std::size_t n = std::fread(part.data(), 1, part.size(), pipe)) out.append(part.data(), n);
  return {::pclose(pipe), out};
}

void expect_common_fields(const Json& report, const std::string& suite) {
  EXPECT_EQ(report["suite"], suite);
  EXPECT_EQ(report["schema"], 1);
  for (const char* field : {"date", "version", "commit", "compiler", "build_type"})
    EXPECT_TRUE(report[field].is_string()) << field;
  EXPECT_TRUE(report["machine"]["cpu"].is_string());
  EXPECT_GE(report["machine"]["cores"], 1);
  EXPECT_GE(report["threads"], 1);
  EXPECT_GE(report["load_average"], 0);
  EXPECT_TRUE(report["rows"].is_array());
}

TEST(BenchCommand, SeedsReport) {
  const Outcome outcome = bench("seeds --quick --json");
  ASSERT_EQ(outcome.code, 0);
  const Json report = Json::parse(outcome.out);
  expect_common_fields(report, "seeds");
  EXPECT_EQ(report["quick"], true);
  ASSERT_GT(report["rows"].size(), 15u);
  for (const Json& row : report["rows"]) {
    const std::string where = row.dump();
    for (const char* field : {"algorithm", "graph"}) EXPECT_TRUE(row[field].is_string()) << where;
    for (const char* field : {"nodes", "edges", "iterations", "threads", "repetitions"})
      EXPECT_TRUE(row[field].is_number_integer()) << field << " in " << where;
    for (const char* field : {"native_ms", "native_spread", "floor_ms", "native_to_floor", "replay_floor_ms"})
      EXPECT_TRUE(row[field].is_number()) << field << " in " << where;
    EXPECT_GT(row["native_ms"], 0) << where;
    EXPECT_GE(row["repetitions"], 7) << where;
    for (const char* field : {"level0_ms", "tiles_ms", "tiles_ratio", "tiles_spread"})
      EXPECT_TRUE(row[field].is_number()) << field << " in " << where;
    for (const char* field :
         {"composed_ms", "ratio_to_native", "spread", "ratio_to_floor", "ratio_to_replay_floor"})
      EXPECT_EQ(row[field].is_null(), row["composed_ms"].is_null())
          << field << " in " << where;  // without a compiler
    EXPECT_EQ(row.contains("peer_ms"), row["algorithm"] == "fastsv" || row["algorithm"] == "least-labels")
        << where;
  }
  ASSERT_GT(report["ceilings"].size(), 0u);
  for (const char* field : {"stream_gbs", "gather4_gps", "gather8_gps"})
    EXPECT_GT(report["ceilings"][0][field], 0) << field;
}

TEST(BenchCommand, SeedsTellWhatCompilingTakes) {
  const Outcome outcome = bench("seeds --quick --json --algorithm pagerank --bench-graph uniform-100");
  ASSERT_EQ(outcome.code, 0);
  const Json times = Json::parse(outcome.out)["compile"];
  ASSERT_EQ(times.size(), 1u);
  EXPECT_EQ(times[0]["algorithm"], "pagerank");
  for (const char* field : {"cold_ms", "memory_ms", "disk_ms"}) EXPECT_GT(times[0][field], 0) << field;
  EXPECT_LT(times[0]["memory_ms"], times[0]["cold_ms"]);
  EXPECT_TRUE(times[0].contains("native_compiler_ms"));
}

TEST(BenchCommand, PassesReport) {
  const Outcome outcome = bench("passes --quick --json --algorithm pagerank --bench-graph uniform-100");
  ASSERT_EQ(outcome.code, 0);
  const Json report = Json::parse(outcome.out);
  expect_common_fields(report, "passes");
  std::set<std::string> without;
  for (const Json& row : report["rows"]) {
    const std::string where = row.dump();
    without.insert(row["without"].get<std::string>());
    for (const char* field : {"algorithm", "graph", "tier"}) EXPECT_TRUE(row[field].is_string()) << where;
    EXPECT_GE(row["groups"], 0) << where;
    for (const char* field : {"ms", "all_ms", "ratio_to_all", "spread"})
      EXPECT_EQ(row.contains(field), !row["same_plan"].get<bool>()) << field << " in " << where;
  }
  for (const char* name : {"level 0", "level 1", "fuse", "licm"}) EXPECT_TRUE(without.contains(name)) << name;
}

TEST(BenchCommand, ReadingReport) {
  const Outcome outcome = bench("reading --quick --json");
  ASSERT_EQ(outcome.code, 0);
  const Json report = Json::parse(outcome.out);
  expect_common_fields(report, "reading");
  EXPECT_NEAR(report["megabytes"].get<double>(), 1, .01);
  ASSERT_EQ(report["rows"].size(), 5u);
  for (const Json& row : report["rows"])
    for (const char* field : {"ms", "mb_per_s", "mb_per_s_core", "times_fscanf"})
      EXPECT_GT(row[field].get<double>(), 0) << row.dump();
}

TEST(BenchCommand, ChoosesRowsAndPrintsATable) {
  const Outcome outcome = bench("seeds --quick --algorithm fastsv,cdlp --bench-graph uniform-100");
  ASSERT_EQ(outcome.code, 0);
  EXPECT_EQ(std::count(outcome.out.begin(), outcome.out.end(), '\n'), 3) << outcome.out;
  EXPECT_EQ(outcome.out.rfind("algorithm", 0), 0u);
  EXPECT_NE(outcome.out.find("\nfastsv     uniform-100"), std::string::npos) << outcome.out;
}

TEST(BenchCommand, UnknownNamesAreUsageErrors) {
  for (const char* arguments : {"speed", "seeds --algorithm pagerang", "seeds --bench-graph moon", ""})
    EXPECT_EQ(WEXITSTATUS(bench(arguments).code), 2) << arguments;
}

}  // namespace
}  // namespace monograph::test
