#include <monograph/error.h>

#include <algorithm>
#include <chrono>

#include "host/base/nearest.h"
#include "host/passes/passes.h"

namespace monograph::passes {
namespace {

constexpr PassInfo kPasses[] = {
#define MONOGRAPH_PASS(symbol, name, level, doc) {name, doc, level, symbol},
#include "host/passes/pass_list.def"
};

void check_names(const std::vector<std::string>& disabled) {
  std::vector<std::string_view> known;
  for (const PassInfo& p : kPasses) known.push_back(p.name);
  for (const std::string& name : disabled) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string_view near = base::nearest(name, known);
    throw UsageError("expected the name of a pass, found \"" + name + "\"" +
                     (near.empty() ? "" : " (did you mean \"" + std::string(near) + "\"?)"));
  }
}

}  // namespace

std::span<const PassInfo> pass_table() { return kPasses; }

void check(const PassOptions& options) {
  if (options.level < 0 || options.level > 2)
    throw UsageError("optimisation level: expected 0, 1 or 2, got " + std::to_string(options.level));
  if (options.fast_math && options.level == 0)
    throw UsageError(
        "fast mathematics: expected optimisation level 1 or 2, got 0, at which no rule is applied");
  check_names(options.disabled);
}

ir::Program run(ir::Program program, const PassOptions& options) {
  check(options);
  for (const PassInfo& pass : kPasses) {
    const bool runs = pass.level == kFastMath ? options.fast_math : pass.level <= options.level;
    if (!runs) continue;
    if (std::find(options.disabled.begin(), options.disabled.end(), pass.name) != options.disabled.end())
      continue;
    const auto start = std::chrono::steady_clock::now();
    ir::Program after = pass.run(program);
    ir::verify(after);
    const double ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    const bool changed = ir::hash(after) != ir::hash(program);
    program = std::move(after);
    if (options.observe) options.observe(pass, program, changed, ms);
  }
  return program;
}

}  // namespace monograph::passes
