// Passes: each a function from program to program in a file of its own, listed in pass_list.def. The runner,
// not the pass, verifies, times, and can leave one out.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/ir/program.h"

namespace monograph::passes {

/// In place of a level: the pass may change the last digits of results.
inline constexpr int kFastMath = 3;

struct PassInfo {
  std::string_view name;
  std::string_view doc;
  int level;  ///< the least optimisation level at which it runs; kFastMath: only where asked for
  ir::Program (*run)(const ir::Program&);
};
/// Every pass, in the order in which they run.
std::span<const PassInfo> pass_table();

struct PassOptions {
  int level = 2;                           ///< 0 runs only what every later stage needs
  std::vector<std::string> disabled = {};  ///< names of passes to leave out; UsageError for an unknown one
  bool fast_math = false;  ///< with the passes that may change the last digits; UsageError at level 0
  /// Called after each pass that ran: whether it changed the program, and how long it took.
  std::function<void(const PassInfo&, const ir::Program& after, bool changed, double ms)> observe = {};
};
/// UsageError for a level or a name that is not one.
void check(const PassOptions& options);
/// `program` through the passes; verified after each.
ir::Program run(ir::Program program, const PassOptions& options = {});

// One per line of pass_list.def.
#define MONOGRAPH_PASS(symbol, name, level, doc) ir::Program symbol(const ir::Program&);
#include "host/passes/pass_list.def"

}  // namespace monograph::passes
