// What a profiler sees of runs on a (simulated) device. NVTX looks for a profiler once in the life of a
// process, so that each recording is of a process of its own: this program again, with a test that is else
// left out.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "cuda/simulated_sessions.h"
#include "host/plan/compile.h"
#include "host/runtime/profile.h"
#include "nvtx/recording.h"

namespace monograph::test {
namespace {

#ifdef MONOGRAPH_NVTX_RECORDER

// Three runs: all new, the second as before, the third on an attribute that has changed.
TEST(RecordedDevice, DISABLED_Runs) {
  SimulatedMachine m;
  Session session = simulated(m, {.cache = CacheUse::Off});
  Graph graph = ring(12);
  const Executable e = session.compile(spreading());
  session.run(e, graph).outputs();
  session.run(e, graph);
  graph.set_node_attribute("x", Column(ScalarType::F64, 12));
  session.run(e, graph);
}

TEST(RecordedDevice, DISABLED_Profile) {
  SimulatedMachine m;
  const Graph graph = ring(12);
  const Program program = spreading();
  runtime::DeviceProfileOptions how;
  how.session.cache = CacheUse::Off;
  how.runs = 1;
  runtime::profile(m.machine(), plan::compile(program.ir()).plan, program.parameters(), {}, graph, how, {});
}

std::vector<std::string> recorded(const std::string& test) {
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe"),
                              file = std::filesystem::temp_directory_path() /
                                     ("ranges-" + test + "-" + std::to_string(getpid()));
  const std::string command = "NVTX_INJECTION64_PATH='" MONOGRAPH_NVTX_RECORDER "' NVTX_RECORD='" +
                              file.string() + "' '" + self.string() +
                              "' --gtest_also_run_disabled_tests --gtest_brief=1"
                              " --gtest_filter=RecordedDevice.DISABLED_" +
                              test + " > /dev/null 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::vector<std::string> lines;
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  std::filesystem::remove(file);
  return lines;
}

/// The part of a shape from the n-th range of that name on, until it ends.
std::string part(const std::string& shape, const std::string& name, int n) {
  std::size_t from = 0;
  for (int k = 0; k <= n; ++k) from = shape.find("\n" + name + "\n", from) + 1;
  std::size_t to = shape.find('\n', from) + 1;
  while (to < shape.size() && shape[to] == ' ') to = shape.find('\n', to) + 1;
  return shape.substr(from, to - from);
}

TEST(DeviceRanges, ARunHoldsItsLaunchAndItsWait) {
  MONOGRAPH_NEEDS_SIMULATION();
  const std::vector<std::string> lines = recorded("Runs");
  const std::string all = "\n" + shape(lines);
  EXPECT_NE(all.find("\nmachine code\n"), std::string::npos) << all;
  EXPECT_EQ(part(all, "run", 0), "run\n  upload\n    csc\n  instantiate\n  launch\n  wait\n") << all;
  EXPECT_NE(all.find("  wait\ndownload\nrun\n"), std::string::npos) << "when results are asked for\n" << all;
  EXPECT_EQ(part(all, "run", 1), "run\n  launch\n  wait\n") << all;
  EXPECT_EQ(part(all, "run", 2), "run\n  upload\n  launch\n  wait\n") << all;
  for (const std::string name : {"[run]", "[instantiate]", "[launch]", "[wait]"}) {
    const auto line = std::ranges::find_if(lines, [&](const auto& l) { return l.find(name) != l.npos; });
    ASSERT_NE(line, lines.end()) << name;
    EXPECT_GE(line->size() - line->rfind(' '), 8u) << "the plan's hash: " << *line;
  }
}

TEST(DeviceRanges, AProfileHasOneOfEachStepInItsLoop) {
  MONOGRAPH_NEEDS_SIMULATION();
  const std::string all = shape(recorded("Profile"));
  const std::string step = "1.0 graph.neighbor_agg";
  std::size_t at = all.find("control.while\n"), steps = 0;
  ASSERT_NE(at, std::string::npos) << all;
  const std::string indent = all.substr(
      all.rfind('\n', at) + 1, all.find_first_not_of(' ', all.rfind('\n', at) + 1) - all.rfind('\n', at) - 1);
  for (at = all.find('\n', at) + 1; all.compare(at, indent.size() + 2, indent + "  ") == 0;
       at = all.find('\n', at) + 1) {
    EXPECT_EQ(all.compare(at, indent.size() + 2 + step.size(), indent + "  " + step), 0) << all;
    ++steps;
  }
  EXPECT_EQ(steps, 3u) << all;
}

#else

TEST(DeviceRanges, ARunHoldsItsLaunchAndItsWait) {
  GTEST_SKIP() << "built without CUDA's headers: there are no ranges";
}

#endif

}  // namespace
}  // namespace monograph::test
