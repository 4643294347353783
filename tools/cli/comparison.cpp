#include "cli/comparison.h"

#include <cstdio>

namespace monograph::cli {

void add_match_options(CLI::App& app, MatchOptions& options, const std::string& fallback) {
  add_choice<std::optional<Match>>(
      app, "--match", options.match,
      {{"exact", Match::Exact}, {"equivalence", Match::Equivalence}, {"epsilon", Match::Epsilon}},
      "When two values agree; default: " + fallback);
  app.add_option("--tolerance", options.tolerance, "Relative error that epsilon allows")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str()
      ->type_name("X");
}

std::string counts(const Comparison& c) {
  std::string text = std::to_string(c.compared) + " compared, " + std::to_string(c.mismatched) + " differ, " +
                     std::to_string(c.missing) + " missing, " + std::to_string(c.extra) + " extra";
  char worst[48];
  std::snprintf(worst, sizeof worst, "; worst error %.3g", c.worst_error);
  return text + worst;
}

std::string verdict(bool ok, const Terminal& terminal) {
  return terminal.paint(ok ? "PASS" : "FAIL", ok ? Style::Good : Style::Bad);
}

Json comparison_json(const Comparison& c, Match match) {
  Json differences = Json::array();
  for (const Comparison::Difference& d : c.first)
    differences.push_back({{"node", d.id}, {"expected", d.expected}, {"actual", d.actual}});
  return {{"ok", c.ok()},
          {"match", to_string(match)},
          {"compared", c.compared},
          {"mismatched", c.mismatched},
          {"missing", c.missing},
          {"extra", c.extra},
          {"worst_error", constant_json(Constant::of(c.worst_error))},
          {"first_differences", differences}};
}

void show_differences(const Comparison& comparison, Terminal& terminal) {
  const auto shown = [](const std::string& value) { return value.empty() ? "nothing" : value; };
  for (const Comparison::Difference& d : comparison.first)
    terminal.err << "node " << d.id << ": expected " << shown(d.expected) << ", got " << shown(d.actual)
                 << '\n';
}

}  // namespace monograph::cli
