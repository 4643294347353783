#include "host/passes/passes.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes {

ir::Program strength(const ir::Program& program) {
  const auto table = rules::strength();
  return rules::apply(program, {table.begin(), table.end()}, ir::kRaw);
}

}  // namespace monograph::passes
