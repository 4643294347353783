// What it takes before a program can run.
#pragma once

#include "bench/cases.h"
#include "bench/suite.h"
#include "bench/timing.h"

namespace monograph::bench {

/// The plan made from nothing, found in memory, found on disk; and apart from that, the machine's compiler
/// for the compiled tier, and NVRTC for a device (null where there is none).
Report compile_times(const AlgorithmCase& algorithm, const Effort& effort, const SuiteOptions& options);

}  // namespace monograph::bench
