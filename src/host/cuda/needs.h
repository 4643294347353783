// What a plan needs of a graph beside its columns: known before anything is allocated.
#pragma once

#include <cstddef>

#include "host/plan/plan.h"

namespace monograph::cuda {

struct Needs {
  bool in = false, out = false;            ///< directions that it walks
  bool rows_in = false, rows_out = false;  ///< of them those whose rows are aggregated
  bool active = false;                     ///< loops that need not compute all rows
  /// Of a directed graph, for those: rows in which readers are found.
  bool readers_in = false, readers_out = false;
  bool loops = false;
  std::size_t lanes = 1;  ///< groups that may run at once

  /// Rows that must be there, with or without active rows.
  bool in_of(bool undirected, bool with_active) const {
    return in || (with_active && !undirected && readers_in);
  }
  bool out_of(bool undirected, bool with_active) const {
    return out || (with_active && !undirected && readers_out);
  }
};
Needs needs_of(const plan::Plan& plan);

}  // namespace monograph::cuda
