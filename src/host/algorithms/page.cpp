// docs/algorithms.md, out of the list and the programs' own parameters and outputs.
#include <monograph/algorithms.h>

namespace monograph {
namespace {

/// "at least 0", "0.0 to 1.0", "".
std::string range(const ParameterInfo& p) {
  if (p.minimum && p.maximum) return to_string(*p.minimum) + " to " + to_string(*p.maximum);
  if (p.minimum) return "at least " + to_string(*p.minimum);
  return p.maximum ? "at most " + to_string(*p.maximum) : "";
}

std::string parameter_row(const ParameterInfo& p) {
  const std::string type = p.is_node ? "node id" : std::string(to_string(p.fallback.type));
  const std::string fallback = p.is_node ? "the smallest" : "`" + to_string(p.fallback) + "`";
  return "| `" + p.name + "` | " + type + " | " + fallback + " | " + range(p) + " | " + p.doc + " |\n";
}

std::string parameter_table(const Program& program) {
  if (program.parameters().empty()) return "No parameters.\n";
  std::string out = "| parameter | type | default | range | |\n|---|---|---|---|---|\n";
  for (const ParameterInfo& p : program.parameters()) out += parameter_row(p);
  return out;
}

std::string_view compared(Match match) {
  switch (match) {
    case Match::Exact:
      return "exactly";
    case Match::Equivalence:
      return "as partitions: other names for the same parts are no difference";
    case Match::Epsilon:
      return "with LDBC Graphalytics' tolerance, 1e-4 relative";
  }
  return "";
}

std::string section(const AlgorithmInfo& a) {
  const Program program = a.make();
  std::string out = "## " + std::string(a.name) + "\n\n" + std::string(a.about);
  if (!a.alias.empty()) out += " Also called `" + std::string(a.alias) + "`.";
  out += "\n\n" + parameter_table(program) + "\n**Gives** " + std::string(a.outputs) + " Compared " +
         std::string(compared(a.match)) + ".\n\n**Source:** " + std::string(a.source) + "\n";
  return out;
}

}  // namespace

std::string algorithms_markdown() {
  std::string out =
      "# Algorithms\n\nMade by `monograph list algorithms --markdown`; not edited by hand. `monograph run "
      "NAME --graph FILE`\n"
      "runs one, `--param NAME=VALUE` sets a parameter; from C++ each is a function of\n"
      "[algorithms.h](../include/monograph/algorithms.h), documented in\n"
      "[algorithm_list.def](../include/monograph/algorithm_list.def). V is the number of nodes, E that of "
      "stored edges: an\n"
      "undirected edge is stored in both directions. A parameter of another type or out of its range is a "
      "UsageError, a\n"
      "missing attribute an InputError, both before anything runs; RuntimeErrors are named below.\n\n"
      "| | |\n|---|---|\n";
  for (const AlgorithmInfo& a : algorithms())
    out += "| [" + std::string(a.name) + "](#" + std::string(a.name) + ") | " + std::string(a.doc) + " |\n";
  for (const AlgorithmInfo& a : algorithms()) out += "\n" + section(a);
  return out;
}

}  // namespace monograph
