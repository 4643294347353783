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
#include <monograph/session.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <limits>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "host/codegen/device_loop.h"
#include "host/codegen/device_stage.h"
#include "host/codegen/device_step.h"
#include "host/cuda/graph_text.h"
#include "host/ir/builder.h"
#include "host/ir/program.h"
#include "host/passes/passes.h"
#include "host/passes/rules/rule.h"
#include "host/plan/compile.h"

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
/// Attributes of each type, named x and y (f64), s (f32), i and j (i64), m (i32), p and q (bool), in which
/// values that rules like to get wrong meet each other.
Graph awkward_graph() {
  using Double = std::numeric_limits<double>;
  using Long = std::numeric_limits<std::int64_t>;
  using Int = std::numeric_limits<std::int32_t>;
  const std::vector<double> reals{0.0,
                                  -0.0,
                                  1.0,
                                  -1.5,
                                  3.0,
                                  1e-310,
                                  -7.5,
                                  1e40,
                                  1.7e308,
                                  Double::infinity(),
                                  -Double::infinity(),
                                  Double::quiet_NaN()};
  const std::vector<std::int64_t> longs{0,           1,  -1, 2, -7, 13, 64, Long::min(), Long::min() + 1,
                                        Long::max(), -8, 8};
  const std::vector<std::int32_t> ints{0,          1,   -1, 2, -7, 13, 31, Int::min(), Int::min() + 1,
                                       Int::max(), -16, 16};
  const std::size_t n = reals.size();
  EdgeList edges;
  std::vector<double> x, y;
  std::vector<float> s;
  std::vector<std::int64_t> i, j;
  std::vector<std::int32_t> m;
  std::vector<std::uint8_t> p, q;
  for (std::size_t v = 0; v < n * n; ++v) {
    x.push_back(reals[v % n]), y.push_back(reals[v / n]), s.push_back(static_cast<float>(reals[v / n]));
    i.push_back(longs[v % n]), j.push_back(longs[v / n]), m.push_back(ints[v % n]);
    p.push_back(v % 2 == 0), q.push_back(v / n % 2 == 0);
    edges.source.push_back(static_cast<std::int32_t>(v));
    edges.target.push_back(static_cast<std::int32_t>(v * 5 % (n * n)));
  }
  edges.ids = NodeIds::dense(static_cast<std::int32_t>(n * n));
  Graph g = Graph::from_edges(std::move(edges));
  const auto set = [&](const char* name, const auto& values) {
    g.set_node_attribute(name, Column::of(std::span(values)));
  };
  set("x", x), set("y", y), set("z", y), set("s", s), set("i", i), set("j", j), set("m", m);
  const auto set_bool = [&](const char* name, const std::vector<std::uint8_t>& values) {
    Column c(ScalarType::Bool, static_cast<std::int64_t>(values.size()));
    for (std::size_t v = 0; v < values.size(); ++v)
      c.set(static_cast<std::int64_t>(v), Constant::of(values[v] != 0));
    g.set_node_attribute(name, std::move(c));
  };
  set_bool("p", p), set_bool("q", q);
  return g;
}

/// All that a run yields, as text; every NaN reads the same.
std::string outcome_of(const ir::Program& p, const Graph& graph) {
  Session session({.backend = "reference"});
  std::string all;
  try {
    const Result r = session.run(session.compile(Program(p)), graph);
    for (const Output& o : r.outputs()) {
      all += o.name + ":";
      for (std::int64_t i = 0; i < o.column.size(); ++i) {
        const std::string text = to_string(o.column.at(i));
        all += " " + (text.find("nan") == std::string::npos ? text : "nan");
      }
      all += "\n";
    }
    return all + std::to_string(r.iterations) + (r.converged ? " converged" : "");
  } catch (const RuntimeError& e) {
    return e.what();
  }
}

std::string pass_action(std::string_view name, const std::string& input) {
  for (const passes::PassInfo& pass : passes::pass_table()) {
    if (pass.name != name) continue;
    const ir::Program before = ir::parse(input, "case");
    const ir::Program once = pass.run(before);
    if (pass.level != passes::kFastMath) {
      EXPECT_EQ(outcome_of(once, awkward_graph()), outcome_of(before, awkward_graph()));
    }
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

/// The program's groups as kernels, without the text that they build on.
std::string device_action(const std::string& input) {
  const ir::Program p = ir::parse(input, "case");
  std::string text;
  for (const ir::Region& r : p.regions)
    for (const ir::Node& n : r.nodes)
      if (n.op == ops::OpId::Fused)
        text +=
            codegen::emit_device_group(plan::lower(p, n.regions[0]), "g" + std::to_string(n.regions[0])).text;
  return text;
}

/// The kernels of what stands outside of groups.
std::string steps_action(const std::string& input) {
  const auto plan = plan::compile(ir::parse(input, "case")).plan;
  std::string text;
  for (std::size_t i = 0; i < plan->blocks[0].steps.size(); ++i)
    if (const auto step = codegen::device_step(*plan, 0, i);
        step && step->kind != codegen::DeviceStep::Kind::Group)
      text += codegen::emit_device_step(*step, "s" + std::to_string(i)).text;
  return text;
}

/// The groups of the plan's loops that compute active rows only.
std::string active_action(const std::string& input) {
  const auto plan = plan::compile(ir::parse(input, "case")).plan;
  std::string text;
  for (plan::BlockIndex b = 1; b < plan->blocks.size(); ++b)
    if (const auto step = codegen::device_step(*plan, b, 0); step && step->active)
      text += codegen::emit_device_step(*step, "b" + std::to_string(b), {.active = true}).text;
  return text;
}

/// The CUDA graph of the program, as written; "#" lines of the input choose another form.
std::string cuda_action(const std::string& input) {
  cuda::GraphView view;
  view.nodes = 10000, view.edges = 60000;
  if (input.starts_with("# in rounds of two")) view.options.unroll = 2;
  if (input.starts_with("# without rounds")) view.options.full_unroll = 512;
  const auto plan = plan::compile(ir::parse(input, "case")).plan;
  return input.starts_with("# dot") ? cuda::graph_dot(*plan, view) : cuda::graph_text(*plan, view);
}

/// The loops of the program's plan as kernels, without the stages that they call.
std::string loop_action(const std::string& input) {
  const auto plan = plan::compile(ir::parse(input, "case"), {.level = 2}).plan;
  std::string text;
  for (std::size_t s = 0; s < plan->blocks[0].steps.size(); ++s) {
    if (plan->blocks[0].steps[s].kind != plan::Step::Kind::While) continue;
    const std::string all = codegen::emit_device_loop(*plan, 0, s, "case").text;
    text += all.substr(all.find("extern \"C\""));
  }
  return text;
}

using Action = std::string (*)(const std::string&);
const std::map<std::string, Action>& actions() {
  static const std::map<std::string, Action> all = {
      {"parse", parse_action},     {"json", json_action},     {"to_json", to_json_action},
      {"rewrite", rewrite_action}, {"device", device_action}, {"parameters", parameters_action},
      {"cuda", cuda_action},       {"steps", steps_action},   {"loop", loop_action},
      {"active", active_action}};
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

// A rule that no case needs is a rule that nothing tests.
TEST(Rules, EachHasACaseThatNeedsIt) {
  std::vector<Case> cases;
  for (const fs::path& path : case_files())
    for (Case& c : read_cases(path).cases) cases.push_back(std::move(c));
  const auto needed = [&](std::string_view pass, const std::vector<passes::rules::Rule>& rules, auto run) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
      auto without = rules;
      without.erase(without.begin() + static_cast<std::ptrdiff_t>(i));
      const bool used = std::ranges::any_of(cases, [&](const Case& c) {
        if (c.action != "pass " + std::string(pass)) return false;
        const ir::Program p = ir::parse(c.input, "case");
        return run(p, without) != run(p, rules);
      });
      EXPECT_TRUE(used) << rules[i].name;
    }
  };
  const auto strength = passes::rules::strength(), fast_math = passes::rules::fast_math();
  needed("canonicalise", passes::rules::canonical_rules(), passes::rules::canonicalise);
  needed("strength", {strength.begin(), strength.end()},
         [](const ir::Program& p, const auto& rules) { return passes::rules::apply(p, rules, ir::kRaw); });
  needed("fast_math", {fast_math.begin(), fast_math.end()}, [](const ir::Program& p, auto rules) {
    for (const passes::rules::Rule& rule : passes::rules::canonical_rules()) rules.push_back(rule);
    return passes::rules::canonicalise(p, rules);
  });
}

INSTANTIATE_TEST_SUITE_P(Files, TextCases, testing::ValuesIn(case_files()), test_name);

}  // namespace
