// Two sides that disagree about the answer cannot be compared in speed.
#pragma once

#include <monograph/graph.h>

#include <string>

namespace monograph::bench {

/// Integers must be equal, floats nearly so: hand-written code may add in another order. RuntimeError
/// "`what`: node 3: expected 1, got 2".
void expect_agreement(const Column& expected, const Column& actual, const std::string& what);

}  // namespace monograph::bench
