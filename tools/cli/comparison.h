// Results side by side: what `validate` and `compare` have in common.
#pragma once

#include <monograph/io.h>

#include <optional>
#include <string>

#include "cli/options.h"
#include "cli/result_view.h"

namespace monograph::cli {

struct MatchOptions {
  std::optional<Match> match;
  double tolerance = 1e-4;
};
/// `fallback` says, for the help, what holds without --match.
void add_match_options(CLI::App& app, MatchOptions& options, const std::string& fallback);

/// "34 compared, 0 differ, 0 missing, 0 extra; worst error 0".
std::string counts(const Comparison& comparison);
/// PASS or FAIL, in its colour.
std::string verdict(bool ok, const Terminal& terminal);
/// The match, the counts and the first differences.
Json comparison_json(const Comparison& comparison, Match match);
/// On standard error, a line each.
void show_differences(const Comparison& comparison, Terminal& terminal);

}  // namespace monograph::cli
