// What a profiler sees of the library: recorded by a library that NVTX loads, as it loads a profiler's.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "nvtx/recording.h"
#include "program.h"

namespace monograph::test {
namespace {

#ifdef MONOGRAPH_NVTX_RECORDER

struct EnvironmentSetting {
  explicit EnvironmentSetting(const char* n, const std::string& value) : name(n) { setenv(name, value.c_str(), 1); }
  ~EnvironmentSetting() { unsetenv(name); }
  const char* name;
};

std::vector<std::string> record(const Arguments& arguments) {
  const Folder folder;
  const std::string file = folder.path("ranges");
  const EnvironmentSetting library("NVTX_INJECTION64_PATH", MONOGRAPH_NVTX_RECORDER), target("NVTX_RECORD", file),
      cache("MONOGRAPH_CACHE_DIR", folder.path("cache"));
  const Outcome ran = monograph(arguments);
  EXPECT_EQ(ran.code, 0) << ran.err;
  return lines_of(read_file(file));
}

TEST(Ranges, OfARun) {
  const auto lines =
      record({"run", "pagerank", "--graph", "gen:karate", "--backend", "cpu", "--cpu-tier", "tiles"});
  EXPECT_EQ(shape(lines), "compile\n  plan made\nload\nrun\n  csc\n");
}

TEST(Ranges, NamesAreRegisteredAndRunsCarryThePlansHash) {
  const auto lines = record({"run", "pagerank", "--graph", "gen:karate", "--backend", "cpu"});
  EXPECT_TRUE(std::ranges::none_of(lines, [](const auto& l) { return l.find("unregistered") != l.npos; }));
  const auto run = std::ranges::find_if(lines, [](const auto& l) { return l.find("[run]") != l.npos; });
  ASSERT_NE(run, lines.end());
  EXPECT_GE(run->size() - run->rfind(' '), 8u) << *run;
}

TEST(Ranges, OfAProfile) {
  const std::string all = shape(record({"profile", "pagerank", "--graph", "gen:karate", "--runs", "1"}));
  EXPECT_NE(all.find("control.while\n"), std::string::npos) << all;
  EXPECT_NE(all.find("graph.neighbor_agg"), std::string::npos) << all;
}

TEST(Ranges, OfTheMachinesCompiler) {
  const auto lines =
      record({"run", "pagerank", "--graph", "gen:karate", "--backend", "cpu", "--cpu-tier", "native"});
  EXPECT_NE(shape(lines).find("machine code\n"), std::string::npos) << shape(lines);
}

#else

TEST(Ranges, OfARun) { GTEST_SKIP() << "built without CUDA's headers: there are no ranges"; }

#endif

}  // namespace
}  // namespace monograph::test
