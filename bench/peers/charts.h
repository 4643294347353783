// The drawings of a report: bars of ratios, lines of scaling.
#pragma once

#include <string>
#include <vector>

#include "bench/suite.h"

namespace monograph::bench::peers {

/// One bar for each row of `graph`: ours / peer, logarithmic, to the left of 1 where ours takes less time.
std::string ratio_bars(const Report& rows, const std::string& graph);

/// Time per edge, or peak memory, over edges, both logarithmic, of one algorithm: a line per family of
/// graphs, and dashed what it may grow to.
std::string time_lines(const Report& scaling, const std::string& algorithm);
std::string memory_lines(const Report& scaling, const std::string& algorithm);

/// The different values of a field, in the order in which they come.
std::vector<std::string> values_of(const Report& rows, const std::string& field);

}  // namespace monograph::bench::peers
