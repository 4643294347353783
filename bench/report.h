// What the reports of all suites have in common.
#pragma once

#include "bench/cases.h"
#include "bench/suite.h"

namespace monograph::bench {

/// Date, machine, compiler, version, options; "rows" is empty.
Report new_report(std::string_view suite, const SuiteOptions& options);
/// As many digits as a measurement has.
double rounded(double value);

/// The graphs and algorithms that the options name. UsageError: no such name.
std::vector<const GraphCase*> chosen_graphs(const SuiteOptions& options);
std::vector<const AlgorithmCase*> chosen_algorithms(const SuiteOptions& options);

}  // namespace monograph::bench
