// Moves of columns between slots as copies, one after another. (Slots cannot exchange memory here: the
// addresses in a CUDA graph are fixed.)
#pragma once

#include <span>
#include <vector>

#include "host/plan/plan.h"

namespace monograph::cuda {

inline constexpr plan::SlotId kSpill =
    plan::kNoSlot - 1;  ///< memory as large as the largest column that needs it

struct ColumnCopy {
  plan::SlotId to = 0, from = 0;
  friend bool operator==(const ColumnCopy&, const ColumnCopy&) = default;
};

/// `moves` of columns in an order in which nothing is overwritten before it was read; a cycle goes through
/// kSpill.
std::vector<ColumnCopy> column_copies(std::span<const plan::Move> moves);

}  // namespace monograph::cuda
