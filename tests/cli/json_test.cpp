// `run --json`: one document, as run.schema.json says, with what happened in it.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "cli/program.h"
#include "cli/schema.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

std::string schema_violation(const Json& document) { return violation(document, "run.schema.json"); }

Json run_json(Arguments arguments) {
  arguments.insert(arguments.begin(), "run");
  arguments.push_back("--json");
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  const Json document = Json::parse(outcome.out, nullptr, false);
  EXPECT_FALSE(document.is_discarded()) << outcome.out;
  EXPECT_EQ(schema_violation(document), "") << outcome.out;
  return document;
}

TEST(Json, SchemaCheckerRejects) {
  Json document = run_json({"degree", "--graph", "gen:path:3"});
  for (const char* key : {"backend", "outputs", "timings"}) {
    Json broken = document;
    broken.erase(key);
    EXPECT_NE(schema_violation(broken), "") << key;
  }
  Json broken = document;
  broken["backend"] = "abacus";
  EXPECT_NE(schema_violation(broken), "");
  broken = document;
  broken["outputs"][0]["top"][0]["value"] = nullptr;
  EXPECT_EQ(schema_violation(broken), "/outputs[]/top[]/value: is null");
}

TEST(Json, SaysWhatRan) {
  const Json d = run_json({"pagerank", "--graph", "gen:karate", "--param", "damping=0.5", "--top", "3"});
  EXPECT_EQ(d["program"], "pagerank");
  EXPECT_EQ(d["graph"], (Json{{"nodes", 34}, {"edges", 78}, {"stored_edges", 156}, {"undirected", true}}));
  EXPECT_EQ(d["backend"], "cpu");
  EXPECT_NE(d["backend_reason"], "");
  EXPECT_EQ(d["converged"], true);
  EXPECT_GT(d["iterations"], 1);
  EXPECT_EQ(d["parameters"], (Json{{"damping", 0.5}, {"max_iterations", 100}, {"tolerance", 1e-6}}));
  ASSERT_EQ(d["outputs"].size(), 1u);
  const Json& rank = d["outputs"][0];
  EXPECT_EQ(rank["name"], "rank");
  EXPECT_EQ(rank["type"], "f64[V]");
  EXPECT_EQ(rank["size"], 34);
  ASSERT_EQ(rank["top"].size(), 3u);
  EXPECT_EQ(rank["top"][0]["node"], 34);
  EXPECT_GE(rank["top"][0]["value"], rank["top"][1]["value"]);
}

TEST(Json, SaysHowTheCpuRanIt) {
  const Arguments pagerank = {"pagerank", "--graph", "gen:karate", "--cpu-tier", "tiles", "--cache", "off"};
  const Json d = run_json(pagerank);
  EXPECT_EQ(d["tier"], "tiles");
  EXPECT_EQ(d["tier_reason"], "asked for");
  EXPECT_EQ(d["timings"]["compiler_ms"], 0) << "tiles need no compiler";
  EXPECT_EQ(d["counters"]["csr_builds"], d["csr_builds"]);
  EXPECT_EQ(d["counters"]["plan_cache_hits"], 0);
  EXPECT_GT(d["counters"]["groups"], 0);
  EXPECT_GT(d["counters"]["steps"], d["counters"]["groups"]) << "the loop and the output are no groups";
  const Json reference = run_json({"pagerank", "--graph", "gen:karate", "--backend", "reference"});
  EXPECT_EQ(reference["tier"], "") << "of the cpu backend only";
  EXPECT_EQ(reference["counters"]["groups"], 0);
}

TEST(Json, ReachingTheLimitIsReportedNotAnError) {
  const Json d = run_json({"pagerank", "--graph", "gen:karate", "--param", "max_iterations=4"});
  EXPECT_EQ(d["iterations"], 4);
  EXPECT_EQ(d["converged"], false);
}

TEST(Json, NodeParametersAndIdsAreTheUsers) {
  const Folder folder;
  const std::string graph = folder.file("g.csv", "ann,bob\nbob,cat\n");
  const Json d = run_json({"bfs", "--graph", graph, "--ids", "string", "--param", "source=bob"});
  EXPECT_EQ(d["parameters"]["source"], "bob");
  const Json top = d["outputs"][0]["top"];
  EXPECT_EQ(top, (Json::array({{{"node", "cat"}, {"value", 1}},
                               {{"node", "bob"}, {"value", 0}},
                               {{"node", "ann"}, {"value", std::numeric_limits<std::int64_t>::max()}}})));
}

TEST(Json, UnreachableDistancesAreText) {
  const Folder folder;
  const Json d = run_json({"sssp", "--graph", folder.file("g.wel", "1 2 0.5\n"), "--param", "source=2"});
  EXPECT_EQ(d["outputs"][0]["top"][1], (Json{{"node", 1}, {"value", "Infinity"}}));
}

TEST(Json, ScalarsAndEdgeColumns) {
  const Folder folder;
  const std::string program = folder.file("p.json", R"({"monograph": "program", "version": 1, "name": "p",
    "body": [{"id": "n", "op": "core.node_count"}, {"id": "s", "op": "graph.edge_src"},
             {"op": "attr.output", "in": ["n"], "attrs": {"name": "n"}},
             {"op": "attr.output", "in": ["s"], "attrs": {"name": "from"}}]})");
  const std::string graph = folder.file("g.el", "5 6\n7 5\n");
  const Json d = run_json({program, "--graph", graph});
  EXPECT_EQ(d["outputs"][0]["value"], 3);
  EXPECT_EQ(d["outputs"][1]["top"][0], (Json{{"source", 7}, {"target", 5}, {"value", 2}}));
  EXPECT_EQ(run_json({program, "--graph", graph, "--output", "from"})["outputs"].size(), 1u);
  const Outcome table = monograph({"run", program, "--graph", graph});
  EXPECT_EQ(table.out, "3\n");
  EXPECT_NE(table.err.find("other outputs, shown with --output NAME: from i32[E]"), std::string::npos)
      << table.err;
  EXPECT_EQ(monograph({"run", program, "--graph", graph, "--output", "from"}).out,
            "source  target  from\n7       5          2\n5       6          0\n");
  const Outcome file = monograph({"run", program, "--graph", graph, "--out", folder.path("r.txt")});
  EXPECT_EQ(file.code, 2);
  EXPECT_EQ(
      file.err,
      "monograph: --out writes a value per node, but output \"n\" is i64; use run --json, or --output with "
      "another\n");
}

TEST(Json, DryRunRunsNothing) {
  const Json d = run_json({"pagerank", "--graph", "gen:karate", "--dry-run"});
  EXPECT_EQ(d["dry_run"], true);
  EXPECT_EQ(d["iterations"], nullptr);
  EXPECT_EQ(d["tier"], nullptr);
  EXPECT_EQ(d["counters"], nullptr);
  EXPECT_EQ(d["outputs"], (Json::array({{{"name", "rank"}, {"type", "f64[V]"}, {"node_ids", false}}})));
}

TEST(Json, FileAndDocumentTogether) {
  const Folder folder;
  run_json({"wcc", "--graph", "gen:karate", "--out", folder.path("r.csv")});
  EXPECT_EQ(lines_of(read_file(folder.path("r.csv")))[0], "id,component");
}

}  // namespace
}  // namespace monograph::test
