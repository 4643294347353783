// Folds that need not see all edges of a row.
#pragma once

#include "host/plan/stage.h"

namespace monograph::plan {

/// Is the fold the value of the first edge, in the order of the row, that does not yield the identity?
///  - Any, All: no other edge changes it then;
///  - Min of `where(c, u, greatest)`, where u is the node at the other end: rows ascend by neighbour, so the
///    first edge that has c has the least u. That is how "some neighbour with c" is written by name: the
///    parent of a node in a search.
/// Not where edges take from columns: a take that fails stops the run, wherever it stands.
bool first_decides(const Stage& stage, const Aggregate& aggregate);

}  // namespace monograph::plan
