// Mistakes on the command line: one line, exit code 2, and what was probably meant.
#include <gtest/gtest.h>

#include "cli/program.h"

namespace monograph::test {
namespace {

struct Mistake {
  Arguments arguments;
  std::string message;  ///< a part of the one line
};

void expect_usage_error(const Mistake& m) {
  const Outcome outcome = monograph(m.arguments);
  EXPECT_EQ(outcome.code, 2) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  const auto lines = lines_of(outcome.err);
  ASSERT_EQ(lines.size(), 1u) << outcome.err;
  EXPECT_TRUE(lines[0].starts_with("monograph: ")) << lines[0];
  EXPECT_NE(lines[0].find(m.message), std::string::npos) << lines[0] << "\nlacks " << m.message;
}

const std::string kKarate = "gen:karate";

TEST(Usage, UnknownNamesAreCorrected) {
  const Mistake mistakes[] = {
      {{"rnu"}, "unknown command \"rnu\"; did you mean \"run\"? (known: run, validate, compare, list"},
      {{"run", "pagernk", "--graph", kKarate}, "unknown algorithm \"pagernk\"; did you mean \"pagerank\"?"},
      {{"run", "missing", "--graph", kKarate}, "there is no program file of that name either"},
      {{"run", "pagerank", "--grph", kKarate}, "unknown option \"--grph\"; did you mean \"--graph\"?"},
      {{"run", "pagerank", "--graph", kKarate, "--jsn"}, "did you mean \"--json\"?"},
      {{"run", "pagerank", "--graph", kKarate, "--param", "dampng=1"},
       "unknown parameter of pagerank \"dampng\"; did you mean \"damping\"? (known: damping, max_iterations, "
       "tolerance)"},
      {{"run", "wcc", "--graph", kKarate, "--param", "x=1"},
       "unknown parameter of wcc \"x\" (there are none)"},
      {{"run", "wcc", "--graph", kKarate, "--backend", "referense"}, "did you mean \"reference\"?"},
      {{"run", "wcc", "--graph", kKarate, "--format", "mtxx"},
       "unknown graph format \"mtxx\"; did you mean \"mtx\"?"},
      {{"run", "wcc", "--graph", kKarate, "--output", "componnt"}, "did you mean \"component\"?"},
      {{"run", "wcc", "--graph", kKarate, "--out", "r", "--out-format", "cvs"}, "did you mean \"csv\"?"},
      {{"run", "wcc", "--graph", kKarate, "--multi-edges", "summ"}, "did you mean \"sum\"?"},
      {{"run", "wcc", "--graph", "gen:karat"}, "karate"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "cpu,referense"},
       "unknown backend \"referense\"; did you mean \"reference\"?"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "reference,cpu:tilse"},
       "did you mean \"tiles\"?"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "reference,cpu", "--match", "exakt"},
       "did you mean \"exact\"?"},
      {{"list", "alorithms"}, "did you mean \"algorithms\"?"},
      {{"convert", kKarate, "g.mtx", "--out-format", "mxt"}, "did you mean \"mtx\"?"},
  };
  for (const Mistake& m : mistakes) expect_usage_error(m);
}

TEST(Usage, BadValues) {
  const Mistake mistakes[] = {
      {{}, "expected a command"},
      {{"run"}, "program is required"},
      {{"run", "wcc"}, "--graph is required"},
      {{"run", "wcc", "--graph", kKarate, "extra"}, "unexpected argument \"extra\""},
      {{"run", "wcc", "--graph", kKarate, "--directed", "--undirected"}, "--undirected"},
      {{"run", "wcc", "--graph", kKarate, "--top", "many"}, "--top"},
      {{"run", "wcc", "--graph", kKarate, "--top", "-3"}, "--top: expected 0 (all) or how many"},
      {{"run", "wcc", "--graph", kKarate, "--delimiter", "ab"}, "--delimiter: expected one character"},
      {{"run", "pagerank", "--graph", kKarate, "--param", "damping"},
       "expected NAME=VALUE, found \"damping\""},
      {{"run", "pagerank", "--graph", kKarate, "--param", "damping=much"}, "damping"},
      {{"run", "pagerank", "--graph", kKarate, "--param", "damping=1.5"}, "damping"},
      {{"run", "pagerank", "--graph", kKarate, "--param", "max_iterations=1.5"}, "max_iterations"},
      {{"run", "pagerank", "--graph", kKarate, "--param", "max_iterations=-1"}, "max_iterations"},
      {{"run", "bfs", "--graph", kKarate, "--param", "source=99"}, "99"},
      {{"run", "bfs", "--graph", kKarate, "--param", "source=ann"}, "ann"},
      {{"run", "wcc", "--graph", kKarate, "--json", "--out", "-"}, "both write to standard output"},
      {{"run", "wcc", "--graph", kKarate, "--out-format", "csv"}, "--out-format needs --out"},
      {{"generate", "karate", "-o", "g.el"}, "expected a generator such as gen:"},
      {{"generate", "gen:rmat:x:16", "-o", "g.el"}, "gen:rmat"},
      {{"validate", "wcc", "--graph", kKarate}, "--expected is required"},
      {{"compare", "wcc", "--graph", kKarate}, "--backends is required"},
      {{"run", "wcc", "--graph", kKarate, "--backend", "cuda:first"},
       "backend \"cuda:first\": expected cuda or cuda:DEVICE"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "cpu,cuda:"}, "expected cuda or cuda:DEVICE"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "cpu"}, "expected two or more"},
      {{"compare", "wcc", "--graph", kKarate, "--backends", "cpu,reference:tiles"}, "reference has no tiers"},
      {{"explain", "wcc", "--level", "9"}, "--level"},
      {{"explain", "wcc", "--cuda", "--json"}, "--json"},
  };
  for (const Mistake& m : mistakes) expect_usage_error(m);
}

TEST(Usage, MistakesLeaveNoFile) {
  const Folder folder;
  EXPECT_EQ(
      monograph({"run", "bfs", "--graph", kKarate, "--param", "source=99", "--out", folder.path("r")}).code,
      2);
  EXPECT_EQ(monograph({"convert", kKarate, folder.path("g.mtx"), "--out-format", "json"}).code, 2);
  EXPECT_TRUE(folder.names().empty());
}

TEST(Usage, HelpHasExamplesOfEachCommand) {
  const Outcome all = monograph({"--help"});
  EXPECT_EQ(all.code, 0);
  EXPECT_EQ(all.err, "");
  for (const std::string command : {"run", "validate", "list", "explain", "devices", "doctor", "info",
                                    "convert", "generate", "completion", "version"}) {
    EXPECT_NE(all.out.find("\n  " + command + " "), std::string::npos) << command;
    const Outcome one = monograph({command, "--help"});
    EXPECT_EQ(one.code, 0) << command;
    EXPECT_NE(one.out.find("Examples:\n  "), std::string::npos) << one.out;
    EXPECT_EQ(monograph({"help", command}).out, one.out);
  }
}

}  // namespace
}  // namespace monograph::test
