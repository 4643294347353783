// Rows of which nobody asks what their edges combine to: `where(c, fold, other)` needs the fold where c holds
// only. The condition is the mask of a masked product (Buluc, Mattson, McMillan, Moreira, Yang: Design of the
// GraphBLAS API for C, 2017); there the user passes it, here it follows from the program.
#pragma once

#include <vector>

#include "host/plan/stage.h"

namespace monograph::plan {

/// A condition on rows: the row register, a bool that comes from no aggregate and no take, has this value.
struct RowCondition {
  Register condition = kNoRegister;
  bool value = false;
  friend bool operator==(const RowCondition&, const RowCondition&) = default;
};

/// Each condition is computed a second time, so deeply nested ones are not all worth it.
inline constexpr std::size_t kConditionsAtMost = 4;

/// Where one of these does not hold, nothing depends on what `aggregate` of the stage gives, and edges need
/// not be walked. Empty: all rows ask, or its edges take from columns (a take that fails stops the run,
/// wherever it stands), or it counts edges without looking at them.
std::vector<RowCondition> mask_of(const Stage& stage, std::uint32_t aggregate);

}  // namespace monograph::plan
