// Every format through `convert`, `info`, `generate`, `run` and `validate`.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace monograph::test {
namespace {

nlohmann::json info(const Arguments& graph) {
  Arguments arguments = {"info", "--json", "--graph"};
  arguments.insert(arguments.end(), graph.begin(), graph.end());
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return nlohmann::json::parse(outcome.out, nullptr, false);
}

/// One graph from format to format: the last is the first.
TEST(Formats, AGraphGoesThroughAllThatKeepIt) {
  const Folder folder;
  const std::string first = folder.path("a.mcsr");
  ASSERT_EQ(monograph({"generate", "gen:watts-strogatz:60:4:0.2", "-o", first}).code, 0);
  std::string last = first;
  for (const std::string name : {"b.sg", "c.npz", "d.graphml", "e.gml", "f.mcsr.zst", "g.e.zst", "h.csv",
                                 "i.tsv.gz", "j.el", "k.mcsr"}) {
    const Outcome outcome = monograph({"convert", last, folder.path(name)});
    ASSERT_EQ(outcome.code, 0) << name << ": " << outcome.err;
    EXPECT_EQ(lines_of(outcome.err).size(), 1u) << "nothing is lost: " << outcome.err;
    last = folder.path(name);
  }
  EXPECT_EQ(read_file(last), read_file(first));
  // these count nodes from 1
  for (const std::string name : {"l.mtx.zst", "m.gr"}) {
    ASSERT_EQ(monograph({"convert", first, folder.path(name)}).code, 0);
    EXPECT_EQ(info({folder.path(name)})["edges"], 120) << name;
  }
  const Outcome lossy = monograph({"convert", "--undirected", first, folder.path("n.npz")});
  EXPECT_NE(
      lossy.err.find("does not have that the graph is undirected (it lists each edge in both directions)"),
      std::string::npos)
      << lossy.err;
  ASSERT_EQ(monograph({"convert", "--undirected", first, folder.path("o.metis")}).code, 0);
  EXPECT_EQ(info({folder.path("o.metis")})["undirected"], true);
}

TEST(Formats, PropertiesAreTheGraphAndTheParameters) {
  const Folder folder;
  folder.file("g.v", "1\n2\n3\n4\n");
  folder.file("g.e", "1 2\n2 3\n");
  const std::string graph =
      folder.file("g.properties",
                  "graph.g.vertex-file = g.v\ngraph.g.edge-file = g.e\ngraph.g.directed = true\n"
                  "graph.g.bfs.source-vertex = 2\ngraph.g.pr.num-iterations = 3\n");
  const std::string unreachable = "9223372036854775807";
  const std::string from_2 = folder.file("two", "1 " + unreachable + "\n2 0\n3 1\n4 " + unreachable + "\n");
  const std::string from_1 = folder.file("one", "1 0\n2 1\n3 2\n4 " + unreachable + "\n");
  EXPECT_EQ(monograph({"validate", "bfs", "--graph", graph, "--expected", from_2}).code, 0);
  EXPECT_EQ(monograph({"validate", "bfs", "--graph", graph, "--expected", from_1}).code, 1);
  EXPECT_EQ(
      monograph({"validate", "bfs", "--graph", graph, "--param", "source=1", "--expected", from_1}).code, 0)
      << "what is given comes before what is stated";
  const Outcome rank = monograph({"run", "pagerank", "--graph", graph, "--json"});
  EXPECT_EQ(nlohmann::json::parse(rank.out)["iterations"], 3) << rank.err;
  EXPECT_EQ(info({graph})["parameters"],
            (nlohmann::json{{"bfs", {{"source", "2"}}},
                            {"pagerank", {{"max_iterations", "3"}, {"tolerance", "0"}}}}));
}

TEST(Formats, ResultsOfNumPyAreAttributes) {
  const Folder folder;
  const std::string ranks = folder.path("rank.npy"), all = folder.path("rank.npz");
  ASSERT_EQ(monograph({"run", "pagerank", "--graph", "gen:karate", "--out", ranks}).code, 0);
  ASSERT_EQ(monograph({"run", "pagerank", "--graph", "gen:karate", "--out", all}).code, 0);
  EXPECT_EQ(read_file(ranks).size(), 128u + 34 * 8);
  const auto facts = info({"gen:karate", "--node-attribute", "rank=" + ranks});
  EXPECT_EQ(facts["attributes"]["node"], (nlohmann::json{{"rank", "f64"}}));
  const Outcome wrong = monograph({"info", "--graph", "gen:path:3", "--node-attribute", "rank=" + ranks});
  EXPECT_EQ(wrong.code, 3);
  EXPECT_NE(wrong.err.find("node attribute 'rank' has 34 values, but there are 3 nodes"), std::string::npos)
      << wrong.err;
  EXPECT_EQ(monograph({"info", "--graph", "gen:path:3", "--edge-attribute", "rank"}).code, 2);
}

}  // namespace
}  // namespace monograph::test
