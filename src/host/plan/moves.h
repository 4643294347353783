// Parallel assignment between slots, as takes (memory changes hands) and copies.
#pragma once

#include <set>
#include <span>
#include <vector>

#include "host/plan/plan.h"

namespace monograph::plan {

/// to[k] <- from[k], all at once. What is in `movable` is not read afterwards under its present slot.
std::vector<Move> moves(const std::vector<SlotId>& to, const std::vector<SlotId>& from,
                        const std::set<SlotId>& movable);

/// Where memory lies after the takes of a list: for pairs (slot, the slot whose memory it has now). What the
/// takes leave over goes to the slots that gave theirs away.
std::vector<std::pair<SlotId, SlotId>> exchange(std::span<const Move> moves);

}  // namespace monograph::plan
