// Composite operations become what they stand for, so that every later stage sees simple operations only. An
// expansion may hold composites in its turn; each is written in terms of simpler ones, so this ends.
#include <algorithm>

#include "host/passes/passes.h"
#include "host/passes/rebuild.h"

namespace monograph::passes {
namespace {

bool is_composite(const ir::Node& n) { return ops::def(n.op).expand != nullptr; }

bool has_composite(const ir::Program& p) {
  return std::ranges::any_of(p.regions,
                             [](const ir::Region& r) { return std::ranges::any_of(r.nodes, is_composite); });
}

ir::Program expand_once(const ir::Program& p) {
  ir::Builder out(p.name);
  copy_region(p, 0, out, 0, [&](ir::RegionIndex r, ir::Node n) {
    if (is_composite(n)) return std::vector{ir::expand(out, r, n)};
    const std::size_t results = n.results.size();
    return values_from(out.emit(r, std::move(n)), results);
  });
  return out.finish();
}

}  // namespace

ir::Program expand(const ir::Program& program) {
  ir::Program p = program;
  while (has_composite(p)) p = expand_once(p);
  return p;
}

}  // namespace monograph::passes
