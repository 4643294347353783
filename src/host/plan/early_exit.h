// Folds that need not see all edges of a row.
#pragma once

#include <optional>

#include "host/plan/stage.h"

namespace monograph::plan {

/// Is the fold the value of the first edge, in the order of the row, that does not yield the identity?
///  - Any, All: no other edge changes it then;
///  - Min of `where(c, u, greatest)`, where u is the node at the other end: rows ascend by neighbour, so the
///    first edge that has c has the least u. That is how "some neighbour with c" is written by name: the
///    parent of a node in a search.
/// Not where edges take from columns: a take that fails stops the run, wherever it stands.
bool first_decides(const Stage& stage, const Aggregate& aggregate);

/// `where(condition, x, identity)`, or with the branches the other way round, as what an edge adds to a fold:
/// an edge adds nothing unless `condition` is `value`.
struct EdgeCondition {
  Register condition = kNoRegister;  ///< of the edge code
  bool value = false;
};
/// Where the condition follows from the node at the other end alone (and scalars): then a node has something
/// to add along all of its edges, or along none.
std::optional<EdgeCondition> source_condition(const Stage& stage, const Aggregate& aggregate);

}  // namespace monograph::plan
