// LDBC Graphalytics `.properties`: which files, which direction, which parameters.
#include "support.h"

namespace monograph::test {
namespace {

const std::string kFile =
    "# a comment\n\ngraph.g.vertex-file = g.v\ngraph.g.edge-file = g.e\ngraph.g.meta.vertices = 3\n"
    "graph.g.directed = false\ngraph.g.edge-properties.names = weight\ngraph.g.edge-properties.types = real\n"
    "graph.g.algorithms = bfs, cdlp, lcc, pr, sssp, wcc\ngraph.g.bfs.source-vertex = 7\n"
    "graph.g.cdlp.max-iterations = 2\ngraph.g.pr.damping-factor = 0.9\ngraph.g.pr.num-iterations = 14\n"
    "graph.g.sssp.weight-property = weight\ngraph.g.sssp.source-vertex = 5\n";

std::string without(std::string text, const std::string& key) {
  const auto at = text.find("graph.g." + key);
  return text.erase(at, text.find('\n', at) + 1 - at);
}

class Properties : public ::testing::Test {
 protected:
  Properties() {
    d.write("g.v", "7\n5\n9\n");
    d.write("g.e", "7 5 0.5\n");
  }
  std::string error(const std::string& text) {
    return error_of([&] { read_graph(d.write("g.properties", text)); }, d / "");
  }
  Directory d;
};

TEST_F(Properties, NameTheFilesAndTheDirection) {
  const Graph g = read_graph(d.write("g.properties", kFile));
  EXPECT_TRUE(g.undirected());
  EXPECT_EQ(describe(g), "5>7*0.5 7>5*0.5; 9");
  EXPECT_EQ(describe(read_graph(d / "g.properties", {.undirected = false})), "7>5*0.5; 9");
  std::filesystem::rename(d / "g.e", d / "other");
  d.write("g.e.zst", zstandard("9 5 2\n"));
  EXPECT_EQ(describe(read_graph(d / "g.properties")), "5>9*2 9>5*2; 7") << "compressed, though not called so";
  d.write("u.properties", without(without(kFile, "edge-properties.names"), "edge-properties.types"));
  d.write("g.e.zst", zstandard("9 5\n"));
  EXPECT_EQ(describe(read_graph(d / "u.properties")), "5>9 9>5; 7");
}

TEST_F(Properties, StateParametersOfAlgorithms) {
  const auto text = [&](const std::string& path) {
    std::string all;
    for (const auto& p : stated_parameters(path)) all += p.algorithm + "." + p.name + "=" + p.value + " ";
    return all;
  };
  EXPECT_EQ(text(d.write("g.properties", kFile)),
            "bfs.source=7 cdlp.max_iterations=2 pagerank.damping=0.9 pagerank.max_iterations=14 "
            "pagerank.tolerance=0 sssp.source=5 ");
  EXPECT_EQ(text(d / "g.e"), "") << "no such file";
  EXPECT_EQ(text("gen:karate"), "");
}

TEST_F(Properties, WhatIsWrongIsSaidWithItsPlace) {
  EXPECT_EQ(error(""), "g.properties:1:1: expected a line \"graph.NAME.edge-file = FILE\", found none");
  EXPECT_EQ(error(without(kFile, "edge-file")),
            "g.properties:1:1: expected a line \"graph.g.edge-file = ...\", found none");
  EXPECT_EQ(error(without(kFile, "directed")),
            "g.properties:1:1: expected a line \"graph.g.directed = ...\", found none");
  EXPECT_EQ(error("graph.g.directed\n"),
            "g.properties:1:1: expected \"KEY = VALUE\", found \"graph.g.directed\"");
  EXPECT_EQ(error("graph.g.directed = maybe\n"),
            "g.properties:1:20: expected true or false, found \"maybe\"");
  EXPECT_EQ(
      error("graph.g.directed = true\ngraph.g.directed = true\n"),
      "g.properties:2:1: expected directed once, found \"graph.g.directed\" (an earlier line has it too)");
  EXPECT_EQ(
      error("graph.g.directed = true\ngraph.h.directed = true\n"),
      "g.properties:2:1: expected \"graph.g.\", of which the lines before are, found \"graph.h.directed\" (a "
      "file describes one graph)");
  EXPECT_EQ(error("graph.g.directed = true\ngraph.g.vertex-file =\n"),
            "g.properties:2:22: expected a value of vertex-file, found the end of the line");
  std::filesystem::remove(d / "g.v");
  EXPECT_EQ(error(kFile), "g.properties:3:23: expected the name of a file, found \"g.v\" (there is no g.v)");
  d.write("g.v", "7\n5\n");
  EXPECT_EQ(error(without(kFile, "edge-properties.names")),
            "g.properties:1:1: expected edges without a property, found a third column in the edge file "
            "(edge-properties.names says what it is)");
  d.write("g.e", "7 5\n");
  EXPECT_EQ(error(kFile),
            "g.properties:7:33: expected edges with the property \"weight\", found none in the edge file");
  d.write("g.e", "7 5 1\n7 6 1\n");
  EXPECT_EQ(error(kFile), "g.e:2:3: expected a node that g.v lists, found \"6\"");
}

TEST(SharedProperties, AllOfGraphalyticsAreRead) {
  MONOGRAPH_NEED_SHARED_DATA();
  std::size_t files = 0, parameters = 0;
  for (const auto& entry : std::filesystem::directory_iterator(kShared + "/graphalytics/config")) {
    if (entry.path().extension() != ".properties") continue;
    ++files;
    parameters += stated_parameters(entry.path().string()).size();
  }
  EXPECT_GT(files, 40u);
  EXPECT_GT(parameters, 200u);
  const Directory d;
  const std::string base = kShared + "/graphalytics/";
  for (const std::string name : {"example-directed", "example-undirected"}) {
    for (const std::string end : {".v", ".e"})
      std::filesystem::create_symlink(
          std::filesystem::absolute(base + "validation-graphs/example/" + name + end), d / (name + end));
    std::filesystem::create_symlink(std::filesystem::absolute(base + "config/" + name + ".properties"),
                                    d / (name + ".properties"));
    const bool undirected = name == "example-undirected";
    EXPECT_EQ(everything(read_graph(d / (name + ".properties"))),
              everything(read_graph(d / (name + ".e"), {.undirected = undirected})));
  }
}

}  // namespace
}  // namespace monograph::test
