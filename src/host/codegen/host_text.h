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

#include "host/plan/active_set.h"
#include "host/plan/plan.h"

namespace monograph::codegen {

/// Everything that plans build on: the same for all of them.
std::string host_prelude();
/// The plan, to stand after the prelude.
std::string emit_plan(const plan::Plan& plan);
/// The struct of one group, named `name`: entry code, leaves of rows, finish code. Its aggregates are those
/// from number `first_aggregate` on of the plan. `active` (may be null): also what its loop's active rows
/// need.
std::string emit_host_group(const plan::Stage& stage, const std::string& name, std::size_t first_aggregate,
                            const plan::ActiveSet* active);

/// A fold over the edges of one direction: a function of the struct, which folds a segment of a hub.
struct HubFold {
  std::size_t aggregate;
  bool out;     ///< over the rows that leave
  bool second;  ///< of both directions: not on an undirected graph
  std::string name() const { return "hub_" + std::to_string(aggregate) + (out ? "_out" : "_in"); }
};
std::vector<HubFold> hub_folds(const plan::Stage& stage);

/// Flags for the machine's compiler, beyond those that decide what the code means.
std::vector<std::string> plan_flags();

}  // namespace monograph::codegen
