// profile: the steps of a plan, with what each takes and moves.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

Json profile_of(Arguments arguments) {
  arguments.insert(arguments.begin(), "profile");
  arguments.insert(arguments.end(), {"--runs", "2", "--json"});
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return Json::parse(outcome.out, nullptr, false);
}

TEST(Profile, StepsCallsAndShares) {
  const Json d = profile_of(
      {"pagerank", "--graph", "gen:rmat:10:8", "--param", "max_iterations=7", "--param", "tolerance=0"});
  double ms = 0, share = 0, loop = 0, body = 0;
  std::int64_t walking = 0, loops = 0;
  for (const Json& s : d["steps"]) {
    if (s["kind"] == "loop") {
      ++loops;
      loop = s["ms"];
      EXPECT_EQ(s["calls"], 1);
    } else if (s["block"] != 0) {
      EXPECT_EQ(s["calls"], 7) << s;
    }
    EXPECT_GE(s["ms"], 0) << s;
    if (s["block"] != 0) body += s["ms"].get<double>();
    if (!s["once"]) ms += s["ms"].get<double>(), share += s["share"].get<double>();
    if (s["block"] != 0 && s["gathers"] > 0) {
      ++walking;
      EXPECT_EQ(s["gathers"], d["graph"]["stored_edges"]) << "one element for each edge";
    }
    EXPECT_FALSE(s["ops"].empty()) << s;
  }
  EXPECT_EQ(loops, 1);
  EXPECT_LT(loop, body) << "without what is inside";
  EXPECT_EQ(walking, 1);
  EXPECT_NEAR(ms, d["total_ms"].get<double>(), 1e-9);
  EXPECT_NEAR(share, 1, 1e-9);
}

TEST(Profile, CountsWhatAStepMoves) {
  const Folder folder;
  const std::string json = folder.file("p.json", R"({"monograph": "program", "version": 1, "name": "p",
    "body": [{"id": "x", "op": "attr.load_node", "attrs": {"name": "x", "type": "f64", "default": 2.0}},
             {"id": "s", "op": "graph.neighbor_agg", "in": ["x"], "attrs": {"agg": "sum"}},
             {"op": "attr.output", "in": ["s"], "attrs": {"name": "s"}}]})");
  const Json d = profile_of({json, "--graph", folder.file("g.el", "0 1\n0 2\n1 2\n2 0\n2 1\n")});
  Json group;
  for (const Json& s : d["steps"])
    if (s["kind"] == "group") group = s;
  ASSERT_TRUE(group.is_object()) << d;
  EXPECT_EQ(group["gathers"], 5);
  EXPECT_EQ(group["bytes_read"], 3 * 8 + 5 * (4 + 8))
      << "offsets; of each edge its neighbour and what is gathered";
  EXPECT_EQ(group["bytes_written"], 3 * 8);
}

TEST(Profile, ShowsATable) {
  const Outcome outcome = monograph({"profile", "bfs", "--graph", "gen:grid:4:4", "--runs", "1"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_TRUE(lines_of(outcome.out)[0].starts_with("step  kind")) << outcome.out;
  EXPECT_NE(outcome.out.find("loop"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find(" @ bfs.cpp:"), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.err.find("median of 1"), std::string::npos) << outcome.err;
  EXPECT_EQ(monograph({"profile", "bfs", "--graph", "gen:karate", "--runs", "0"}).code, 2);
  EXPECT_EQ(monograph({"profile", "sssp", "--graph", "gen:karate"}).code, 3) << "no weights";
}

TEST(Profile, OfADeviceNeedsOne) {
  EXPECT_EQ(monograph({"profile", "bfs", "--graph", "gen:karate", "--stamps"}).code, 2) << "cpu has none";
  EXPECT_EQ(monograph({"profile", "bfs", "--graph", "gen:karate", "--backend", "simt"}).code, 2);
  const Outcome outcome =
      monograph({"profile", "bfs", "--graph", "gen:karate", "--backend", "cuda:77", "--runs", "1"});
  EXPECT_EQ(outcome.code, 4) << outcome.err;
  EXPECT_NE(outcome.err.find("backend cuda:77: "), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace monograph::test
