// compare: the same program on several backends.
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "cli/compare_outputs.h"
#include "cli/program.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

TEST(Compare, EveryOutputOfEveryBackend) {
  const Folder folder;
  const std::string program = folder.file("p.json", R"({"monograph": "program", "version": 1, "name": "p",
    "body": [{"id": "n", "op": "core.node_count"}, {"id": "s", "op": "graph.edge_src"},
             {"op": "attr.output", "in": ["n"], "attrs": {"name": "n"}},
             {"op": "attr.output", "in": ["s"], "attrs": {"name": "from"}}]})");
  const Outcome outcome = monograph({"compare", program, "--graph", folder.file("g.el", "5 6\n7 5\n"),
                                     "--backends", "reference,cpu:tiles", "--backends", "cpu"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const std::string agree = ": 1 compared, 0 differ, 0 missing, 0 extra; worst error 0 (exact)",
                    edges = ": 2 compared, 0 differ, 0 missing, 0 extra; worst error 0 (exact)";
  EXPECT_EQ(lines_of(outcome.out),
            (std::vector<std::string>{
                "PASS reference, cpu:tiles: n" + agree, "PASS reference, cpu:tiles: from" + edges,
                "PASS reference, cpu: n" + agree, "PASS reference, cpu: from" + edges}));
}

TEST(Compare, DocumentSaysWhoRan) {
  const Outcome outcome = monograph({"compare", "bfs", "--graph", "gen:grid:3:3", "--param", "source=4",
                                     "--backends", "cpu:tiles,reference", "--match", "epsilon", "--json"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const Json d = Json::parse(outcome.out, nullptr, false);
  ASSERT_TRUE(d.is_object()) << outcome.out;
  EXPECT_EQ(d["ok"], true);
  EXPECT_EQ(d["backends"][0]["tier"], "tiles");
  EXPECT_EQ(d["backends"][1]["backend"], "reference");
  EXPECT_EQ(d["backends"][0]["iterations"], d["backends"][1]["iterations"]);
  ASSERT_EQ(d["courses"].size(), 1u);
  EXPECT_EQ(d["courses"][0]["same"], true);
  ASSERT_EQ(d["comparisons"].size(), 2u) << "levels and parents";
  EXPECT_EQ(d["comparisons"][0]["expected"], "cpu:tiles");
  EXPECT_EQ(d["comparisons"][0]["match"], "epsilon");
  EXPECT_EQ(d["comparisons"][0]["compared"], 9);
}

/// An output with a value per node 10, 11, ...
template <class T>
Output output_of(std::vector<T> values) {
  const Column column = Column::of(std::span<const T>(values));
  return {"x", {column.type(), Domain::Nodes}, false, column};
}

Graph graph_of(std::int64_t nodes) { return Graph::from_edges({.ids = NodeIds::dense(nodes, 10)}); }

TEST(Compare, ExactIsBits) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Graph graph = graph_of(4);
  const Comparison c = cli::compare_outputs(graph, output_of<double>({0.0, 1, nan, 4}),
                                            output_of<double>({-0.0, 1, -nan, 5}), Match::Exact, 0);
  EXPECT_FALSE(c.ok());
  EXPECT_EQ(c.compared, 4);
  EXPECT_EQ(c.mismatched, 2) << "zeros have signs, NaN is NaN";
  EXPECT_EQ(c.worst_error, 0.25);
  ASSERT_EQ(c.first.size(), 2u);
  EXPECT_EQ(c.first[0].id, "10");
  EXPECT_EQ(c.first[1].id, "13");
  EXPECT_EQ(c.first[1].expected, "4");
  EXPECT_EQ(c.first[1].actual, "5");
}

TEST(Compare, OtherMatchesAreThoseOfValidate) {
  const Graph graph = graph_of(3);
  const Output a = output_of<std::int64_t>({7, 7, 1}), renamed = output_of<std::int64_t>({3, 3, 9}),
               split = output_of<std::int64_t>({3, 4, 9});
  EXPECT_FALSE(cli::compare_outputs(graph, a, renamed, Match::Exact, 0).ok());
  EXPECT_TRUE(cli::compare_outputs(graph, a, renamed, Match::Equivalence, 0).ok());
  EXPECT_FALSE(cli::compare_outputs(graph, a, split, Match::Equivalence, 0).ok());
  const Output b = output_of<double>({1, 2, 3}), near = output_of<double>({1, 2.1, 3});
  EXPECT_TRUE(cli::compare_outputs(graph, b, near, Match::Epsilon, 0.1).ok());
  EXPECT_FALSE(cli::compare_outputs(graph, b, near, Match::Epsilon, 0.01).ok());
}

TEST(Compare, CoursesDifferInIterationsOrInTheirEnd) {
  Result a;
  a.iterations = 1;
  EXPECT_EQ(cli::course(a), "1 iteration, converged");
  Result b = a;
  b.iterations = 2;
  Result c = a;
  c.converged = false;
  EXPECT_NE(cli::course(a), cli::course(b));
  EXPECT_NE(cli::course(a), cli::course(c));
}

}  // namespace
}  // namespace monograph::test
