#include "host/ir/builder.h"
#include "host/passes/passes.h"

namespace monograph::passes {

ir::Program canonicalise(const ir::Program& program) { return ir::replay(program, ir::kRewrite); }

}  // namespace monograph::passes
