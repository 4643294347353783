// What a step of a plan is called where profilers show it.
#pragma once

#include <string>

#include "host/plan/plan.h"

namespace monograph::plan {

/// Where it stands in the plan, and its operations, so many as can be read: "1.0 graph.neighbor_agg mul".
std::string step_name(const Plan& plan, BlockIndex block, std::size_t step);

}  // namespace monograph::plan
