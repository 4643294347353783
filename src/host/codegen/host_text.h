// A whole plan as one C++ function: groups, loops and convergence tests included. The text has no includes,
// no OpenMP and nothing of the user's; it is a prelude (element-wise table, shapes, rows, the run's state), a
// struct per group, and
//
//   extern "C" int mg_plan(mg_run* run);   // 0, or 1 when a callback or a check stopped it
//
// Threads, memory and steps that are no kernel come in through `mg_run` (kernels/host_run.cuh).
#pragma once

#include <string>
#include <vector>

#include "host/plan/plan.h"

namespace monograph::codegen {

/// Everything that plans build on: the same for all of them.
std::string host_prelude();
/// The plan, to stand after the prelude.
std::string emit_plan(const plan::Plan& plan);
/// The struct of one group, named `name`: entry code, leaves of rows, finish code.
std::string emit_host_group(const plan::Stage& stage, const std::string& name);

/// Flags for the machine's compiler, beyond those that decide what the code means.
std::vector<std::string> plan_flags();

}  // namespace monograph::codegen
