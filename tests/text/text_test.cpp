// Files of cases: input and expectation side by side, one test per file.
//
//   ==== action: what the case shows
//   input
//   ----
//   expectation: the result, or the message of the error
//
// MONOGRAPH_BLESS=1 rewrites the expectations with what the code gives now; read the difference before
// committing it.
#include <gtest/gtest.h>
#include <monograph/error.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "host/ir/builder.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"

namespace {

namespace fs = std::filesystem;
using namespace monograph;

/// The written forms must all come back to the same program; then the program as text.
std::string checked_print(const ir::Program& p) {
  const std::string text = ir::print(p, true);
  EXPECT_EQ(ir::parse(text), p);
  EXPECT_EQ(ir::print(ir::parse(text), true), text);
  EXPECT_EQ(ir::from_json(ir::to_json(p)), p);
  EXPECT_EQ(ir::print(ir::from_json(ir::to_json(p)), true), text);
  return text;
}

std::string parse_action(const std::string& input) { return checked_print(ir::parse(input, "case")); }
std::string json_action(const std::string& input) { return checked_print(ir::from_json(input, "case")); }
std::string to_json_action(const std::string& input) { return ir::to_json(ir::parse(input, "case")); }
std::string rewrite_action(const std::string& input) {
  const ir::Program once = ir::replay(ir::parse(input, "case"), ir::kRewrite);
  EXPECT_EQ(ir::replay(once, ir::kRewrite), once) << "rewriting twice is rewriting once";
  return checked_print(once);
}
std::string pass_action(std::string_view name, const std::string& input) {
  for (const passes::PassInfo& pass : passes::pass_table()) {
    if (pass.name != name) continue;
    const ir::Program once = pass.run(ir::parse(input, "case"));
    EXPECT_EQ(pass.run(once), once) << "running a pass twice is running it once";
    return checked_print(once);
  }
  return "no pass of this name\n";
}
std::string parameters_action(const std::string& input) {
  std::string out;
  for (const ir::ParameterDecl& d : ir::parameters(ir::parse(input, "case"))) {
    out += d.name + " = " + to_string(d.fallback);
    for (const Constant& c : d.minimum) out += ", at least " + to_string(c);
    for (const Constant& c : d.maximum) out += ", at most " + to_string(c);
    out += std::string(d.role == ops::Role::Node ? ", a node" : "") + " (" + d.doc + ")\n";
  }
  return out;
}

using Action = std::string (*)(const std::string&);
const std::map<std::string, Action>& actions() {
  static const std::map<std::string, Action> all = {{"parse", parse_action},
                                                    {"json", json_action},
                                                    {"to_json", to_json_action},
                                                    {"rewrite", rewrite_action},
                                                    {"parameters", parameters_action}};
  return all;
}

struct Case {
  std::string action, title, input, expected;
};
struct CaseFile {
  std::string head;  ///< comments before the first case
  std::vector<Case> cases;
};

CaseFile read_cases(const fs::path& path) {
  CaseFile file;
  std::ifstream in(path);
  std::string* section = &file.head;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("==== ")) {
      const std::size_t colon = std::min(line.find(':'), line.size());
      file.cases.push_back({line.substr(5, colon - 5), line.substr(colon), {}, {}});
      section = &file.cases.back().input;
    } else if (line == "----" && !file.cases.empty()) {
      section = &file.cases.back().expected;
    } else {
      *section += line + "\n";
    }
  }
  return file;
}

void write_cases(const fs::path& path, const CaseFile& file) {
  std::ofstream out(path);
  out << file.head;
  for (const Case& c : file.cases)
    out << "==== " << c.action << c.title << "\n" << c.input << "----\n" << c.expected;
}

std::string outcome(const Case& c) {
  const auto action = actions().find(c.action);
  const bool pass = c.action.starts_with("pass ");
  if (!pass && action == actions().end()) return "no action of this name\n";
  try {
    if (pass) return pass_action(std::string_view(c.action).substr(5), c.input);
    return action->second(c.input);
  } catch (const CompileError& e) {
    return std::string(e.what()) + "\n";
  }
}

class TextCases : public testing::TestWithParam<fs::path> {};

TEST_P(TextCases, GiveWhatTheFileExpects) {
  CaseFile file = read_cases(GetParam());
  ASSERT_FALSE(file.cases.empty());
  const bool bless = std::getenv("MONOGRAPH_BLESS") != nullptr;
  for (Case& c : file.cases) {
    SCOPED_TRACE(c.action + c.title);
    const std::string got = outcome(c);
    if (bless)
      c.expected = got;
    else
      EXPECT_EQ(got, c.expected);
  }
  if (bless) write_cases(GetParam(), file);
}

std::vector<fs::path> case_files() {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(MONOGRAPH_SOURCE_DIR) / "tests" / "text"))
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  return files;
}

std::string test_name(const testing::TestParamInfo<fs::path>& info) {
  std::string name = info.param.stem().string();
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return !std::isalnum(c); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Files, TextCases, testing::ValuesIn(case_files()), test_name);

}  // namespace
