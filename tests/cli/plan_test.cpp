// compile, run PLAN, cache: plans as files, and what the cache keeps.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "host/plan/compile.h"
#include "host/plan/forms.h"
#include "monograph/algorithms.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

/// A cache folder of this test's own.
class PlanFiles : public ::testing::Test {
 protected:
  PlanFiles() { setenv("MONOGRAPH_CACHE_DIR", cache().c_str(), 1); }
  ~PlanFiles() override {
    if (before_)
      setenv("MONOGRAPH_CACHE_DIR", before_->c_str(), 1);
    else
      unsetenv("MONOGRAPH_CACHE_DIR");
  }
  std::string cache() const { return folder_.path("cache"); }
  std::string plan(const std::string& algorithm, const std::string& name) const {
    const Outcome outcome = monograph({"compile", algorithm, "-o", folder_.path(name)});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    return folder_.path(name);
  }
  /// Leaves a plan in the cache; the name of its entry.
  std::string leave(const char* algorithm) const {
    plan::Cache kept({.folder = cache()});
    const Program program = find_algorithm(algorithm)->make();
    plan::compile(program.ir(), {}, &kept);
    return plan::plan_key(program.ir(), {.level = 2}).file_name();
  }
  void damage(const std::string& entry) const {
    std::string bytes = read_file(cache() + "/" + entry);
    bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 1);
    folder_.file("cache/" + entry, bytes);
  }

  Folder folder_;
  std::optional<std::string> before_ = std::getenv("MONOGRAPH_CACHE_DIR")
                                           ? std::optional<std::string>(std::getenv("MONOGRAPH_CACHE_DIR"))
                                           : std::nullopt;
};

// The old system baked the number of nodes into its cached plans.
TEST_F(PlanFiles, Bug09OnePlanOnTwoGraphs) {
  for (const char* algorithm : {"pagerank", "wcc", "cdlp", "bfs", "degree"})
    for (const char* name : {"p.plan", "p.json"}) {
      const std::string file = plan(algorithm, name);
      for (const char* graph : {"gen:karate", "gen:path:3", "gen:rmat:6:8", "gen:star:9", "gen:karate"}) {
        const Outcome direct = monograph(
                          {"run", algorithm, "--graph", graph, "--backend", "reference", "-o", "-"}),
                      through = monograph({"run", file, "--graph", graph, "-o", "-"});
        EXPECT_EQ(direct.code, 0) << direct.err;
        EXPECT_EQ(through.code, 0) << through.err;
        EXPECT_EQ(through.out, direct.out) << algorithm << " as " << name << " on " << graph;
      }
    }
}

TEST_F(PlanFiles, ParametersAreBoundWhenThePlanRuns) {
  const std::string file = plan("bfs", "bfs.plan");
  for (const char* source : {"0", "4"})
    EXPECT_EQ(
        monograph({"run", file, "--graph", "gen:grid:3:3", "-p", std::string("source=") + source, "-o", "-"})
            .out,
        monograph({"run", "bfs", "--graph", "gen:grid:3:3", "-p", std::string("source=") + source, "-o", "-"})
            .out);
  const Outcome unknown = monograph({"run", file, "--graph", "gen:karate", "-p", "sauce=1"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_NE(unknown.err.find("did you mean \"source\""), std::string::npos) << unknown.err;
}

TEST_F(PlanFiles, CompileSaysWhatItWrote) {
  const std::string file = folder_.path("p.json");
  const Outcome outcome =
      monograph({"compile", "pagerank", "-o", file, "--level", "1", "--disable", "licm", "--json"});
  ASSERT_EQ(outcome.code, 0) << outcome.err;
  const Json said = Json::parse(outcome.out), written = Json::parse(read_file(file));
  EXPECT_EQ(said["plan"], "pagerank");
  EXPECT_EQ(said["level"], 1);
  EXPECT_EQ(said["bytes"], read_file(file).size());
  EXPECT_EQ(written["monograph"], "plan");
  EXPECT_EQ(written["version"], 2);
  EXPECT_EQ(written["level"], 1);
  EXPECT_EQ(written["source_hash"], said["program_hash"]);
  // from one form into the other, and back
  EXPECT_EQ(monograph({"compile", file, "-o", folder_.path("p.plan")}).code, 0);
  EXPECT_EQ(monograph({"compile", folder_.path("p.plan"), "-o", folder_.path("q.json")}).code, 0);
  EXPECT_EQ(read_file(folder_.path("q.json")), read_file(file));
}

TEST_F(PlanFiles, CompileRefusesWhatItCannotDo) {
  const auto refused = [&](const Arguments& more, int code, const std::string& what) {
    Arguments all = {"compile"};
    all.insert(all.end(), more.begin(), more.end());
    const Outcome outcome = monograph(all);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_NE(outcome.err.find(what), std::string::npos) << outcome.err;
  };
  const std::string file = folder_.path("p.plan");
  refused({"pagerank"}, 2, "--out");
  refused({"pagerank", "-o", file, "--level", "3"}, 2, "--level");
  refused({"pagerank", "-o", file, "--disable", "lcm"}, 2, "did you mean \"licm\"");
  refused({"pagerang", "-o", file}, 2, "did you mean \"pagerank\"");
  EXPECT_EQ(folder_.names(), std::vector<std::string>{});
  refused({"pagerank", "-o", folder_.path("nowhere/p.plan")}, 3, "nowhere/p.plan");
  EXPECT_EQ(folder_.names(), std::vector<std::string>{"cache"}) << "the plan is kept, the file is not there";
}

TEST_F(PlanFiles, PlansThatCannotBeUsedEndWithSix) {
  const std::string good = read_file(plan("degree", "p.plan"));
  const auto run = [&](const std::string& bytes, const std::string& expected) {
    const Outcome outcome = monograph({"run", folder_.file("bad.plan", bytes), "--graph", "gen:karate"});
    EXPECT_EQ(outcome.code, 6) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("bad.plan: " + expected), std::string::npos) << outcome.err;
    EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  };
  std::string flipped = good, newer = good;
  flipped[100] = static_cast<char>(flipped[100] ^ 1);
  newer[8] = 3;
  run(flipped, "byte 40: expected checksum");
  run(newer, "byte 8: expected a plan of format 1 to 2");
  run(good.substr(0, good.size() - 1), "byte 24: expected a body of");
  run(good + "\n", "byte 24: expected a body of");
  Json json = Json::parse(read_file(plan("degree", "p.json")));
  json["slots"][0]["type"] = "f32[V]";
  run(json.dump(), "plan: steps and slots are not those of its program");
  json["slots"] = 3;
  run(json.dump(), "/slots: expected an array, found 3");
  for (std::size_t i = 0; i < 8; ++i) {
    std::string magic = good;
    magic[i] = static_cast<char>(magic[i] ^ 0x41);
    run(magic, "byte 0: expected a plan, or a program as JSON or text, found \"");
  }
  run("\x7f"
      "ELF\x02\x01\x01",
      "byte 0: expected a plan, or a program as JSON or text, found \"\\x7fELF\\x02\\x01\\x01\"");
}

/// Neither raw bytes nor control characters reach a terminal.
TEST_F(PlanFiles, MessagesAreText) {
  const auto message = [&](const std::string& name, const std::string& bytes) {
    const Outcome outcome = monograph({"run", folder_.file(name, bytes), "--graph", "gen:karate"});
    EXPECT_EQ(outcome.code, 3) << outcome.err;
    for (const char c : outcome.err.substr(0, outcome.err.size() - 1))
      EXPECT_TRUE(c >= ' ' && c <= '~') << outcome.err;
    return outcome.err;
  };
  EXPECT_NE(message("p.mg", "program \xff {}").find("found \"\\xff\""), std::string::npos);
  EXPECT_NE(message("p.json", "{\"a\": \"\xff\xfe\"}").find("\\xff"), std::string::npos);
}

TEST_F(PlanFiles, ProgramsThatAreJsonButNoObjectSaySo) {
  const auto message = [&](const std::string& name, const std::string& text) {
    return monograph({"run", folder_.file(name, text), "--graph", "gen:karate"}).err;
  };
  EXPECT_NE(message("p.mg", "[1, 2]").find("expected a program: an object, found an array"),
            std::string::npos)
      << message("p.mg", "[1, 2]");
  for (const char* text : {"3", "null", "\"program\""})
    EXPECT_NE(message("p.json", text).find("expected a program: an object"), std::string::npos)
        << message("p.json", text);
  EXPECT_NE(message("q.json", "program \"p\" {").find("q.json:1:"), std::string::npos)
      << "text, whatever its name";
  EXPECT_NE(message("p.json", R"({"monograph": "program", "version": -1})")
                .find("/version: expected a version: 1, found -1"),
            std::string::npos);
}

TEST_F(PlanFiles, StandardOutputTakesAPlan) {
  const Outcome outcome = monograph({"compile", "degree", "-o", "-"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, read_file(plan("degree", "d.plan")));
  EXPECT_FALSE(std::filesystem::exists("-"));
  EXPECT_EQ(monograph({"compile", "degree", "-o", "-", "--json"}).code, 2) << "both would be there";
}

TEST_F(PlanFiles, WhatOnlyHasTheNameOfAnEntryIsListedAndCleared) {
  const std::string entry = leave("degree"), path = cache() + "/" + entry;
  std::filesystem::remove(path);
  std::filesystem::create_directory(path);
  const Arguments run = {"run", "degree", "--graph", "gen:karate", "--cpu-tier", "tiles", "-o", "-"};
  const Outcome ran = monograph(run);
  EXPECT_EQ(ran.code, 0);
  ASSERT_EQ(lines_of(ran.err).size(), 2u) << ran.err;
  EXPECT_EQ(lines_of(ran.err)[0],
            "monograph: warning: cache entry " + path +
                " is not used: it is a folder; until it is removed, nothing is kept there");
  const Outcome verified = monograph({"cache", "verify"});
  EXPECT_EQ(verified.code, 6);
  EXPECT_NE(verified.err.find(path + " is not used: it is a folder"), std::string::npos) << verified.err;
  std::ofstream(path + "/x") << "x";
  const Outcome kept = monograph({"cache", "clear"});
  EXPECT_EQ(kept.code, 6);
  EXPECT_NE(kept.err.find(path + " cannot be removed: Directory not empty"), std::string::npos) << kept.err;
  std::filesystem::remove(path + "/x");
  EXPECT_EQ(monograph({"cache", "clear"}).out, "removed 1 entry\n");
}

TEST_F(PlanFiles, TheCacheIsListedShownCheckedAndCleared) {
  const std::string first = leave("pagerank"), second = leave("bfs");
  const Json list = Json::parse(monograph({"cache", "ls", "--json"}).out);
  EXPECT_EQ(list["folder"], cache());
  ASSERT_EQ(list["entries"].size(), 2u);
  EXPECT_EQ(list["entries"][1]["entry"], first) << "the latest used first";
  EXPECT_EQ(list["entries"][0]["plan"], "bfs");
  EXPECT_EQ(list["entries"][0]["kind"], "plan");
  EXPECT_NE(monograph({"cache", "ls"}).out.find("pagerank, level 2"), std::string::npos);

  const Outcome shown = monograph({"cache", "show", first.substr(0, 12)});
  EXPECT_EQ(shown.code, 0) << shown.err;
  EXPECT_NE(shown.out.find("plan: pagerank\n"), std::string::npos) << shown.out;
  EXPECT_EQ(Json::parse(monograph({"cache", "show", second, "--json"}).out)["content"]["monograph"], "plan");
  EXPECT_EQ(monograph({"cache", "show", ""}).code, 2);
  EXPECT_EQ(monograph({"cache", "show", "zzz"}).code, 2);
  EXPECT_EQ(monograph({"cache", "ls", first}).code, 2);
  EXPECT_EQ(monograph({"cache"}).code, 2);
  EXPECT_EQ(monograph({"cache", "lst"}).code, 2);

  EXPECT_EQ(monograph({"cache", "verify"}).out, "2 entries, 0 not usable\n");
  damage(second);
  const Outcome bad = monograph({"cache", "verify"});
  EXPECT_EQ(bad.code, 6);
  EXPECT_EQ(bad.out, "2 entries, 1 not usable\n");
  EXPECT_NE(bad.err.find(second + " is not used: its checksum is wrong"), std::string::npos) << bad.err;
  EXPECT_EQ(monograph({"cache", "ls"}).code, 0);

  EXPECT_EQ(monograph({"cache", "clear"}).out, "removed 2 entries\n");
  EXPECT_EQ(Json::parse(monograph({"cache", "clear", "--json"}).out)["removed"], 0);
  EXPECT_EQ(Json::parse(monograph({"cache", "ls", "--json"}).out)["entries"].size(), 0u);
}

TEST_F(PlanFiles, RunsKeepTheirPlansUnlessToldOtherwise) {
  const auto run = [&](const char* use) {
    return monograph({"run", "degree", "--graph", "gen:star:5", "--backend", "cpu", "--cpu-tier", "tiles",
                      "--cache", use, "-o", "-"});
  };
  const std::string expected = run("off").out;
  EXPECT_EQ(run("memory").out, expected);
  EXPECT_EQ(folder_.names(), std::vector<std::string>{});
  EXPECT_EQ(run("on").out, expected);
  EXPECT_EQ(run("on").out, expected);
  EXPECT_EQ(run("check").out, expected);
  EXPECT_EQ(monograph({"cache", "verify"}).out, "1 entry, 0 not usable\n");
  EXPECT_EQ(run("often").code, 2);
  damage(Json::parse(monograph({"cache", "ls", "--json"}).out)["entries"][0]["entry"]);
  const Outcome repaired = run("on");
  EXPECT_EQ(repaired.code, 0);
  EXPECT_EQ(repaired.out, expected);
  EXPECT_NE(repaired.err.find("monograph: warning: cache entry "), std::string::npos) << repaired.err;
  EXPECT_EQ(lines_of(run("on").err).size(), 1u) << "made again";
}

TEST_F(PlanFiles, CompileKeepsAndTakesWhatRunsKeep) {
  const auto hits = [&](const char* use) {
    const Outcome outcome =
        monograph({"compile", "degree", "-o", folder_.path("d.plan"), "--cache", use, "--json"});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    return Json::parse(outcome.out)["plan_cache_hits"].get<int>();
  };
  EXPECT_EQ(hits("off"), 0);
  EXPECT_FALSE(std::filesystem::exists(cache()));
  const std::string made = read_file(folder_.path("d.plan"));
  EXPECT_EQ(hits("on"), 0);
  EXPECT_EQ(hits("on"), 1);
  EXPECT_EQ(hits("check"), 1);
  EXPECT_EQ(read_file(folder_.path("d.plan")), made) << "the same plan, wherever it comes from";
  const Outcome ran = monograph({"run", "degree", "--graph", "gen:star:5", "--backend", "cpu", "--json"});
  EXPECT_EQ(Json::parse(ran.out)["counters"]["plan_cache_hits"], 1);
}

TEST_F(PlanFiles, ACacheThatCannotBeUsedIsOneWarning) {
  setenv("MONOGRAPH_CACHE_DIR", "/dev/null", 1);
  const Outcome outcome =
      monograph({"run", "degree", "--graph", "gen:star:5", "--backend", "cpu", "-o", "-"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(outcome.out,
            monograph({"run", "degree", "--graph", "gen:star:5", "--backend", "reference", "-o", "-"}).out);
  ASSERT_EQ(lines_of(outcome.err).size(), 2u) << outcome.err;
  EXPECT_EQ(lines_of(outcome.err)[0].rfind("monograph: warning: cache folder /dev/null cannot be opened", 0),
            0u);
}

/// In a name space of its own, where anybody may mount.
TEST_F(PlanFiles, ACacheWithoutExecutionIsOneWarning) {
  const auto shell = [&](const std::string& script) {
    return std::system(("unshare -rm sh -c '" + script + "' > /dev/null 2>&1").c_str());
  };
  std::filesystem::create_directory(cache());
  const std::string mount = "mount -t tmpfs -o noexec,mode=700 tmpfs " + cache();
  if (shell(mount) != 0) GTEST_SKIP() << "nothing can be mounted here";
  const auto run = [&](const std::string& name) {
    return MONOGRAPH_PROGRAM " run degree --graph gen:karate --cpu-tier native -o " + folder_.path(name) +
           " 2> " + folder_.path(name + ".err");
  };
  ASSERT_EQ(shell(mount + " && " + run("first") + " && " + run("second")), 0);
  if (read_file(folder_.path("first.err")).find("no C++ compiler") != std::string::npos)
    GTEST_SKIP() << "no compiler";
  EXPECT_EQ(lines_of(read_file(folder_.path("first.err"))).size(), 1u)
      << read_file(folder_.path("first.err"));
  const auto lines = lines_of(read_file(folder_.path("second.err")));
  ASSERT_EQ(lines.size(), 2u) << read_file(folder_.path("second.err"));
  EXPECT_EQ(
      lines[0],
      "monograph: warning: cache folder " + cache() +
          " is mounted noexec: compiled code in it cannot be loaded, and is made again in each process; "
          "MONOGRAPH_CACHE_DIR names another");
  EXPECT_NE(lines[1].find(", native (asked for)"), std::string::npos) << lines[1];
  EXPECT_EQ(read_file(folder_.path("second")), read_file(folder_.path("first")));
}

TEST_F(PlanFiles, AFolderThatCannotBeUsedIsSaid) {
  EXPECT_EQ(monograph({"cache", "ls"}).code, 0) << "none yet";
  EXPECT_EQ(folder_.names(), std::vector<std::string>{}) << "and none made";
  std::filesystem::create_directory(cache());
  std::filesystem::permissions(cache(), std::filesystem::perms::all);
  const Outcome outcome = monograph({"cache", "ls"});
  EXPECT_EQ(outcome.code, 3);
  EXPECT_NE(outcome.err.find("can be written by others"), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace monograph::test
