// tools/device_check on a machine without a device: what it says, and that it says why.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

namespace monograph::test {
namespace {

struct Outcome {
  int code = -1;
  std::string text;
};

/// With an nvidia-smi before all others that finds nothing, whatever this machine has.
class DeviceCheck : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directories(folder_ / "bin");
    std::ofstream(folder_ / "bin" / "nvidia-smi") << "#!/bin/sh\nexit 9\n";
    std::filesystem::permissions(folder_ / "bin" / "nvidia-smi", std::filesystem::perms::owner_all);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Outcome run(const std::string& arguments) const {
    const std::string command = "PATH=\"" + (folder_ / "bin").string() +
                                ":$PATH\" bash " MONOGRAPH_SOURCE_DIR "/tools/device_check --output " +
                                folder_.string() + " " + arguments + " 2>&1";
    Outcome all;
    std::FILE* const pipe = ::popen(command.c_str(), "r");
    if (!pipe) return all;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) all.text += static_cast<char>(c);
    all.code = WEXITSTATUS(::pclose(pipe));
    return all;
  }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("monograph-check-" + std::to_string(::getpid()));
};

TEST_F(DeviceCheck, RefusesWithoutADeviceAndSaysWhatHelps) {
  const Outcome all = run("--stage micro");
  EXPECT_EQ(all.code, 4) << all.text;
  EXPECT_EQ(all.text,
            "tools/device_check: no GPU on this machine (--cpu goes on without, as far as that goes)\n");
}

TEST_F(DeviceCheck, WrongOptionsAreNamed) {
  const Outcome stage = run("--stage moon"), option = run("--moon");
  EXPECT_EQ(stage.code, 2);
  EXPECT_NE(stage.text.find("expected micro, equivalence, sanitize, bench or all, got \"moon\""),
            std::string::npos)
      << stage.text;
  EXPECT_EQ(option.code, 2);
  EXPECT_NE(option.text.find("unknown option --moon"), std::string::npos) << option.text;
}

TEST_F(DeviceCheck, PrintsATableOfWhatItSkippedAndWhy) {
  const Outcome all = run("--stage sanitize --cpu");
  EXPECT_EQ(all.code, 0) << all.text;
  EXPECT_NE(all.text.find(", no GPU\n"), std::string::npos) << all.text;
  const std::string row =
      "sanitize     memcheck, racecheck                skipped      0 s  no GPU on this machine\n";
  EXPECT_TRUE(all.text.ends_with(row)) << all.text;
  std::ifstream table(folder_ / "table.txt");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(table), {}), row);
}

}  // namespace
}  // namespace monograph::test
