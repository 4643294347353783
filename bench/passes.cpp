// Each pass left out, one at a time, and the levels: what composing would cost without it.
#include "bench/report.h"
#include "bench/timing.h"
#include "bench/variant.h"

namespace monograph::bench {

Report passes(const SuiteOptions& options) { return new_report("passes", options); }

}  // namespace monograph::bench
