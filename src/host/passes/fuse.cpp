#include "host/passes/grouping.h"
#include "host/passes/passes.h"

namespace monograph::passes {

ir::Program fuse(const ir::Program& program) { return group(program, Grouping::Connected); }

}  // namespace monograph::passes
