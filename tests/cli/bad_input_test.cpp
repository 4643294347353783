// Files that cannot be used: one line with the place and a hint, the exit code, within a second, and no file
// left.
#include <gtest/gtest.h>
#include <zlib.h>

#include "cli/program.h"

namespace monograph::test {
namespace {

struct Bad {
  std::string name, text;
  std::string place;    ///< "g.el:2:3" as the message begins after the folder
  std::string message;  ///< a part of the rest
  Arguments options = {};
};

/// The outcome of a run that must fail on a file in `folder`: checked for all that failures have in common.
Outcome expect_failure(const Folder& folder, const Arguments& run, int code) {
  const auto before = folder.names();
  Arguments arguments = run;
  arguments.insert(arguments.end(), {"--out", folder.path("result.txt")});
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, code) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  EXPECT_TRUE(outcome.err.starts_with("monograph: ")) << outcome.err;
  EXPECT_LT(outcome.seconds, 1.0) << outcome.err;
  EXPECT_EQ(folder.names(), before) << "something was left behind";
  return outcome;
}

void expect_bad_graph(const Bad& bad) {
  const Folder folder;
  Arguments run = {"run", "wcc", "--graph", folder.file(bad.name, bad.text)};
  run.insert(run.end(), bad.options.begin(), bad.options.end());
  const Outcome outcome = expect_failure(folder, run, 3);
  EXPECT_TRUE(outcome.err.starts_with("monograph: " + folder.path(bad.place)))
      << outcome.err << "not at " << bad.place;
  EXPECT_NE(outcome.err.find(bad.message), std::string::npos) << outcome.err << "lacks " << bad.message;
}

const std::string kBanner = "%%MatrixMarket matrix coordinate ";

TEST(BadInput, GraphFiles) {
  const Bad bad[] = {
      {"g.mtx", "%%MatrixMarkt matrix coordinate real general\n1 1 0\n",
       "g.mtx:1:1: ", "expected \"%%MatrixMarket\""},
      {"g.mtx", kBanner + "pattern general\n3 3 1\n1 4\n", "g.mtx:3:3: ", "4"},
      {"g.mtx", kBanner + "pattern general\n3 3 1\n0 1\n", "g.mtx:3:1: ", "0"},
      {"g.mtx", kBanner + "pattern general\n1000000000000000000 1000000000000000000 1\n1 2\n",
       "g.mtx:2:1: ", "1000000000000000000"},
      {"g.el", "1 2\n1 -3\n", "g.el:2:3: ", "-3"},
      {"g.el", "1 2\nann bob\n", "g.el:2:1: ", "--ids string"},
      {"g.wel", "1 2 0.5\n2 3 nan\n", "g.wel:2:5: ", "nan"},
      {"g.csv", "1,2,0.5\n2,3\n", "g.csv:2:", "column"},
      {"g.csv", "1,2\n2,3,4\n", "g.csv:2:", "column"},
      {"g", "1 2 x\n", "g:1:5: ", "x", {"--format", "ldbc-vertex"}},
  };
  for (const Bad& b : bad) expect_bad_graph(b);
}

TEST(BadInput, MissingFile) {
  const Folder folder;
  const Outcome outcome = expect_failure(folder, {"run", "wcc", "--graph", folder.path("none.el")}, 3);
  EXPECT_NE(outcome.err.find("none.el"), std::string::npos) << outcome.err;
}

// What can only be a file is looked for as one; a bare word that is neither is an unknown name (usage_test).
TEST(BadInput, MissingProgramFile) {
  const Folder folder;
  const Outcome outcome =
      expect_failure(folder, {"run", folder.path("none.json"), "--graph", "gen:karate"}, 3);
  EXPECT_NE(outcome.err.find("none.json: expected a program file"), std::string::npos) << outcome.err;
}

TEST(BadInput, FolderInsteadOfFile) {
  const Folder folder;
  expect_failure(folder, {"run", "wcc", "--graph", folder.path("")}, 3);
}

std::string compressed(const Folder& folder, const std::string& text) {
  const std::string path = folder.path("whole.gz");
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, text.data(), static_cast<unsigned>(text.size()));
  gzclose(file);
  return read_file(path);
}

TEST(BadInput, TruncatedGzip) {
  const Folder elsewhere, folder;
  std::string text;
  for (int i = 0; i < 5000; ++i) text += std::to_string(i) + " " + std::to_string(i * 7919 % 5000) + "\n";
  const std::string whole = compressed(elsewhere, text);
  ASSERT_EQ(monograph({"run", "wcc", "--graph", folder.file("whole.el.gz", whole)}).code, 0);
  const std::string cut = folder.file("cut.el.gz", whole.substr(0, whole.size() / 2));
  const Outcome outcome = expect_failure(folder, {"run", "wcc", "--graph", cut}, 3);
  EXPECT_NE(outcome.err.find("cut.el.gz"), std::string::npos) << outcome.err;
}

TEST(BadInput, MissingAttributeIsNamed) {
  const Folder folder;
  const Outcome outcome = expect_failure(folder, {"run", "sssp", "--graph", folder.file("g.el", "1 2\n")}, 3);
  EXPECT_NE(outcome.err.find("weight"), std::string::npos) << outcome.err;
}

TEST(BadInput, ExpectedFile) {
  const Folder folder;
  const auto validate = [&](const std::string& text) {
    return monograph(
        {"validate", "wcc", "--graph", "gen:karate", "--expected", folder.file("expected", text)});
  };
  EXPECT_EQ(monograph({"validate", "wcc", "--graph", "gen:karate", "--expected", folder.path("none")}).code,
            3);
  const Outcome twice = validate("1 1\n1 2\n");
  EXPECT_EQ(twice.code, 3) << twice.err;
  EXPECT_NE(twice.err.find("expected:2:"), std::string::npos) << twice.err;
  const Outcome fewer = validate("1 1\n2 1\n99 1\n");
  EXPECT_EQ(fewer.code, 1) << fewer.err;
  EXPECT_EQ(fewer.out, "FAIL wcc: 2 compared, 0 differ, 1 missing, 32 extra; worst error 0 (equivalence)\n");
}

/// A JSON program with this body.
std::string program(const std::string& body) {
  return R"({"monograph": "program", "version": 1, "name": "p", "body": [)" + body + "]}";
}

// The place is the line that the program says its node comes from.
TEST(BadInput, TypeErrorNamesOpExpectedGotAndTheUsersLine) {
  const Folder folder;
  const std::string path = folder.file("p.json", program(R"(
    {"id": "x", "op": "core.node_index"},
    {"id": "y", "op": "core.sqrt", "in": ["x"], "where": [{"file": "mine.py", "line": 12, "column": 3}]},
    {"op": "attr.output", "in": ["y"], "attrs": {"name": "y"}})"));
  const Outcome outcome = expect_failure(folder, {"run", path, "--graph", "gen:karate"}, 3);
  for (const std::string part : {"core.sqrt", "expected", "f64", "i32", "mine.py:12:3"})
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err << "lacks " << part;
}

TEST(BadInput, ProgramsThatAreNone) {
  const Folder folder;
  const auto run = [&](const std::string& name, const std::string& text) {
    return expect_failure(folder, {"run", folder.file(name, text), "--graph", "gen:karate"}, 3).err;
  };
  EXPECT_NE(run("cut.json", "{\"monograph\": \"program\", ").find("cut.json"), std::string::npos);
  EXPECT_NE(run("op.json", program(R"({"id": "x", "op": "core.nod_count"})")).find("core.node_count"),
            std::string::npos);
  EXPECT_NE(run("p.mg", "program \"p\" {\n  %0 = core.nonsense : i64\n}\n").find("p.mg:2:"),
            std::string::npos);
  // bytes that are no text can only have been a plan
  const std::string binary(
      "\x7f"
      "ELF\0\1\2",
      7);
  const Outcome damaged =
      expect_failure(folder, {"run", folder.file("binary.mg", binary), "--graph", "gen:karate"}, 6);
  EXPECT_NE(damaged.err.find("binary.mg: byte 0: expected a plan"), std::string::npos) << damaged.err;
  EXPECT_NE(run("empty.txt", "").find("empty.txt"), std::string::npos);
}

TEST(BadInput, FailedCheckIsARuntimeError) {
  const Folder folder;
  const std::string path = folder.file("p.json", program(R"(
    {"id": "x", "op": "core.node_index"}, {"id": "n", "op": "core.node_count"}, {"id": "y", "op": "core.cast", "in": ["n"], "attrs": {"to": "i32"}},
    {"id": "far", "op": "core.add", "in": ["x", "y"]},
    {"id": "z", "op": "graph.take", "in": ["x", "far"]},
    {"op": "attr.output", "in": ["z"], "attrs": {"name": "z"}})"));
  const Outcome outcome = expect_failure(folder, {"run", path, "--graph", "gen:karate"}, 7);
  EXPECT_NE(outcome.err.find("graph.take"), std::string::npos) << outcome.err;
}

TEST(BadInput, ResultThatCannotBeWritten) {
  const Folder folder;
  const Outcome nowhere =
      monograph({"run", "wcc", "--graph", "gen:karate", "--out", folder.path("none/result.txt")});
  EXPECT_EQ(nowhere.code, 3) << nowhere.err;
  EXPECT_NE(nowhere.err.find("none/result.txt"), std::string::npos) << nowhere.err;
  const Outcome full = monograph({"run", "wcc", "--graph", "gen:karate", "--out", "/dev/full"});
  EXPECT_EQ(full.code, 3) << full.err;
}

}  // namespace
}  // namespace monograph::test
