// Which operations of a region run as one kernel: what `fuse` decides, and what a plan needs for operations
// that no pass has put into a group.
#pragma once

#include "host/ir/program.h"

namespace monograph::passes {

enum class Grouping : std::uint8_t {
  Single,     ///< every operation a group of its own
  Connected,  ///< an operation joins a group that yields one of its operands
};

/// `program` with its operations wrapped in `control.fused`. Groups that are there already stay as they are.
/// What has effects, regions, or a value bound before the run stays outside; so do constants and counts that
/// a control operation uses.
ir::Program group(const ir::Program& program, Grouping how);

}  // namespace monograph::passes
