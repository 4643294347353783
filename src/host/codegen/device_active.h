// Device text of groups that compute only the rows that read a changed one: what such a group has beside the
// text of every group (device_stage.cpp). kernels/device_active.cuh does the work.
#pragma once

#include <optional>
#include <string>

#include "host/plan/active_set.h"
#include "host/plan/plan.h"

namespace monograph::codegen {

/// As plan::active_set says of the loop that is this step; and nothing where all rows change in nearly every
/// iteration, so that the rows in which readers are found would be there for nothing.
plan::ActiveSetAnswer device_active_set(const plan::Plan& plan, plan::BlockIndex block, std::size_t step);

/// A group that is the body of a loop with an active set.
struct ActiveRows {
  plan::ActiveSet set;
  plan::SlotId iteration = plan::kNoSlot;  ///< the number of the present iteration, i64
};
/// Of the group that is all of this block; nothing where there is none.
std::optional<ActiveRows> active_rows(const plan::Plan& plan, plan::BlockIndex block);
/// Is there one in the plan?
bool has_active_rows(const plan::Plan& plan);

/// After all other parameters of its functions and kernels: where the number of the iteration lies.
inline constexpr const char* kActiveParameter = ", const mg_value* iteration";
inline constexpr const char* kActiveArgument = ", iteration";

/// Pieces of the text, from the top of the function on.
class ActiveText {
 public:
  ActiveText(const plan::Stage& stage, const plan::ActiveSet& set) : s_(stage), set_(set) {}

  std::string begin() const;       ///< declares `turn` and `reach`
  std::string begin_long() const;  ///< of the stage of long rows: declares `awake`, a function of the row
  std::string is_here() const;     ///< of a row: declares `there`, which it is, and `here`, to be computed
  std::string before() const;      ///< the row's code: declares what `changed` fills
  std::string changed() const;     ///< at the end of the row's code
  std::string after() const;       ///< the row's code, in which it is `here`
  std::string end_rows() const;
  std::string finish() const;  ///< by one thread of the last block

 private:
  std::string element() const;
  std::string now() const;

  const plan::Stage& s_;
  const plan::ActiveSet& set_;
};

}  // namespace monograph::codegen
