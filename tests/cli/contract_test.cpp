// The sentences that others rely on: what `run` and `validate` read, write and print.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace monograph::test {
namespace {

/// Runs, expects success, and gives the lines that --out wrote.
std::vector<std::string> results(const Arguments& arguments) {
  const Folder folder;
  Arguments all = arguments;
  all.insert(all.end(), {"--backend", "reference", "--out", folder.path("r.txt")});
  const Outcome outcome = monograph(all);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_EQ(outcome.out, "");
  return lines_of(read_file(folder.path("r.txt")));
}

using Lines = std::vector<std::string>;

TEST(Contract, WritesTheUsersIdsOnePerNodeInOrder) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "900000000000 7\n7 12\n");
  EXPECT_EQ(results({"run", "bfs", "--graph", graph, "--param", "source=900000000000"}),
            (Lines{"7 1", "12 2", "900000000000 0"}));
}

TEST(Contract, FileIsDirectedUnlessItsHeaderSaysSymmetric) {
  const Folder folder;
  const std::string plain = folder.file("g.el", "1 2\n");
  EXPECT_EQ(results({"run", "bfs", "--graph", plain, "--param", "source=2"}),
            (Lines{"1 9223372036854775807", "2 0"}));
  EXPECT_EQ(results({"run", "bfs", "--graph", plain, "--param", "source=2", "--undirected"}),
            (Lines{"1 1", "2 0"}));
  const std::string symmetric =
      folder.file("g.mtx", "%%MatrixMarket matrix coordinate pattern symmetric\n2 2 1\n2 1\n");
  EXPECT_EQ(results({"run", "bfs", "--graph", symmetric, "--param", "source=1"}), (Lines{"1 0", "2 1"}));
}

TEST(Contract, UndirectedMirrorsEachListedEdgeOnce) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "1 2\n2 3\n");
  const Outcome outcome = monograph({"run", "degree", "--graph", graph, "--undirected", "--out", "-"});
  EXPECT_EQ(outcome.out, "1 0.5\n2 1\n3 0.5\n") << outcome.err;
}

TEST(Contract, VertexBasedFormListsBothDirectionsAlready) {
  const Folder folder;
  const std::string graph = folder.file("g", "1 2 3\n2 1\n3 1\n4\n");
  const Outcome outcome =
      monograph({"info", "--graph", graph, "--format", "ldbc-vertex", "--undirected", "--json"});
  EXPECT_NE(outcome.out.find("\"nodes\": 4"), std::string::npos) << outcome.out << outcome.err;
  EXPECT_NE(outcome.out.find("\"edges\": 2"), std::string::npos) << outcome.out;
}

TEST(Contract, EdgeFilePicksUpItsVertexFile) {
  const Folder folder;
  const std::string graph = folder.file("g.e", "1 2\n");
  folder.file("g.v", "1\n2\n5\n");
  EXPECT_EQ(results({"run", "wcc", "--graph", graph}), (Lines{"1 1", "2 1", "5 5"}));
  const std::string empty = folder.file("e.e", "");
  folder.file("e.v", "3\n4\n");
  EXPECT_EQ(results({"run", "wcc", "--graph", empty}), (Lines{"3 3", "4 4"}));
}

TEST(Contract, WeightsChangeNothingWhereTheyAreIgnored) {
  const Folder folder;
  const std::string plain = folder.file("p.el", "1 2\n2 3\n3 1\n3 4\n");
  const std::string heavy = folder.file("h.wel", "1 2 9.5\n2 3 0.1\n3 1 7\n3 4 100\n");
  for (const std::string algorithm : {"pagerank", "bfs", "cdlp", "wcc"})
    EXPECT_EQ(results({"run", algorithm, "--graph", plain}), results({"run", algorithm, "--graph", heavy}))
        << algorithm;
}

// 30 and 200 tie for node 1000's label: 30 is the smaller number, though "200" comes first as text.
TEST(Contract, LabelsAndTiesAreTheUsersIds) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "1000 200\n1000 30\n");
  EXPECT_EQ(results({"run", "cdlp", "--graph", graph, "--undirected", "--param", "max_iterations=1"}),
            (Lines{"30 1000", "200 1000", "1000 30"}));
  EXPECT_EQ(results({"run", "wcc", "--graph", graph}), (Lines{"30 30", "200 30", "1000 30"}));
}

TEST(Contract, PrintsNumbersAsLdbcDoes) {
  const Folder folder;
  const std::string graph = folder.file("g.wel", "1 2 0.1\n2 3 0.2\n4 1 1\n");
  EXPECT_EQ(results({"run", "sssp", "--graph", graph, "--param", "source=1"}),
            (Lines{"1 0", "2 0.1", "3 0.30000000000000004", "4 Infinity"}));
  EXPECT_EQ(results({"run", "bfs", "--graph", graph, "--param", "source=1"}),
            (Lines{"1 0", "2 1", "3 2", "4 9223372036854775807"}));
}

TEST(Contract, PageRankOfTheFiveNodeGraph) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "0 1\n1 2\n2 0\n2 3\n3 4\n4 2\n");
  const double fixed[] = {.166958211856, .171914480078, .322254616132, .166958211856, .171914480078};
  const double hundred[] = {.166958207, .171914483, .322254621, .166958207, .171914483};
  const auto check = [&](const Arguments& parameters, const double* wanted, double tolerance) {
    Arguments all = {"run", "pagerank", "--graph", graph};
    all.insert(all.end(), parameters.begin(), parameters.end());
    const Lines lines = results(all);
    ASSERT_EQ(lines.size(), 5u);
    double sum = 0;
    for (std::size_t i = 0; i < 5; ++i) {
      EXPECT_NEAR(std::stod(lines[i].substr(2)), wanted[i], tolerance) << lines[i];
      sum += std::stod(lines[i].substr(2));
    }
    EXPECT_NEAR(sum, 1, 1e-14);
  };
  check({"--param", "max_iterations=100", "--param", "tolerance=0"}, hundred, 1e-8);
  check({"--param", "max_iterations=1000", "--param", "tolerance=1e-15"}, fixed, 1e-12);
}

TEST(Contract, RunsJsonPrograms) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "1 2\n2 3\n");
  const std::string program = folder.file("in.json", R"({"monograph": "program", "version": 1, "name": "in",
    "body": [{"id": "x", "op": "core.full", "attrs": {"value": 1.5, "domain": "f64[V]"}},
             {"id": "y", "op": "graph.neighbor_agg", "in": ["x"], "attrs": {"agg": "sum"}},
             {"op": "attr.output", "in": ["y"], "attrs": {"name": "y"}}]})");
  EXPECT_EQ(results({"run", program, "--graph", graph}), (Lines{"1 0", "2 1.5", "3 1.5"}));
}

// Every algorithm is the same program as JSON and as text.
TEST(Contract, ProgramFilesAreWhatTheyWereMadeFrom) {
  const Folder folder;
  const std::string graph = folder.file("g.wel", "1 2 3\n2 3 4\n3 1 0.5\n3 4 1\n");
  for (const std::string name : {"bfs", "cdlp", "degree", "pagerank", "sssp", "wcc"}) {
    const Lines wanted = results({"run", name, "--graph", graph});
    const std::string text = folder.file("p.mg", monograph({"explain", name, "--level", "0"}).out);
    EXPECT_EQ(results({"run", text, "--graph", graph}), wanted) << name;
    const auto document = nlohmann::json::parse(monograph({"explain", name, "--json"}).out);
    const std::string json = folder.file("p.json", document["json"].dump());
    EXPECT_EQ(results({"run", json, "--graph", graph}), wanted) << name;
  }
}

TEST(Contract, StandardOutputIsTheResultAndErrorTheSummary) {
  const Outcome outcome = monograph({"run", "pagerank", "--graph", "gen:karate"});
  EXPECT_EQ(outcome.code, 0);
  const Lines lines = lines_of(outcome.out);
  ASSERT_EQ(lines.size(), 11u) << outcome.out;
  EXPECT_EQ(lines[0], "node  rank");
  EXPECT_EQ(lines[1].substr(0, 14), "34    0.100918") << lines[1];
  EXPECT_EQ(lines_of(outcome.err).size(), 1u);
  for (const std::string part :
       {"34 nodes", "78 undirected edges", " iterations, converged", " ms; backend cpu ("})
    EXPECT_NE(outcome.err.find(part), std::string::npos) << outcome.err;
}

TEST(Contract, TopChoosesHowManyRows) {
  const auto rows = [](const std::string& top) {
    return lines_of(monograph({"run", "pagerank", "--graph", "gen:karate", "--top", top}).out).size();
  };
  EXPECT_EQ(rows("3"), 4u);
  EXPECT_EQ(rows("0"), 35u);
}

TEST(Contract, ValidateComparesAsAsked) {
  const Folder folder;
  const std::string graph = folder.file("g.el", "1 2\n3 4\n");
  const std::string renamed = folder.file("expected", "1 7\n2 7\n3 8\n4 8\n");
  const Arguments run = {"validate", "wcc", "--graph", graph, "--expected", renamed};
  const auto with = [&](const std::string& match) {
    Arguments all = run;
    all.insert(all.end(), {"--match", match});
    return monograph(all).code;
  };
  EXPECT_EQ(monograph(run).code, 0);
  EXPECT_EQ(with("equivalence"), 0);
  EXPECT_EQ(with("exact"), 1);
  EXPECT_EQ(with("epsilon"), 1);
  EXPECT_EQ(with("epsillon"), 2);
  Arguments documented = run;
  documented.insert(documented.end(), {"--match", "exact", "--json", "--out", folder.path("actual")});
  const auto document = nlohmann::json::parse(monograph(documented).out);
  EXPECT_EQ(document["ok"], false);
  EXPECT_EQ(document["mismatched"], 4);
  EXPECT_EQ(document["first_differences"][0],
            (nlohmann::json{{"node", "1"}, {"expected", "7"}, {"actual", "1"}}));
  EXPECT_EQ(read_file(folder.path("actual")), "1 1\n2 1\n3 3\n4 3\n");
}

/// How the results of an algorithm are compared unless --match says otherwise: it says so itself.
TEST(Contract, AlgorithmsSayHowTheyAreCompared) {
  const Folder folder;
  const std::string graph = folder.file("g.wel", "1 2 3\n2 3 4\n3 1 0.5\n");
  const std::pair<const char*, const char*> kinds[] = {{"bfs", "exact"},      {"cdlp", "exact"},
                                                       {"degree", "epsilon"}, {"pagerank", "epsilon"},
                                                       {"sssp", "epsilon"},   {"wcc", "equivalence"}};
  for (const auto& [name, match] : kinds) {
    const std::string expected = folder.path("r");
    ASSERT_EQ(monograph({"run", name, "--graph", graph, "--out", expected}).code, 0);
    const Outcome outcome = monograph({"validate", name, "--graph", graph, "--expected", expected});
    EXPECT_NE(outcome.out.find("(" + std::string(match) + ")"), std::string::npos)
        << outcome.out << outcome.err;
  }
  for (const auto& a : nlohmann::json::parse(monograph({"list", "algorithms", "--json"}).out)) {
    const auto kind = std::ranges::find(kinds, a["name"], [](const auto& k) { return k.first; });
    const bool real = a["outputs"][0]["type"].get<std::string>().starts_with("f64");
    EXPECT_EQ(a["match"] == "epsilon", real) << a["name"];
    if (kind != std::end(kinds)) {
      EXPECT_EQ(a["match"], kind->second);
    }
  }
}

}  // namespace
}  // namespace monograph::test
