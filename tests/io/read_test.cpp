// Every variant of every format that graphs are read from.
#include <map>

#include "support.h"

namespace monograph::test {
namespace {

struct Case {
  std::string name;  // of the file
  std::string text;
  std::string expected;  // as describe() says it; "u " before it when the graph is undirected
  ReadOptions options = {};
};

std::string read_and_describe(const std::string& path, const ReadOptions& options) {
  const Graph g = read_graph(path, options);
  return (g.undirected() ? "u " : "") + describe(g);
}

/// Reads each case as it is, compressed, with CRLF line ends, after a byte order mark, and without the last
/// line end.
void expect_all_ways(const Case& c) {
  SCOPED_TRACE(c.name + ": " + c.text);
  const Directory directory;
  EXPECT_EQ(read_and_describe(directory.write(c.name, c.text), c.options), c.expected);
  EXPECT_EQ(read_and_describe(directory.write(c.name + ".gz", gzipped(c.text)), c.options), c.expected)
      << "gzip";
  EXPECT_EQ(read_and_describe(directory.write(c.name, "\xef\xbb\xbf" + c.text), c.options), c.expected)
      << "byte order mark";
  std::string crlf;
  for (const char ch : c.text) crlf += ch == '\n' ? "\r\n" : std::string(1, ch);
  EXPECT_EQ(read_and_describe(directory.write(c.name, crlf), c.options), c.expected) << "CRLF";
  std::string_view unfinished = c.text;
  if (unfinished.ends_with('\n')) unfinished.remove_suffix(1);
  EXPECT_EQ(read_and_describe(directory.write(c.name, std::string(unfinished)), c.options), c.expected)
      << "no last line end";
}

TEST(MatrixMarket, EveryVariant) {
  const std::string banner = "%%MatrixMarket matrix coordinate ";
  const Case cases[] = {
      {"a.mtx", banner + "pattern general\n% a comment\n\n3 3 2\n3 1\n1 2\n", "1>2*1 3>1*1"},
      {"a.mtx", banner + "real general\n3 3 2\n1 2 0.5\n2 2 -1e-3\n", "1>2*0.5 2>2*-0.001; 3"},
      {"a.mtx", banner + "integer general\n2 2 2\n1 2 9007199254740993\n2 1 -4\n",
       "1>2#9007199254740993 2>1#-4"},
      {"a.mtx", banner + "pattern symmetric\n3 3 3\n2 1\n3 2\n3 3\n", "u 1>2*1 2>1*1 2>3*1 3>2*1 3>3*1"},
      {"a.mtx", banner + "real symmetric\n2 2 1\n2 1 +2.5\n", "u 1>2*2.5 2>1*2.5"},
      {"a.mtx",
       banner + "real symmetric\n2 2 2\n2 1 2.5\n1 1 3\n",
       "1>1*3 1>2*2.5 2>1*2.5",
       {.undirected = false}},
      {"a.mtx", banner + "integer skew-symmetric\n3 3 2\n2 1 5\n3 1 -2\n", "1>2#-5 1>3#2 2>1#5 3>1#-2"},
      {"a.mtx", banner + "real general\n2 2 1\n1 2 0.5\n", "u 1>2*0.5 2>1*0.5", {.undirected = true}},
      {"a.mtx", "%%matrixmarket MATRIX Coordinate Real GENERAL\n1 1 1\n1 1 1e-400\n", "1>1*0"},
      {"a.mtx", banner + "pattern general\n0 0 0\n", ""},
      {"a.txt", banner + "pattern general\n2 2 1\n1 2\n", "1>2*1"},
      {"a", banner + "pattern general\n2 2 1\n1 2\n", "1>2*1"},
      {"a.mtx",
       "junk\n" + banner + "pattern general\n2 2 1\n1 2\n",
       "1>2*1",
       {.format = "mtx", .skip_lines = 1}},
  };
  for (const auto& c : cases) expect_all_ways(c);
}

TEST(EdgeList, WeightsTooSmallForAFloatAreZeroAndDigitsAloneMakeNoneLarge) {
  const std::string zeros(400, '0');
  const Case cases[] = {
      {"a.wel", "0 1 1e-400\n1 0 -1e-400\n", "0>1*0 1>0*-0"},
      {"a.wel", "0 1 0." + zeros + "1e5\n1 0 -0." + zeros + "1\n", "0>1*0 1>0*-0"},
      {"a.wel", "0 1 ." + zeros + "1e405\n1 0 1" + zeros + "e-395\n", "0>1*10000 1>0*100000"},
      {"a.wel", "0 1 0e99999999999999999999\n1 0 9e-99999999999999999999\n", "0>1*0 1>0*0"},
  };
  for (const auto& c : cases) expect_all_ways(c);
}

TEST(EdgeList, EveryVariant) {
  const Case cases[] = {
      {"a.el", "0 1\n1 2\n", "0>1 1>2"},
      {"a.wel", "0 1 0.5\n1 2 3\n", "0>1*0.5 1>2*3"},
      {"a.txt", "# SNAP\n# FromNodeId\tToNodeId\n30\t1412\n30\t3352\n", "30>1412 30>3352"},
      {"a.txt", "% konect\n  7   5  \n\n// end\n5\t 9\n", "5>9 7>5"},
      {"a.csv", "1,2,0.5\n2 , 3 , 1\n", "1>2*0.5 2>3*1"},
      {"a.csv", "1 0 1.0\n", "1>0*1"},
      {"a.csv", "source,target,weight\n1,2,0.5\n", "1>2*0.5"},
      {"a.csv", "\"Source\",\"Target\"\n\"1\",\"2\"\n", "1>2"},
      {"a.csv", "person;friend\n1;2\n", "1>2"},
      {"a.csv", "source,target\n", ""},
      {"a.tsv", "1\t2\n2\t1\n", "1>2 2>1"},
      {"a.tsv", "src\tdst\n1\t2\n", "1>2"},
      {"a.el", "9223372036854775807 0\n5 000000000000000000005\n", "5>5 9223372036854775807>0"},
      {"a.el", "", ""},
      {"a.el", "# nothing\n", ""},
      {"a.el", "head\nanother\n1 2\n", "1>2", {.skip_lines = 2}},
      {"a.el", "1 2\n", "", {.skip_lines = 9}},
      {"a.el", "1|2\n", "1>2", {.delimiter = '|'}},
      {"a.el", "1 2\n2 1\n3 3\n", "u 1>2 1>2 2>1 2>1 3>3", {.undirected = true}},
      {"a.wel",
       "1 2 4\n2 1 3\n3 3 1\n",
       "u 1>2*3 2>1*3; 3",
       {.undirected = true, .multi_edges = MultiEdges::Min, .self_loops = SelfLoops::Drop}},
      {"a.el", "b a\na c\n", "a>c b>a", {.ids = Ids::Text}},
      {"a.el", "10 9\n", "10>9", {.ids = Ids::Text}},
      {"a.tsv", "Ann Lee\tBob, Jr\nBob, Jr\tC\n", "Ann Lee>Bob, Jr Bob, Jr>C", {.ids = Ids::Text}},
      {"a.csv", "source,target,weight\n\"x, \"\"y\"\"\",z,2\n", "x, \"y\">z*2", {.ids = Ids::Text}},
      {"a.data", "1 2\n", "1>2", {.format = "el"}},
      {"a.CSV", "1,2\n", "1>2"},
  };
  for (const auto& c : cases) expect_all_ways(c);
}

TEST(LdbcVertex, RowsMayBeRaggedAndUndirectedListsBothEnds) {
  ReadOptions directed{.format = "ldbc-vertex"}, undirected{.format = "ldbc-vertex", .undirected = true},
      text = directed;
  text.ids = Ids::Text;
  expect_all_ways({"a", "1 2 3\n2 1\n9\n", "1>2 1>3 2>1; 9", directed});
  expect_all_ways({"a", "1 2 3\n2 1\n3 1 7 3\n9\n", "u 1>2 1>3 2>1 3>1 3>3 3>7 7>3; 9", undirected});
  expect_all_ways({"a", "b a c\n", "b>a b>c", text});
  expect_all_ways({"a", "", "", directed});
}

TEST(Ldbc, TheVertexFileBesideTheEdgesGivesTheNodes) {
  const Directory d;
  const auto e = d.write("g.e", "5 3 0.5\n3 9 1\n"), v = d.write("g.v", "9\n3\n5\n1\n");
  EXPECT_EQ(describe(read_graph(e)), "3>9*1 5>3*0.5; 1");
  EXPECT_EQ(describe(read_graph(v)), "3>9*1 5>3*0.5; 1");
  EXPECT_EQ(describe(read_graph(e, {.undirected = true})), "3>5*0.5 3>9*1 5>3*0.5 9>3*1; 1");
  d.write("h.v.gz", gzipped("1\n2\n"));
  EXPECT_EQ(describe(read_graph(d.write("h.e.gz", gzipped("1 2\n")))), "1>2");
  EXPECT_EQ(describe(read_graph(d.write("h.e", ""))), "; 1 2");
  EXPECT_EQ(describe(read_graph(d.write("alone.e", "1 2\n"))), "1>2");
  d.write("t.v", "b\na\n");
  EXPECT_EQ(describe(read_graph(d.write("t.e", "b a\n"), {.ids = Ids::Text})), "b>a");
}

TEST(Read, ReportsProgressUpToTheSizeOfTheFile) {
  const Directory d;
  std::string text;
  for (int i = 0; i < 300000; ++i) text += std::to_string(i) + " " + std::to_string(i + 1) + "\n";
  std::int64_t last = -1, calls = 0;
  ReadOptions options;
  options.progress = [&](std::int64_t done, std::int64_t total) {
    EXPECT_EQ(total, static_cast<std::int64_t>(text.size()));
    EXPECT_GE(done, last);
    last = done;
    ++calls;
  };
  EXPECT_EQ(read_graph(d.write("a.el", text), options).edge_count(), 300000);
  EXPECT_EQ(last, static_cast<std::int64_t>(text.size()));
  EXPECT_GE(calls, 6);
}

TEST(Read, ManyIdsFarApartKeepTheirOrder) {
  const Directory d;
  std::string text;
  std::uint64_t x = 1;
  for (int i = 0; i < 20000; ++i) {
    x = x * 6364136223846793005ull + 1442695040888963407ull;
    text += std::to_string(x >> (1 + i % 40)) + " " + std::to_string((x ^ 0x5555) >> 1) + "\n";
  }
  const Graph g = read_graph(d.write("a.el", text));
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    ASSERT_TRUE(v == 0 || g.ids().number(v - 1) < g.ids().number(v));
    ASSERT_EQ(g.ids().find(g.ids().text(v)), v);
  }
  ReadOptions options;
  options.ids = Ids::Text;
  const Graph t = read_graph(d / "a.el", options);  // another way to the same numbers
  ASSERT_EQ(t.node_count(), g.node_count());
  std::map<std::string, std::int64_t> degree;
  for (std::int32_t v = 0; v < t.node_count(); ++v)
    degree[t.ids().text(v)] = t.in().offsets[v + 1] - t.in().offsets[v];
  for (std::int32_t v = 0; v < g.node_count(); ++v)
    ASSERT_EQ(degree[g.ids().text(v)], g.in().offsets[v + 1] - g.in().offsets[v]);
}

TEST(SharedData, IsReadAsItsOwnersCountIt) {
  MONOGRAPH_NEED_SHARED_DATA();
  struct Expected {
    std::string file;
    std::int64_t nodes, edges;
    ReadOptions options = {};
  };
  const std::string vertex = "ldbc-vertex", base = "graphalytics/validation-graphs/";
  const Expected all[] = {
      {"small/karate.mtx", 34, 156},
      {"small/karate.csv", 34, 156},
      {"small/dolphins.mtx", 62, 318},
      {"small/polbooks.mtx", 105, 882},
      {"small/netscience.mtx", 1589, 5484},
      {"small/email-Eu-core.csv", 1005, 25571},
      {"medium/facebook_combined.txt", 4039, 88234},
      {"medium/facebook_combined.txt", 4039, 176468, {.undirected = true}},
      {base + "example/example-directed.e", 10, 17},
      {base + "example/example-undirected.e", 9, 24, {.undirected = true}},
      {base + "example/example-directed-input", 10, 17, {.format = vertex}},
      {base + "example/example-undirected-input", 9, 24, {.format = vertex, .undirected = true}},
  };
  for (const auto& e : all) {
    const Graph g = read_graph(kShared + "/" + e.file, e.options);
    EXPECT_EQ(g.node_count(), e.nodes) << e.file;
    EXPECT_EQ(g.edge_count(), e.edges) << e.file;
  }
}

TEST(SharedData, BothLdbcFormsOfTheExamplesAreOneGraph) {
  MONOGRAPH_NEED_SHARED_DATA();
  const std::string base = kShared + "/graphalytics/validation-graphs/example/example-";
  for (const bool undirected : {false, true}) {
    const std::string name = base + (undirected ? "undirected" : "directed");
    const Graph edges = read_graph(name + ".e", {.undirected = undirected});
    const Graph rows = read_graph(name + "-input", {.format = "ldbc-vertex", .undirected = undirected});
    EXPECT_EQ(edges.fingerprint(), rows.fingerprint()) << name;
  }
}

TEST(SharedData, TheProjectsKarateClubIsEverybodys) {
  MONOGRAPH_NEED_SHARED_DATA();
  EXPECT_EQ(read_graph("gen:karate").fingerprint(), read_graph(kShared + "/small/karate.mtx").fingerprint());
}

}  // namespace
}  // namespace monograph::test
