// Ctrl-C while something else than a run goes on: it ends, and so does what it had started.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <memory>

#include "cli/program.h"

namespace monograph::test {
namespace {

namespace fs = std::filesystem;

/// A variable of the environment, as long as the object lives.
class EnvironmentVariable {
 public:
  EnvironmentVariable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    setenv(name, value.c_str(), 1);
  }
  ~EnvironmentVariable() { before_.empty() ? unsetenv(name_) : setenv(name_, before_.c_str(), 1); }
  EnvironmentVariable(const EnvironmentVariable&) = delete;
  EnvironmentVariable& operator=(const EnvironmentVariable&) = delete;

 private:
  const char* name_;
  std::string before_;
};

/// The machine's compiler is one that says its version and then never ends; temporary files are in a folder
/// of the test.
class InterruptedWork : public ::testing::Test {
 protected:
  InterruptedWork() {
    const std::string script =
        folder_.file("c++",
                     "#!/bin/sh\n[ \"$1\" = --version ] && { echo slow 1.0; exit 0; }\n"
                     "sleep 100 & echo $! > '" +
                         folder_.path("child") + "'; wait\n");
    chmod(script.c_str(), 0700);
    fs::create_directory(folder_.path("tmp"));
    variables_.push_back(std::make_unique<EnvironmentVariable>("CXX", script));
    variables_.push_back(std::make_unique<EnvironmentVariable>("TMPDIR", folder_.path("tmp")));
    variables_.push_back(std::make_unique<EnvironmentVariable>("MONOGRAPH_CACHE_DIR", folder_.path("cache")));
  }

  int child() const {
    int pid = 0;
    std::ifstream(folder_.path("child")) >> pid;
    return pid;
  }
  /// Gone, or dead and not yet collected by init.
  static bool ended(int pid) {
    for (int i = 0; i < 200; ++i, usleep(10'000)) {
      std::string number, name, state = "gone";
      std::ifstream("/proc/" + std::to_string(pid) + "/stat") >> number >> name >> state;
      if (state == "gone" || state == "Z") return true;
    }
    return false;
  }

  void expect_end(const Arguments& arguments, int signal = SIGINT) {
    fs::remove(folder_.path("child"));
    const Outcome outcome = monograph_interrupted(
        arguments, [&] { return child() > 0; }, signal);
    EXPECT_EQ(outcome.code, 128 + signal) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(lines_of(outcome.err).back(), "monograph: interrupted while the C++ compiler ran");
    ASSERT_GT(child(), 0) << "the compiler was never started";
    EXPECT_TRUE(ended(child())) << "the compiler's child is still there";
    EXPECT_TRUE(fs::is_empty(folder_.path("tmp")));
    EXPECT_LT(outcome.seconds, 10);
  }

  const Folder folder_;
  std::vector<std::unique_ptr<EnvironmentVariable>> variables_;
};

TEST_F(InterruptedWork, TheCompilerOfARunEndsWithIt) {
  expect_end({"run", "pagerank", "--graph", "gen:karate", "--cpu-tier", "native"});
  expect_end({"run", "pagerank", "--graph", "gen:karate", "--cpu-tier", "native"}, SIGTERM);
  expect_end({"run", "pagerank", "--graph", "gen:karate", "--backend", "simt"});
}

TEST_F(InterruptedWork, TheCompilerOfAComparisonEndsWithIt) {
  expect_end({"compare", "pagerank", "--graph", "gen:karate", "--backends", "cpu:native,reference"});
}

TEST_F(InterruptedWork, TheCompilerOfABenchmarkEndsWithIt) {
  if (monograph({"bench", "--help"}).code != 0) GTEST_SKIP() << "built without benchmarks";
  expect_end({"bench", "seeds", "--quick", "--algorithm", "fastsv", "--bench-graph", "uniform-1k"});
}

}  // namespace
}  // namespace monograph::test
