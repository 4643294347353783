// What it takes NVRTC to make a program's kernels, which needs no device.
#pragma once

#include "bench/cases.h"
#include "bench/suite.h"
#include "bench/timing.h"

namespace monograph::bench {

/// Fields for a row: kernels made from nothing, found in memory, found on disk. Null where NVRTC is absent.
Report kernel_times(const AlgorithmCase& algorithm, const Effort& effort, const SuiteOptions& options);

}  // namespace monograph::bench
