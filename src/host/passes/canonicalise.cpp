#include "host/passes/passes.h"
#include "host/passes/rules/rule.h"

namespace monograph::passes {

ir::Program canonicalise(const ir::Program& program) {
  return rules::canonicalise(program, rules::canonical_rules());
}

}  // namespace monograph::passes
