// From the times of steps to the rows of a profile.
#pragma once

#include <vector>

#include "host/cpu/instance.h"
#include "host/runtime/profile.h"

namespace monograph::runtime {

/// Room for the times of every step.
cpu::StepTimes no_times(const plan::Plan& plan);

/// Columns that change hands, between iterations for example.
enum class Moves : std::uint8_t {
  Exchange,  ///< by their pointers, where the plan says that they may
  Copy,      ///< always by copies
};
/// `runs`: of loops and branches without their inside; the first run warms up.
Profile profile_of(const cpu::PlanProgram& program, const Graph& graph,
                   const std::vector<cpu::StepTimes>& runs, Moves moves);

/// A call of a group in a loop with an active set computes as many rows as there are changes to follow, which
/// nobody counts.
void forget_traffic_of_active_rows(const cpu::PlanProgram& program, Profile& profile);

}  // namespace monograph::runtime
