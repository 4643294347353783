// The validation graphs of LDBC Graphalytics through `monograph validate`: every algorithm that there is,
// every file.
#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "cli/program.h"

namespace monograph::test {
namespace {

struct Case {
  std::string kernel;     ///< LDBC's name: "pr"
  std::string algorithm;  ///< ours: "pagerank"
  bool example;           ///< the example graphs; else the test graphs of that kernel
  bool directed;
};

std::string direction(const Case& c) { return c.directed ? "directed" : "undirected"; }

void PrintTo(const Case& c, std::ostream* os) {
  *os << c.kernel << (c.example ? " example " : " test ") << direction(c);
}

std::vector<Case> all_cases() {
  std::vector<Case> cases;
  const std::map<std::string, std::string> algorithms = {
      {"bfs", "bfs"}, {"cdlp", "cdlp"}, {"lcc", "lcc"}, {"pr", "pagerank"}, {"sssp", "sssp"}, {"wcc", "wcc"}};
  for (const auto& [kernel, algorithm] : algorithms)
    for (bool example : {false, true})
      for (bool directed : {false, true}) cases.push_back({kernel, algorithm, example, directed});
  return cases;
}

/// The table of docs/cli.md: LDBC's properties of one kernel as our parameters.
Arguments parameters_of(const Case& c) {
  static const std::map<std::string, std::string> kNames = {{"source-vertex", "source"},
                                                            {"max-iterations", "max_iterations"},
                                                            {"num-iterations", "max_iterations"},
                                                            {"damping-factor", "damping"}};
  const std::string graph = (c.example ? "example-" : "test-" + c.kernel + "-") + direction(c);
  std::ifstream file(shared_data() / "graphalytics/config" / (graph + ".properties"));
  EXPECT_TRUE(file) << graph;
  const std::string prefix = "graph." + graph + "." + c.kernel + ".";
  Arguments parameters;
  for (std::string line; std::getline(file, line);) {
    const std::size_t equals = line.find(" = ");
    if (!line.starts_with(prefix) || equals == std::string::npos) continue;
    const auto name = kNames.find(line.substr(prefix.size(), equals - prefix.size()));
    if (name == kNames.end()) continue;
    parameters.insert(parameters.end(), {"--param", name->second + "=" + line.substr(equals + 3)});
  }
  // LDBC runs a fixed number of iterations.
  if (c.kernel == "pr") parameters.insert(parameters.end(), {"--param", "tolerance=0"});
  return parameters;
}

std::string upper(std::string text) {
  for (char& ch : text) ch = static_cast<char>(std::toupper(static_cast<unsigned char>(ch)));
  return text;
}

class Ldbc : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override {
    if (shared_data().empty()) GTEST_SKIP() << "no test data in " MONOGRAPH_SHARED_DATA;
  }
  /// The inputs that there are for a case: as .v and .e, and vertex-based.
  std::vector<Arguments> inputs() const {
    const Case& c = GetParam();
    const auto folder = shared_data() / "graphalytics/validation-graphs" / (c.example ? "example" : c.kernel);
    const std::string stem =
        c.example ? "example-" + direction(c) : std::string(c.directed ? "dir" : "undir");
    std::vector<Arguments> found;
    for (const std::string& name : {stem + ".e", stem + "-input.e"})
      if (std::filesystem::exists(folder / name)) found.push_back({(folder / name).string()});
    // The vertex-based form has no weights.
    if (c.kernel != "sssp")
      found.push_back({(folder / (stem + "-input")).string(), "--format", "ldbc-vertex"});
    return found;
  }
  std::string expected() const {
    const Case& c = GetParam();
    const auto graphs = shared_data() / "graphalytics/validation-graphs";
    if (c.example) return (graphs / "example" / ("example-" + direction(c) + "-" + upper(c.kernel))).string();
    return (graphs / c.kernel / (c.directed ? "dir-output" : "undir-output")).string();
  }
  Outcome run(const std::string& command, const Arguments& input, const Arguments& more) const {
    Arguments arguments = {command, GetParam().algorithm, "--graph"};
    arguments.insert(arguments.end(), input.begin(), input.end());
    arguments.push_back(GetParam().directed ? "--directed" : "--undirected");
    const Arguments parameters = parameters_of(GetParam());
    arguments.insert(arguments.end(), parameters.begin(), parameters.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return monograph(arguments);
  }
};

TEST_P(Ldbc, ValidatesEveryInput) {
  ASSERT_FALSE(inputs().empty());
  for (const Arguments& input : inputs()) {
    const Outcome outcome = run("validate", input, {"--expected", expected()});
    EXPECT_EQ(outcome.code, 0) << input[0] << '\n' << outcome.out << outcome.err;
    const auto lines = lines_of(outcome.out);
    ASSERT_EQ(lines.size(), 1u) << outcome.out;
    EXPECT_TRUE(lines[0].starts_with("PASS " + GetParam().algorithm)) << lines[0];
    const std::size_t nodes = lines_of(read_file(expected())).size();
    EXPECT_NE(lines[0].find(" " + std::to_string(nodes) + " compared"), std::string::npos) << lines[0];
  }
}

// What `run --out` writes is what `validate` compares: the same ids in the same number of lines.
TEST_P(Ldbc, WritesALinePerNode) {
  const Folder folder;
  const std::string file = folder.path("result.txt");
  for (const Arguments& input : inputs()) {
    const Outcome outcome = run("run", input, {"--backend", "reference", "--out", file});
    ASSERT_EQ(outcome.code, 0) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    const auto written = lines_of(read_file(file)), wanted = lines_of(read_file(expected()));
    ASSERT_EQ(written.size(), wanted.size());
    for (std::size_t i = 0; i < written.size(); ++i)
      EXPECT_EQ(written[i].substr(0, written[i].find(' ')), wanted[i].substr(0, wanted[i].find(' ')));
    const bool exact = GetParam().kernel == "bfs" || GetParam().kernel == "cdlp";
    if (exact) {
      EXPECT_EQ(written, wanted);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Graphalytics, Ldbc, ::testing::ValuesIn(all_cases()), [](const auto& info) {
  return info.param.kernel + (info.param.example ? "_example_" : "_test_") + direction(info.param);
});

TEST(LdbcFailure, AWrongResultFails) {
  if (shared_data().empty()) GTEST_SKIP() << "no test data in " MONOGRAPH_SHARED_DATA;
  const auto folder = shared_data() / "graphalytics/validation-graphs/bfs";
  const Outcome outcome =
      monograph({"validate", "bfs", "--graph", (folder / "dir-input").string(), "--format", "ldbc-vertex",
                 "--param", "source=2", "--expected", (folder / "dir-output").string()});
  EXPECT_EQ(outcome.code, 1) << outcome.err;
  EXPECT_TRUE(outcome.out.starts_with("FAIL bfs: ")) << outcome.out;
  EXPECT_EQ(lines_of(outcome.out).size(), 1u);
  EXPECT_NE(outcome.err.find("node 1: expected 0, got "), std::string::npos) << outcome.err;
}

}  // namespace
}  // namespace monograph::test
