// Two runs of one program, output by output.
#pragma once

#include <monograph/io.h>
#include <monograph/session.h>

namespace monograph::cli {

/// The same output of two runs of one program. Exact means the same bits here, except that one NaN is as good
/// as another; the rest is as `compare_values` has it. Elements of columns that have none per node go by
/// their position.
Comparison compare_outputs(const Graph& graph, const Output& expected, const Output& actual, Match match,
                           double tolerance);

/// How a run went: "7 iterations, converged". Backends that agree on outputs agree on this too.
std::string course(const Result& result);

}  // namespace monograph::cli
