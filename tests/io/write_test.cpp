// Writers: round trips, number text, whole files or none. Generators. Comparison.
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <iostream>
#include <limits>

#include "support.h"

namespace monograph::test {
namespace {

Graph small(bool undirected, bool weighted) {
  EdgeList list;
  list.source = {0, 2, 2, 3, 0};
  list.target = {2, 0, 3, 3, 2};
  list.ids = NodeIds::sparse({2, 30, 400, 5000000000});
  if (weighted) list.attributes = {{"weight", Column::of<double>(std::vector{0.1, 2., 1e-300, 3., 1e22})}};
  list.undirected = undirected;
  return Graph::from_edges(std::move(list));
}

TEST(WriteGraph, EveryFormatReadsBackWhatWasWritten) {
  const Directory d;
  for (const bool undirected : {false, true})
    for (const bool weighted : {false, true})
      for (const std::string name :
           {"g.el", "g.wel", "g.csv", "g.tsv", "g.e", "g.mtx", "g.csv.gz", "g.e.gz"}) {
        SCOPED_TRACE(name + (undirected ? " undirected" : " directed") + (weighted ? " weighted" : ""));
        if (!weighted && name == "g.wel") continue;
        const Graph g = small(undirected, weighted);
        write_graph(g, d / name);
        ReadOptions options;
        if (name != "g.mtx") options.undirected = undirected;
        std::string expected = describe(g);
        if (name == "g.el") expected = describe(small(undirected, false));
        const Graph back = read_graph(d / name, options);
        if (name == "g.mtx") {
          EXPECT_TRUE(std::ranges::equal(back.out().neighbors, g.out().neighbors));
          EXPECT_TRUE(std::ranges::equal(back.out().offsets, g.out().offsets));
          EXPECT_EQ(back.undirected(), undirected);
          const auto *read = back.edge_attribute("weight"), *written = g.edge_attribute("weight");
          EXPECT_TRUE(!weighted || std::ranges::equal(read->span<double>(), written->span<double>()));
          continue;
        }
        if (!name.starts_with("g.e") || name == "g.el")
          expected = expected.substr(0, expected.find(';'));  // keeps no lonely node
        EXPECT_EQ(describe(back), expected);
      }
  EXPECT_TRUE(contents(d / "g.csv.gz").starts_with("\x1f\x8b"));
}

TEST(WriteGraph, LossesAreNamed) {
  const std::string lonely = "1 node without edges",
                    ids = "the ids of nodes (they are numbered from 1 in the order of their ids)",
                    weights = "the weights of edges",
                    direction = "that the graph is undirected (it lists each edge once)";
  using Lost = std::vector<std::string>;
  const Graph directed = small(false, true), undirected = small(true, false);
  EXPECT_EQ(losses(directed, "g.el"), (Lost{lonely, weights}));
  EXPECT_EQ(losses(directed, "g.csv.gz"), Lost{lonely});
  EXPECT_EQ(losses(directed, "g", "wel"), Lost{lonely});
  EXPECT_EQ(losses(directed, "g.mtx"), Lost{ids});
  EXPECT_EQ(losses(directed, "g.e"), Lost{});
  EXPECT_EQ(losses(undirected, "g.tsv"), (Lost{lonely, direction}));
  EXPECT_EQ(losses(undirected, "g.e"), Lost{direction});
  EXPECT_EQ(losses(undirected, "g.mtx"), Lost{ids});
  EXPECT_EQ(losses(read_graph("gen:path:5"), "g.mtx"), Lost{}) << "positions, counted from 0";
  EXPECT_EQ(losses(read_graph("gen:path:5"), "g.el"), Lost{});
  EXPECT_THROW(losses(directed, "g.json"), InputError);
}

TEST(WriteGraph, TextIdsSurviveQuoting) {
  const Directory d;
  EdgeList list;
  const std::vector<std::string> ids = {"", "#", "%x", "//", "a b", "a\"b", "a,b", "tab\there", "z"};
  list.ids = NodeIds::strings(ids);
  for (std::int32_t v = 0; v < static_cast<std::int32_t>(ids.size()); ++v) {
    list.source.push_back(v);
    list.target.push_back(static_cast<std::int32_t>(ids.size()) - 1 - v);
  }
  const Graph g = Graph::from_edges(std::move(list));
  for (const std::string name : {"t.el", "t.csv", "t.tsv", "t.e"}) {
    write_graph(g, d / name);
    EXPECT_EQ(describe(read_graph(d / name, {.ids = Ids::Text})), describe(g)) << name << "\n"
                                                                               << contents(d / name);
  }
}

TEST(WriteGraph, IntegerWeightsStayIntegers) {
  const Directory d;
  EdgeList list;
  list.source = {0};
  list.target = {1};
  list.ids = NodeIds::dense(2, 1);
  list.attributes = {{"weight", Column::of<std::int64_t>(std::vector<std::int64_t>{9007199254740993})}};
  write_graph(Graph::from_edges(list), d / "g.mtx");
  EXPECT_EQ(contents(d / "g.mtx"),
            "%%MatrixMarket matrix coordinate integer general\n2 2 1\n1 2 9007199254740993\n");
  EXPECT_EQ(describe(read_graph(d / "g.mtx")), "1>2#9007199254740993");
}

std::vector<ResultColumn> columns() {
  const double inf = std::numeric_limits<double>::infinity();
  return {{"x", Column::of<double>(std::vector{0.1, inf, -inf, std::nan("")})},
          {"f", Column::of<float>(std::vector{0.1f, 1.f, 1e22f, 0.f})},
          {"n", Column::of<std::int64_t>(
                    std::vector<std::int64_t>{std::numeric_limits<std::int64_t>::max(), -1, 0, 7})},
          {"p", Column::of<std::int32_t>(std::vector{3, -1, 0, 1}), Role::Node}};
}

TEST(WriteResult, EveryFormatToTheByte) {
  const Directory d;
  const auto ids = NodeIds::sparse({1, 3, 50, 70});
  const auto all = columns();
  const auto written = [&](const std::string& name, std::span<const ResultColumn> c) {
    write_result(d / name, ids, c);
    return contents(d / name);
  };
  EXPECT_EQ(written("r.txt", std::span(all).first(1)), "1 0.1\n3 Infinity\n50 -Infinity\n70 NaN\n");
  EXPECT_EQ(written("r", std::span(all).subspan(2, 1)), "1 9223372036854775807\n3 -1\n50 0\n70 7\n");
  EXPECT_EQ(written("r.csv", all),
            "id,x,f,n,p\n1,0.1,0.1,9223372036854775807,70\n3,Infinity,1,-1,-1\n50,-Infinity,1e+22,0,1\n70,"
            "NaN,0,7,3\n");
  EXPECT_EQ(written("r.tsv", std::span(all).last(1)), "id\tp\n1\t70\n3\t-1\n50\t1\n70\t3\n");
  EXPECT_EQ(written("r.json", std::span(all).first(2)),
            "[\n{\"id\":1,\"x\":0.1,\"f\":0.1},\n{\"id\":3,\"x\":\"Infinity\",\"f\":1},\n{\"id\":50,\"x\":\"-"
            "Infinity\",\"f\":1e+22},\n{\"id\":70,\"x\":\"NaN\",\"f\":0}\n]\n");
  const ResultColumn flags{"b \"q\"", Column::of<bool>(std::array{true, false})};
  std::ostringstream stream;
  write_result(stream, NodeIds::strings({"a,b", "q\""}), {&flags, 1}, "csv");
  EXPECT_EQ(stream.str(), "id,\"b \"\"q\"\"\"\n\"a,b\",1\n\"q\"\"\",0\n");
  std::ostringstream json;
  write_result(json, NodeIds::strings({"a\n", "q\""}), {&flags, 1}, "json");
  EXPECT_EQ(json.str(),
            "[\n{\"id\":\"a\\u000a\",\"b \\\"q\\\"\":1},\n{\"id\":\"q\\\"\",\"b \\\"q\\\"\":0}\n]\n");
}

TEST(WriteResult, AnErrorLeavesTheTargetAsItWasAndNothingElse) {
  const Directory d;
  d.write("r.txt", "before\n");
  const auto ids = NodeIds::dense(4);
  const ResultColumn bad{"parent", Column::of<std::int32_t>(std::vector{0, 1, 4, 0}), Role::Node};
  EXPECT_EQ(error_of([&] {
              write_result(d / "r.txt", ids, {&bad, 1});
            }),
            "result column 'parent' of node 2: expected a node index or -1, found 4");
  EXPECT_EQ(error_of([&] {
              write_result(d / "new.txt", ids, {&bad, 1});
            }),
            "result column 'parent' of node 2: expected a node index or -1, found 4");
  const ResultColumn shorter{"x", Column(ScalarType::F64, 3)};
  EXPECT_EQ(error_of([&] {
              write_result(d / "r.txt", ids, {&shorter, 1});
            }),
            "result column 'x' has 3 values, but there are 4 nodes");
  EXPECT_EQ(contents(d / "r.txt"), "before\n");
  EXPECT_EQ(d.files(), 1u);
  EXPECT_EQ(error_of([&] { write_graph(small(false, false), d / "no/dir.el"); }, d / ""),
            "no/dir.el: cannot write: No such file or directory (does its directory exist?)");
  EXPECT_EQ(error_of([&] { write_graph(small(false, false), d / "g.wel"); }, d / ""),
            "g.wel: expected a graph with the edge attribute 'weight', found one without (use .el)");
  EXPECT_EQ(error_of([&] { write_graph(small(false, false), d / "g.foo"); }, d / ""),
            "g.foo: expected an extension that names a format, found \".foo\" (name the format: " +
                names_of(&FormatInfo::writes_graph) + ")");
  EXPECT_EQ(d.files(), 1u);
  const ResultColumn fine{"x", Column(ScalarType::F64, 4)};
  EXPECT_EQ(error_of([&] {
              write_result("/dev/full", ids, {&fine, 1});
            }),
            "/dev/full: cannot write: No space left on device");
}

TEST(WriteGraph, OfAPairOfFilesNoneIsNewWhenOneCannotBeWritten) {
  for (const auto& [full, other] : {std::pair("g.v", "g.e"), std::pair("g.e", "g.v")}) {
    const Directory d;
    d.write(other, "before\n");
    std::filesystem::create_symlink("/dev/full", d / full);
    EXPECT_EQ(error_of([&] { write_graph(small(false, false), d / "g.e"); }, d / ""),
              std::string(full) + ": cannot write: No space left on device");
    EXPECT_EQ(contents(d / other), "before\n");
    EXPECT_EQ(d.files(), 2u);
  }
}

TEST(WriteResult, KeepsLinksAndPermissions) {
  const Directory d;
  const auto real = d.write("real.txt", "old");
  std::filesystem::create_symlink("real.txt", d / "link.txt");
  ::chmod(real.c_str(), 0600);
  const ResultColumn x{"x", Column(ScalarType::I64, 1)};
  write_result(d / "link.txt", NodeIds::dense(1), {&x, 1});
  EXPECT_TRUE(std::filesystem::is_symlink(d / "link.txt"));
  EXPECT_EQ(contents(real), "0 0\n");
  EXPECT_EQ(std::filesystem::status(real).permissions(), std::filesystem::perms(0600));
}

TEST(Formats, TheTableSaysWhatTheFormatsDo) {
  for (const auto& f : formats()) {
    EXPECT_FALSE(f.doc.empty()) << f.name;
    EXPECT_TRUE(f.reads_graph || f.writes_graph || f.writes_result) << f.name;
  }
  EXPECT_EQ(
      error_of([] { write_result(std::cout, NodeIds::dense(0), {}, "el"); }),
      "usage: format 'el' does not write results (these do: " + names_of(&FormatInfo::writes_result) + ")");
}

TEST(Generate, EveryRule) {
  const ReadOptions undirected{.undirected = true};
  EXPECT_EQ(describe(read_graph("gen:path:4")), "0>1 1>2 2>3");
  EXPECT_EQ(describe(read_graph("gen:path:3", undirected)), "0>1 1>0 1>2 2>1");
  EXPECT_EQ(describe(read_graph("gen:path:1")), "; 0");
  EXPECT_EQ(describe(read_graph("gen:path:0")), "");
  EXPECT_EQ(describe(read_graph("gen:star:4")), "0>1 0>2 0>3");
  EXPECT_EQ(describe(read_graph("gen:grid:2:3")), "0>1 0>3 1>2 1>4 2>5 3>4 4>5");
  EXPECT_EQ(describe(read_graph("gen:complete:3")), "0>1 0>2 1>0 1>2 2>0 2>1");
  EXPECT_EQ(
      read_graph("gen:complete:3").fingerprint() == read_graph("gen:complete:3", undirected).fingerprint(),
      false);
  EXPECT_EQ(describe(read_graph("gen:complete:3", undirected)), describe(read_graph("gen:complete:3")));
  const Graph karate = read_graph("gen:karate"), both = read_graph("gen:karate", {.undirected = false});
  EXPECT_TRUE(karate.undirected());
  EXPECT_EQ(karate.node_count(), 34);
  EXPECT_EQ(karate.edge_count(), 156);
  EXPECT_EQ(karate.ids().text(33), "34");
  EXPECT_FALSE(both.undirected());
  EXPECT_EQ(describe(both), describe(karate));
}

TEST(Generate, RandomGraphsAreTheSameOnEveryMachine) {
  const Graph rmat = read_graph("gen:rmat:10:16"), uniform = read_graph("gen:uniform:1000:5000:seed=7");
  EXPECT_EQ(rmat.node_count(), 1024);
  EXPECT_EQ(rmat.edge_count(), 16384);
  // worked out by another program from SplitMix64's definition
  EXPECT_EQ(describe(read_graph("gen:uniform:10:8:seed=7")), "1>4 1>9 3>0 4>2 4>3 8>5 9>5 9>8; 6 7");
  EXPECT_EQ(describe(read_graph("gen:rmat:3:1:seed=3")), "0>1 0>1 0>3 1>2 2>0 4>0 4>2 4>3; 5 6 7");
  EXPECT_NE(read_graph("gen:rmat:10:16:seed=1").fingerprint(), rmat.fingerprint());
  // R-MAT's first quadrant has 57 % of the edges, the last 5 %; its degrees are skewed, uniform ones are not.
  std::int64_t first = 0, last = 0, hub = 0, uniform_hub = 0;
  for (std::int32_t v = 0; v < 1024; ++v) {
    const auto row = rmat.out();
    hub = std::max(hub, row.offsets[v + 1] - row.offsets[v]);
    for (auto k = row.offsets[v]; k < row.offsets[v + 1]; ++k) {
      first += v < 512 && row.neighbors[k] < 512;
      last += v >= 512 && row.neighbors[k] >= 512;
    }
  }
  for (std::int32_t v = 0; v < 1000; ++v)
    uniform_hub = std::max(uniform_hub, uniform.out().offsets[v + 1] - uniform.out().offsets[v]);
  EXPECT_NEAR(static_cast<double>(first) / 16384, .57, .02);
  EXPECT_NEAR(static_cast<double>(last) / 16384, .05, .01);
  EXPECT_GT(hub, 200);
  EXPECT_LT(uniform_hub, 20);
}

TEST(Generate, WeightsAreDrawnForEachEdgeAndLeaveTheTopologyAsItIs) {
  const ReadOptions undirected{.undirected = true};
  // worked out by another program from SplitMix64's definition
  EXPECT_EQ(describe(read_graph("gen:path:4:weights=1..5")), "0>1*4.53324 1>2*2.72611 2>3*1.10574");
  EXPECT_EQ(describe(read_graph("gen:uniform:3:2:weights=-0.5...5:seed=7")), "1>0*-0.0475581 2>1*-0.250568");
  EXPECT_EQ(describe(read_graph("gen:path:3:seed=9:weights=1..5", undirected)),
            "0>1*3.72945 1>0*3.72945 1>2*4.00278 2>1*4.00278");
  for (const std::string name : {"gen:rmat:8:8:seed=5", "gen:karate"}) {
    const Graph plain = read_graph(name, undirected),
                weighted = read_graph(name + ":weights=2..3", undirected);
    EXPECT_EQ(plain.fingerprint(), weighted.fingerprint());
    EXPECT_EQ(plain.edge_attribute("weight"), nullptr);
    const auto w = weighted.edge_attribute("weight")->span<double>();
    EXPECT_TRUE(std::ranges::all_of(w, [](double x) { return x >= 2 && x < 3; }));
    EXPECT_GT(std::ranges::max(w) - std::ranges::min(w), .9);
  }
  // the sum rounds to the upper end for half of the draws, which is still left out
  const Graph narrow = read_graph("gen:path:50:weights=1..1.0000000000000002");
  EXPECT_EQ(std::ranges::max(narrow.edge_attribute("weight")->span<double>()), 1);
}

TEST(Generate, WhatIsWrongWithASpecification) {
  const auto error = [](const std::string& s, const ReadOptions& o = {}) {
    return error_of([&] { read_graph(s, o); });
  };
  EXPECT_EQ(error("gen:rmt:3:4"),
            "usage: gen:rmt:3:4: unknown generator 'rmt' (did you mean 'rmat'?): there are rmat, kron, "
            "uniform, grid, path, star, complete, tree, barabasi-albert, watts-strogatz, karate");
  EXPECT_EQ(error("gen:path"),
            "usage: gen:path: expected 1 numbers, found 0 (gen:path:N[:weights=LOW..HIGH])");
  EXPECT_EQ(error("gen:path:x"),
            "usage: gen:path:x: expected an integer >= 0, found \"x\" (gen:path:N[:weights=LOW..HIGH])");
  EXPECT_EQ(error("gen:path:3:seed=1"),
            "usage: gen:path:3:seed=1: expected weights, which alone the seed is for here, found none "
            "(gen:path:N[:weights=LOW..HIGH])");
  EXPECT_EQ(error("gen:rmat:5:5:seed=-1"),
            "usage: gen:rmat:5:5:seed=-1: expected a seed in 0..2^64-1, found \"-1\" "
            "(gen:rmat:SCALE:DEGREE[:seed=S][:weights=LOW..HIGH])");
  for (const std::string range : {"", "1", "..", "1..", "2..1", "1..1", "0..inf", "nan..1", "-1e308..1e308"})
    EXPECT_EQ(error("gen:path:3:weights=" + range),
              "usage: gen:path:3:weights=" + range +
                  ": expected finite weights LOW..HIGH with LOW < HIGH, found \"" + range +
                  "\" (gen:path:N[:weights=LOW..HIGH])");
  EXPECT_EQ(error("gen:rmat:31:1"), "usage: gen:rmat:31:1: expected SCALE in 0..30, found 31");
  EXPECT_EQ(error("gen:path:3000000000"),
            "usage: gen:path:3000000000: expected at most 2147483647 nodes, found 3000000000");
  EXPECT_EQ(
      error("gen:grid:4000000000:4000000000"),
      "usage: gen:grid:4000000000:4000000000: expected at most 2147483647 nodes, found 9223372036854775807");
  EXPECT_TRUE(
      error("gen:complete:2000000000")
          .starts_with(
              "memory: gen:complete:2000000000: 2000000000 nodes and 4000000000000000000 edges need about "));
  EXPECT_TRUE(error("gen:rmat:30:9000000000").starts_with("memory: "));
  EXPECT_EQ(error("gen:uniform:0:5"), "usage: gen:uniform:0:5: expected nodes for the 5 edges, found N = 0");
  EXPECT_EQ(error("gen:path:3", {.format = "mtx"}),
            "usage: gen:path:3: a generator takes no format, lines to skip, delimiter or kind of ids");
}

// Comparison
// ------------------------------------------------------------------------------------------------------

TEST(Compare, ThePairsOfGraphalytics) {
  MONOGRAPH_NEED_SHARED_DATA();
  for (const auto match : {Match::Exact, Match::Equivalence, Match::Epsilon}) {
    const std::string base = kShared + "/graphalytics/matching/" + std::string(to_string(match));
    const auto expected = read_values(base + "_expected.csv");
    EXPECT_TRUE(compare_values(expected, read_values(base + "_actual1.csv"), match).ok()) << base;
    EXPECT_FALSE(compare_values(expected, read_values(base + "_actual2.csv"), match).ok()) << base;
  }
}

Comparison compare(const std::string& expected, const std::string& actual, Match match) {
  const Directory d;
  return compare_values(read_values(d.write("e", expected)), read_values(d.write("a", actual)), match);
}

TEST(Compare, CountsEachKindOfDifference) {
  const auto c = compare("1 0.5\n2 1\n3 2\n10 4\n", "id,rank\n1,0.50\n2,1.5\n10,5\n11,1\n", Match::Epsilon);
  EXPECT_EQ(c.compared, 3);
  EXPECT_EQ(c.mismatched, 2);
  EXPECT_EQ(c.missing, 1);
  EXPECT_EQ(c.extra, 1);
  EXPECT_EQ(c.worst_error, 0.5);
  ASSERT_EQ(c.first.size(), 4u);
  EXPECT_EQ(c.first[0].id, "10");
  EXPECT_EQ(c.first[0].expected, "4");
  EXPECT_EQ(c.first[0].actual, "5");
}

TEST(Compare, TheRulesOfEachMatch) {
  using enum Match;
  const auto ok = [](const std::string& e, const std::string& a, Match m) {
    return compare("x " + e + "\n", "x " + a + "\n", m).ok();
  };
  EXPECT_TRUE(ok("1", "1.0", Exact));
  EXPECT_FALSE(ok("9223372036854775807", "9223372036854775806", Exact));  // one double
  EXPECT_TRUE(ok("+Infinity", "Infinity", Exact));
  EXPECT_TRUE(ok("red", "red", Exact));
  EXPECT_FALSE(ok("red", "1", Exact));
  EXPECT_TRUE(ok("10000", "10001", Epsilon));
  EXPECT_FALSE(ok("10000", "10001.1", Epsilon));
  EXPECT_TRUE(ok("0", "-0.0", Epsilon));
  EXPECT_FALSE(ok("0", "1e-300", Epsilon));
  EXPECT_FALSE(ok("Infinity", "1e308", Epsilon));
  EXPECT_FALSE(ok("1e308", "Infinity", Epsilon));
  EXPECT_FALSE(ok("Infinity", "-Infinity", Epsilon));
  EXPECT_FALSE(ok("1", "NaN", Epsilon));
  EXPECT_TRUE(ok("NaN", "NaN", Epsilon));
  EXPECT_FALSE(ok("red", "0", Epsilon));
  EXPECT_TRUE(compare("a 1\nb 1\nc 2\n", "a 9\nb 9\nc 1\n", Equivalence).ok());
  EXPECT_FALSE(compare("a 1\nb 1\nc 2\n", "a 9\nb 9\nc 9\n", Equivalence).ok());  // merged
  EXPECT_FALSE(compare("a 1\nb 1\nc 2\n", "a 9\nb 8\nc 1\n", Equivalence).ok());  // split
}

TEST(Compare, AResultAgreesWithItsOwnFile) {
  const Directory d;
  const auto ids = NodeIds::strings({"a b", "c"});
  const ResultColumn parent{"parent", Column::of<std::int32_t>(std::vector{1, 0}), Role::Node};
  for (const std::string name : {"r.txt", "r.csv"}) {
    write_result(d / name, ids, {&parent, 1});
    const auto c = compare_values(read_values(d / name), values_of(ids, parent), Match::Exact);
    EXPECT_TRUE(c.ok()) << name;
    EXPECT_EQ(c.compared, 2);
  }
}

TEST(Compare, ReferenceFilesAreCheckedToo) {
  const Directory d;
  const auto error = [&](const std::string& text) {
    return error_of([&] { read_values(d.write("r", text)); }, d / "");
  };
  EXPECT_EQ(error("1 2\n2 3\n1 4\n"), "r:3:1: expected each id once, found \"1\" again");
  EXPECT_EQ(error("1 2\n2\n"), "r:2:2: expected a value after the id, found the end of the line");
  EXPECT_EQ(error("1 2\n2 3 4\n"), "r:2:1: expected 2 columns (id value), found 3");
  EXPECT_EQ(error_of([&] { read_values(d / "none"); }, d / ""),
            "none: cannot open: No such file or directory (check the path)");
  EXPECT_EQ(
      error_of([] { parse_match("epsilom"); }),
      "usage: unknown match 'epsilom' (did you mean 'epsilon'?): there are exact, equivalence, epsilon");
}

}  // namespace
}  // namespace monograph::test
