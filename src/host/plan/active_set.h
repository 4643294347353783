// Loops of which an iteration need not compute every row. Where the next value of a row is a function of its
// own value and its neighbours' alone, a row whose inputs the last iteration left as they were yields what it
// yielded then. So it is enough to compute the rows that read a changed one: the active set (Beamer,
// Asanovic, Patterson: Direction-Optimizing Breadth-First Search, 2012; Shun, Blelloch: Ligra, 2013, where
// the user names the set; here it follows from the program). Every iteration leaves the same bits as when all
// rows are computed, and the loop takes as many.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "host/plan/plan.h"

namespace monograph::plan {

/// More reductions than that no loop has that skips rows.
inline constexpr std::size_t kChangesAtMost = 4;

/// A loop whose body is one group over the nodes, which carries one column.
struct ActiveSet {
  std::uint32_t argument = 0;  ///< of the group: the column before the iteration
  std::uint32_t result = 0;    ///< of the group: the column after it
  ScalarType type{};           ///< of its elements
  /// Along which edges rows read others: a change at a node reaches the targets of its edges (in), the
  /// sources of those that enter it (out).
  bool reads_in = false, reads_out = false;
  /// A row that has been computed yields the same again while its neighbours stay: its own change needs no
  /// second look (except at NaN, which differs from itself).
  bool settles = false;

  /// What each reduction of the group counts: rows whose value changed in this way.
  struct Change {
    enum class Kind : std::uint8_t { Differs, Less, Greater };
    Kind kind{};
  };
  std::vector<Change> changes;

  /// next = combine(value, h(fold of f over the neighbours)), where h keeps the order: then each changed node
  /// may offer h(f) to the rows that read it, one by one and in any order.
  struct Offers {
    ops::MonoidKind combine{};  ///< of the row's values; the fold is by the same order
    /// f reads nothing but the neighbour's value, and keeps the order: where all changed nodes have one value,
    /// rows that are as good as what it offers are done, and others as soon as they have met it.
    bool bounded = false;
    /// f is the same for all edges that leave a node.
    bool uniform = false;
  };
  std::optional<Offers> offers;
};

/// What is known of a loop: how it may skip rows, or why all rows are computed in each iteration.
struct ActiveSetAnswer {
  std::optional<ActiveSet> set;
  std::string reason;  ///< where there is none
};

/// Of the loop that is step `step` of block `block`.
ActiveSetAnswer active_set(const Plan& plan, BlockIndex block, std::size_t step);

}  // namespace monograph::plan
