// In which order the operations of a region run, and which of them at once.
#pragma once

#include <cstdint>
#include <vector>

#include "host/ir/program.h"

namespace monograph::plan {

/// Operations, by their numbers in the region, that may run at once: none needs what another yields, and at
/// most one can stop the run.
using Wave = std::vector<std::uint32_t>;

/// More groups at once cost memory (none of them may reuse what another reads) and bring nothing.
inline constexpr std::size_t kWaveWidth = 4;

/// Every operation of a fused region that is a step, in waves. A group runs as early as what it reads allows,
/// but not before a loop or branch that it stood behind. What has an effect keeps the order of the program;
/// what is no group has a wave to itself.
std::vector<Wave> schedule(const ir::Program& program, const ir::Region& region);

/// Is the operation a place of its own in the plan, known before the run, and no step?
bool is_static(const ir::Node& n);

}  // namespace monograph::plan
