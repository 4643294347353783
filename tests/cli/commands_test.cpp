// list, explain, info, convert, generate, completion, version; Ctrl-C and the progress bar.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <optional>

#include "cli/program.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

Json json_of(const Arguments& arguments) {
  const Outcome outcome = monograph(arguments);
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  return Json::parse(outcome.out, nullptr, false);
}

std::vector<std::string> names_in(const Json& list) {
  std::vector<std::string> names;
  for (const Json& entry : list) {
    names.push_back(entry["name"]);
    EXPECT_NE(entry["doc"], "") << entry;
  }
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Another value of a variable of the environment, for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const char* value) : name_(name) {
    if (const char* old = std::getenv(name)) old_ = old;
    setenv(name, value, 1);
  }
  ~Variable() { old_ ? setenv(name_, old_->c_str(), 1) : unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
  std::optional<std::string> old_;
};

TEST(Backends, SimtWithoutACompilerIsNotThereAndNothingElseRuns) {
  const Variable path("PATH", "/nowhere"), cxx("CXX", "no-such-compiler");
  const Outcome outcome = monograph({"run", "degree", "--graph", "gen:karate", "--backend", "simt"});
  EXPECT_EQ(outcome.code, 4);
  EXPECT_EQ(outcome.out, "");
  EXPECT_NE(outcome.err.find("backend simt: no C++ compiler"), std::string::npos) << outcome.err;
  EXPECT_NE(monograph({"list", "backends"}).out.find("[not available: no C++ compiler"), std::string::npos);
}

TEST(List, AlgorithmsWithParametersAndOutputs) {
  const Json list = json_of({"list", "algorithms", "--json"});
  const std::vector<std::string> all{"attribute_propagation",
                                     "betweenness",
                                     "bfs",
                                     "cdlp",
                                     "closeness",
                                     "colouring",
                                     "degree",
                                     "eigenvector",
                                     "harmonic",
                                     "hits",
                                     "jaccard",
                                     "k_core",
                                     "katz",
                                     "label_propagation",
                                     "lcc",
                                     "louvain",
                                     "maximal_independent_set",
                                     "message_pass",
                                     "minimum_spanning_forest",
                                     "modularity",
                                     "pagerank",
                                     "personalized_pagerank",
                                     "random_walk",
                                     "scc",
                                     "sssp",
                                     "triangle_count",
                                     "wcc",
                                     "weighted_degree"};
  EXPECT_EQ(names_in(list), all);
  const Json& pagerank =
      list[static_cast<std::size_t>(std::find(all.begin(), all.end(), "pagerank") - all.begin())];
  EXPECT_EQ(pagerank["parameters"][0]["name"], "damping");
  EXPECT_EQ(pagerank["parameters"][0]["default"], 0.85);
  EXPECT_EQ(pagerank["outputs"][0], (Json{{"name", "rank"}, {"type", "f64[V]"}, {"node_ids", false}}));
}

TEST(List, OpsIncludeBuilderForms) {
  const auto names = names_in(json_of({"list", "ops", "--json"}));
  for (const std::string op : {"core.add", "graph.neighbor_agg", "control.while", "control.loop",
                               "control.until_converged", "control.break_if", "control.continue_if"})
    EXPECT_TRUE(contains(names, op)) << op;
}

TEST(List, MarkdownOfAlgorithmsHasAllOfThem) {
  const Outcome outcome = monograph({"list", "algorithms", "--markdown"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  for (const std::string& name : names_in(json_of({"list", "algorithms", "--json"})))
    EXPECT_NE(outcome.out.find("\n## " + name + "\n"), std::string::npos) << name;
  EXPECT_NE(
      outcome.out.find("| `damping` | f64 | `0.85` | 0.0 to 1.0 | probability of following an edge |\n"),
      std::string::npos);
}

TEST(List, MarkdownIsTheReferenceOfOps) {
  const Outcome outcome = monograph({"list", "ops", "--markdown"});
  EXPECT_EQ(outcome.code, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("graph.neighbor_agg"), std::string::npos);
  EXPECT_EQ(monograph({"list", "formats", "--markdown"}).code, 2);
}

TEST(List, TheRest) {
  EXPECT_TRUE(contains(names_in(json_of({"list", "formats", "--json"})), "ldbc-vertex"));
  EXPECT_TRUE(
      contains(names_in(json_of({"list", "generators", "--json"})), "gen:karate[:weights=LOW..HIGH]"));
  EXPECT_TRUE(contains(names_in(json_of({"list", "backends", "--json"})), "reference"));
  EXPECT_TRUE(contains(names_in(json_of({"list", "passes", "--json"})), "dce"));
  EXPECT_TRUE(monograph({"list", "backends"}).out.starts_with("name ")) << "a table";
}

TEST(Explain, ShowsTheProgramBeforeAndAfterEachPass) {
  const Outcome written = monograph({"explain", "wcc", "--level", "0"});
  EXPECT_EQ(written.code, 0) << written.err;
  EXPECT_NE(written.out.find("program \"wcc\" {"), std::string::npos) << written.out;
  EXPECT_EQ(written.out.find("# after"), std::string::npos) << "no pass runs at level 0";
  const Json stages = json_of({"explain", "wcc", "--fast-math", "--json"})["stages"];
  const Json passes = json_of({"list", "passes", "--json"});
  ASSERT_EQ(stages.size(), passes.size() + 2);
  EXPECT_EQ(stages.back()["name"], "plan");
  for (std::size_t i = 0; i < passes.size(); ++i) EXPECT_EQ(stages[i + 1]["name"], passes[i]["name"]);
  EXPECT_EQ(json_of({"explain", "wcc", "--json"})["stages"].size(), stages.size() - 1)
      << "without fast_math unless asked for";
}

TEST(Explain, TakesTheOptionsThatRunTakes) {
  const auto names = [](const Arguments& more) {
    Arguments arguments = {"explain", "pagerank", "--json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::vector<std::string> all;
    const Json explained = json_of(arguments);
    for (const Json& stage : explained["stages"]) all.push_back(stage["name"]);
    return all;
  };
  EXPECT_TRUE(contains(names({}), "fuse"));
  EXPECT_FALSE(contains(names({"--disable", "fuse"}), "fuse"));
  EXPECT_TRUE(contains(names({"--disable", "fuse"}), "licm"));
  EXPECT_FALSE(contains(names({"--level", "1"}), "licm"));
  EXPECT_GE(names({"--fast-math"}).size(), names({}).size());
  for (const char* command : {"explain", "compile"}) {
    Arguments arguments = {command, "pagerank", "--disable", "expand"};
    if (command == std::string("compile")) arguments.insert(arguments.end(), {"-o", "/dev/null"});
    const Outcome outcome = monograph(arguments);
    EXPECT_EQ(outcome.code, 2) << outcome.err;
    EXPECT_NE(outcome.err.find("pass expand cannot be left out"), std::string::npos) << outcome.err;
  }
}

TEST(Explain, ShowsTheCudaGraphOfAnyProgramWithoutADevice) {
  for (const auto& a : json_of({"list", "algorithms", "--json"})) {
    const Outcome graph = monograph({"explain", a["name"], "--cuda"});
    EXPECT_EQ(graph.code, 0) << graph.err;
    EXPECT_NE(graph.out.find("as one launch"), std::string::npos) << graph.out;
    EXPECT_NE(graph.out.find("n0  parameters in, "), std::string::npos) << graph.out;
  }
  const auto count = [](const std::string& text, const std::string& word) {
    std::size_t n = 0;
    for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) ++n;
    return n;
  };
  const std::string once = monograph({"explain", "cdlp", "--cuda"}).out;
  const std::string twice = monograph({"explain", "cdlp", "--cuda", "--cuda-unroll", "2"}).out;
  EXPECT_EQ(count(once, "mg_control_next"), 1u) << once;
  EXPECT_EQ(count(twice, "mg_control_next"), 2u) << twice;
  EXPECT_TRUE(monograph({"explain", "cdlp", "--cuda-dot"}).out.starts_with("digraph \"cdlp\" {"));
}

TEST(Info, CountsLoopsMultiEdgesAndIsolatedNodes) {
  const Folder folder;
  const std::string graph = folder.file("g.e", "1 2\n1 2\n2 1\n3 3\n3 3\n");
  folder.file("g.v", "1\n2\n3\n9\n");
  const Json directed = json_of({"info", "--graph", graph, "--json"});
  EXPECT_EQ(directed["nodes"], 4);
  EXPECT_EQ(directed["edges"], 5);
  EXPECT_EQ(directed["self_loops"], 2);
  EXPECT_EQ(directed["multi_edges"], 2);
  EXPECT_EQ(directed["isolated"], 1);
  EXPECT_EQ(directed["out_degree"], (Json{{"min", 0}, {"mean", 1.25}, {"max", 2}}));
  EXPECT_EQ(directed["first_id"], 1);
  EXPECT_EQ(directed["last_id"], 9);
  const Json undirected = json_of({"info", "--graph", graph, "--undirected", "--json"});
  EXPECT_EQ(undirected["edges"], 5);
  EXPECT_EQ(undirected["multi_edges"], 3);  // three edges between 1 and 2, two loops at 3
  EXPECT_NE(undirected["fingerprint"], directed["fingerprint"]);
  const Json simple =
      json_of({"info", "--graph", graph, "--multi-edges", "drop", "--self-loops", "drop", "--json"});
  EXPECT_EQ(simple["edges"], 2);
  EXPECT_NE(monograph({"info", "--graph", graph}).out.find("self loops       2\n"), std::string::npos);
}

TEST(Info, EmptyGraph) {
  const Folder folder;
  const Json info = json_of({"info", "--graph", folder.file("g.el", ""), "--json"});
  EXPECT_EQ(info["nodes"], 0);
  EXPECT_EQ(info["first_id"], nullptr);
}

TEST(Convert, KeepsTheGraph) {
  const Folder folder;
  const auto fingerprint = [](const std::string& graph) {
    return json_of({"info", "--graph", graph, "--json"})["fingerprint"];
  };
  ASSERT_EQ(monograph({"generate", "gen:rmat:6:4", "-o", folder.path("a.e")}).code, 0);
  for (const std::string name : {"b.e", "c.e.gz"}) {
    const Outcome outcome = monograph({"convert", folder.path("a.e"), folder.path(name)});
    EXPECT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_NE(outcome.err.find("64 nodes, 256 edges"), std::string::npos) << outcome.err;
    EXPECT_EQ(fingerprint(folder.path(name)), fingerprint("gen:rmat:6:4")) << name;
  }
}

TEST(Convert, SaysWhatTheFileDoesNotHave) {
  const Folder folder;
  const std::string source = folder.file("g.v", "3\n7\n9\n");
  folder.file("g.e", "3 7\n");
  const auto warnings = [&](const Arguments& arguments) {
    std::vector<std::string> lines = lines_of(monograph(arguments).err);
    lines.pop_back();
    return lines;
  };
  const std::string el = folder.path("g.el"), mtx = folder.path("g.mtx"), e = folder.path("h.e");
  EXPECT_EQ(warnings({"convert", "--undirected", source, el}),
            (std::vector<std::string>{
                "monograph: warning: " + el + " does not have 1 node without edges",
                "monograph: warning: " + el +
                    " does not have that the graph is undirected (it lists each edge once)"}));
  EXPECT_EQ(warnings({"convert", source, mtx}),
            std::vector<std::string>{"monograph: warning: " + mtx +
                                     " does not have the ids of nodes (they are numbered "
                                     "from 1 in the order of their ids)"});
  EXPECT_TRUE(warnings({"convert", source, e}).empty());
  EXPECT_TRUE(warnings({"generate", "gen:grid:3:3", "-o", mtx}).empty());
}

TEST(Convert, AnErrorLeavesTheTargetAsItWas) {
  const Folder folder;
  const std::string bad = folder.file("bad.el", "1 2\n1 x\n"), target = folder.file("t.mtx", "precious");
  EXPECT_EQ(monograph({"convert", bad, target}).code, 3);
  EXPECT_EQ(read_file(target), "precious");
  EXPECT_EQ(folder.names(), (std::vector<std::string>{"bad.el", "t.mtx"}));
}

TEST(Completion, KnowsEveryCommandAndOption) {
  const Folder folder;
  const Outcome script = monograph({"completion", "bash"});
  EXPECT_EQ(script.code, 0) << script.err;
  const std::string probe =
      script.out + "COMP_WORDS=(monograph run pa); COMP_CWORD=2; _monograph\n" +
      "echo \"${COMPREPLY[@]}\"\nCOMP_WORDS=(monograph val); COMP_CWORD=1; _monograph\n" +
      "echo \"${COMPREPLY[@]}\"\n";
  const std::string command =
      "bash " + folder.file("probe", probe) + " > " + folder.path("shown") + " 2> " + folder.path("errors");
  EXPECT_EQ(std::system(command.c_str()), 0);
  EXPECT_EQ(read_file(folder.path("shown")), "pagerank\nvalidate\n") << read_file(folder.path("errors"));
  EXPECT_NE(monograph({"completion", "fish"}).out.find("-l undirected"), std::string::npos);
}

TEST(Version, IsOneLine) {
  const Outcome outcome = monograph({"version"});
  EXPECT_EQ(outcome.out.substr(0, 10), "monograph ");
  EXPECT_EQ(monograph({"--version"}).out, outcome.out);
  EXPECT_EQ(json_of({"version", "--json"})["program"], "monograph");
}

const Arguments kEndless = {"run",     "pagerank",    "--graph", "gen:rmat:8:4",
                            "--param", "tolerance=0", "--param", "max_iterations=1000000000"};

TEST(Interrupt, ProgressShowsOnATerminalAndSignalsStopTheRun) {
  for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143)}) {
    const Folder folder;
    Arguments arguments = kEndless;
    arguments.insert(arguments.end(), {"--out", folder.path("r.txt")});
    const Outcome outcome = monograph_on_terminal(arguments, "iterations/s", signal);
    EXPECT_EQ(outcome.code, code) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_GT(outcome.seconds, 1.0) << "the bar comes after a second";
    EXPECT_NE(outcome.err.find("running [>"), std::string::npos) << outcome.err;
    EXPECT_NE(outcome.err.find("\r\x1b[Kmonograph: "), std::string::npos)
        << "the bar goes, the message stays";
    EXPECT_TRUE(folder.names().empty());
  }
}

TEST(Progress, IsNotShownWhereNobodyLooks) {
  const Outcome outcome = monograph({"run", "pagerank", "--graph", "gen:rmat:10:16", "--param", "tolerance=0",
                                     "--param", "max_iterations=5000"});
  EXPECT_EQ(outcome.code, 0);
  EXPECT_EQ(lines_of(outcome.err).size(), 1u) << outcome.err;
  EXPECT_EQ(outcome.err.find('\x1b'), std::string::npos);
}

}  // namespace
}  // namespace monograph::test
