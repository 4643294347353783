// A plan made ready for the CPU: its stages lowered, its loops and steps with everything looked up that a run
// would otherwise look up. Immutable: any number of instances and threads.
#pragma once

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "host/cpu/tiles.h"
#include "host/plan/active_set.h"
#include "host/plan/plan.h"

namespace monograph::cpu {

using SlotPair = std::pair<plan::SlotId, plan::SlotId>;

/// A list of moves, taken apart: (to, from).
struct PreparedMoves {
  std::vector<SlotPair> scalars, exchange, copies;
  PreparedMoves() = default;
  PreparedMoves(const plan::Plan& plan, const std::vector<plan::Move>& moves);
};

struct PreparedStep {
  plan::Stage stage;                      ///< of a group
  std::unique_ptr<TileProgram> tiles;     ///< of a group
  bool checks = false;                    ///< of a group: it can stop the run
  PreparedMoves enter;                    ///< of a loop
  std::optional<plan::ActiveSet> active;  ///< of a loop that need not compute all rows
  bool gives =
      false;  ///< of an output: nothing touches the slot afterwards, so the result may have its memory
};

class PlanProgram {
 public:
  explicit PlanProgram(std::shared_ptr<const plan::Plan> plan);

  const plan::Plan& plan() const { return *plan_; }
  const PreparedStep& step(plan::BlockIndex block, std::size_t step) const { return steps_[block][step]; }
  const PreparedMoves& leave(plan::BlockIndex block) const { return leave_[block]; }
  const ir::Node& node(plan::BlockIndex block, const plan::Step& step) const {
    return plan_->program.regions[plan_->blocks[block].region].nodes[step.node];
  }

  bool walks_in() const { return walks_in_; }
  bool walks_out() const { return walks_out_; }
  bool walks_both() const { return walks_both_; }
  /// Has a loop that need not compute all rows. Who reads a row is found along the other direction of edges.
  bool has_active_sets() const { return active_in_ || active_out_; }
  bool finds_readers_out() const { return active_in_; }
  bool finds_readers_in() const { return active_out_; }
  /// Aggregates of all groups.
  std::size_t aggregates() const { return aggregates_; }
  /// Reductions of the groups of a wave that has most.
  std::size_t reductions() const;
  /// Rows that no graph decides: the longest fixed column.
  std::int64_t fixed_rows() const { return fixed_rows_; }
  bool over_edges() const { return over_edges_; }
  std::int64_t groups() const { return groups_; }
  std::int64_t workspace_bytes(std::int64_t longest_row) const;

 private:
  void add(const plan::Stage& stage);
  void add_active_set(plan::BlockIndex block, std::size_t step);
  void walk(ops::Direction d);
  template <class F>
  void for_each_wave(const F& f) const;
  void find_gifts();
  std::shared_ptr<const plan::Plan> plan_;
  std::vector<std::vector<PreparedStep>> steps_;  // [block][step]
  std::vector<PreparedMoves> leave_;              // [block]
  bool walks_in_ = false, walks_out_ = false, walks_both_ = false, over_edges_ = false;
  bool active_in_ = false, active_out_ = false;  // rows that active sets read
  std::size_t aggregates_ = 0;
  std::int64_t fixed_rows_ = 0, groups_ = 0;
};

}  // namespace monograph::cpu
