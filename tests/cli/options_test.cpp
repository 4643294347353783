// Options that would do nothing are errors, and say why.
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace monograph::test {
namespace {

void expect_refused(const Arguments& arguments, const std::string& message, int code = 2) {
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, code) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  ASSERT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  EXPECT_NE(outcome.err.find(message), std::string::npos) << outcome.err << "lacks " << message;
}

Arguments run(const std::string& program, const Arguments& more) {
  Arguments all = {"run", program, "--graph", "gen:karate"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

TEST(Options, WithoutEffectOnTheBackendAreErrors) {
  const std::string reference = "but the program runs on reference; leave it out";
  for (const Arguments& given : {Arguments{"--level", "2"},
                                 {"--disable", "cse"},
                                 {"--fast-math"},
                                 {"--cpu-tier", "auto"},
                                 {"--simt-seed", "1"}}) {
    Arguments more = {"--backend", "reference"};
    more.insert(more.end(), given.begin(), given.end());
    expect_refused(run("wcc", more), reference);
    expect_refused(run("wcc", more), given[0] + ": ");
  }
  expect_refused(run("wcc", {"--backend", "cpu", "--simt-seed", "3"}), "--simt-seed: only the backend simt");
  expect_refused({"profile", "wcc", "--graph", "gen:karate", "--simt-seed", "3"}, "--simt-seed: only");
  expect_refused(
      {"compare", "wcc", "--graph", "gen:karate", "--backends", "reference,cpu", "--simt-seed", "3"},
      "--simt-seed: only the backend simt draws the order of threads, but the program runs on reference");
  EXPECT_EQ(monograph(run("wcc", {"--backend", "reference", "--threads", "2", "--cache", "off"})).code, 0)
      << "limits, which hold";
  EXPECT_EQ(
      monograph({"compare", "wcc", "--graph", "gen:karate", "--backends", "reference,cpu", "--level", "0"})
          .code,
      0)
      << "one of the two compiles";
}

TEST(Options, OfCompilingAreErrorsWherePlansRun) {
  const Folder folder;
  const std::string plan = folder.path("wcc.plan");
  ASSERT_EQ(monograph({"compile", "wcc", "-o", plan}).code, 0);
  for (const Arguments& given : {Arguments{"--level", "2"}, {"--disable", "cse"}, {"--fast-math"}}) {
    const auto with = [&](Arguments all) {
      all.insert(all.end(), given.begin(), given.end());
      return all;
    };
    const std::string message = given[0] + ": expected a program to compile, found a plan in " + plan;
    expect_refused(with(run(plan, {})), message);
    expect_refused(with({"compile", plan, "-o", folder.path("again.plan")}), message);
    expect_refused(with({"profile", plan, "--graph", "gen:karate"}), message);
    expect_refused(with({"compare", plan, "--graph", "gen:karate", "--backends", "cpu:tiles,reference"}),
                   message);
  }
  EXPECT_FALSE(std::filesystem::exists(folder.path("again.plan")));
  EXPECT_EQ(monograph(run(plan, {"--cpu-tier", "tiles"})).code, 0);
}

TEST(Options, FastMathNeedsALevel) {
  for (const Arguments& command :
       {run("wcc", {}), {"explain", "wcc"}, {"compile", "wcc", "-o", "/nowhere/p.plan"}}) {
    Arguments all = command;
    all.insert(all.end(), {"--fast-math", "--level", "0"});
    expect_refused(all, "fast mathematics: expected optimisation level 1 or 2, got 0");
  }
}

TEST(Options, NumbersSayWhatWasExpected) {
  expect_refused(run("wcc", {"--level", "1.5"}),
                 "--level: expected a whole number from 0 to 2, found \"1.5\"");
  expect_refused(run("wcc", {"--threads", "-1"}),
                 "--threads: expected a whole number from 0 to 4096, found \"-1\"");
  expect_refused(run("wcc", {"--backend", "simt", "--simt-seed", "x"}),
                 "--simt-seed: expected a whole number");
  expect_refused(run("wcc", {"--top", "1e3"}), "--top: expected a number, found \"1e3\"");
}

TEST(Options, BackendsToCompareHaveNamesAndDiffer) {
  const auto compare = [](const std::string& names) {
    return Arguments{"compare", "wcc", "--graph", "gen:karate", "--backends", names};
  };
  for (const char* names : {"cpu,,reference", "cpu,", ",cpu", ""})
    expect_refused(compare(names),
                   "--backends: expected names with commas between, found \"" + std::string(names) + "\"");
  expect_refused(compare("cpu,reference,cpu"), "--backends: expected each once, found cpu a second time");
  expect_refused(compare("cpu,cpu:auto"), "--backends: expected each once, found cpu:auto a second time");
  EXPECT_EQ(monograph(compare("cpu,cpu:tiles")).code, 0);
}

/// Environment of one test: a PATH without compilers, a CXX that names none.
class Environment : public ::testing::Test {
 protected:
  Environment() {
    for (const char* name : {"PATH", "CXX"})
      if (const char* value = std::getenv(name)) before_[name] = value;
  }
  ~Environment() override {
    for (const char* name : {"PATH", "CXX"})
      before_.contains(name) ? setenv(name, before_[name].c_str(), 1) : unsetenv(name);
  }
  std::map<std::string, std::string> before_;
};

TEST_F(Environment, ComparingCompiledCodeNeedsACompiler) {
  setenv("PATH", "/nonexistent", 1);
  unsetenv("CXX");
  const Outcome outcome = monograph(
      {"compare", "wcc", "--graph", "gen:karate", "--cache", "off", "--backends", "reference,cpu:native"});
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(
      lines_of(outcome.err).back(),
      "monograph: backend cpu:native: expected compiled code, found tiles: native is not available: no C++ "
      "compiler: c++ is not on PATH; g++ is not on PATH; clang++ is not on PATH (CXX names one)");
}

TEST_F(Environment, AnUnusableCxxIsSaid) {
  setenv("CXX", "/no/such/c++ -O2", 1);
  const std::string why = "CXX is \"/no/such/c++ -O2\", but /no/such/c++ is no program that runs";
  const auto doctor = nlohmann::json::parse(monograph({"doctor", "--json"}).out);
  const auto compiler =
      std::ranges::find(doctor["checks"], "compiler", [](const auto& c) { return c["name"]; });
  ASSERT_NE(compiler, doctor["checks"].end());
  EXPECT_EQ((*compiler)["ok"], false);
  EXPECT_NE((*compiler)["found"].get<std::string>().find(why), std::string::npos) << *compiler;
  const auto reason = [] {
    const Outcome ran = monograph(
        {"run", "wcc", "--graph", "gen:karate", "--cpu-tier", "native", "--cache", "off", "--json"});
    return nlohmann::json::parse(ran.out)["tier_reason"].get<std::string>();
  };
  if ((*compiler)["found"].get<std::string>().find("is used") != std::string::npos) {
    EXPECT_NE(reason().find("asked for; " + why + ", so "), std::string::npos) << reason();
  }
  setenv("PATH", "/nonexistent", 1);
  EXPECT_EQ(reason(), "native is not available: no C++ compiler: " + why +
                          "; c++ is not on PATH; g++ is not on PATH; clang++ is not on PATH");
}

}  // namespace
}  // namespace monograph::test
