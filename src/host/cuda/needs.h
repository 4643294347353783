// What a plan needs of a graph beside its columns: known before anything is allocated.
#pragma once

#include <cstddef>

#include "host/plan/plan.h"

namespace monograph::cuda {

struct Needs {
  bool in = false, out = false;            ///< directions that it walks
  bool rows_in = false, rows_out = false;  ///< of them those whose rows are aggregated
  bool loops = false;
  std::size_t lanes = 1;  ///< groups that may run at once
};
Needs needs_of(const plan::Plan& plan);

}  // namespace monograph::cuda
