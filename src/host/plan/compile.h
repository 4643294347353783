// From a program to its plan, by way of the cache.
#pragma once

#include <memory>

#include "host/passes/passes.h"
#include "host/plan/cache.h"
#include "host/plan/plan.h"
#include "host/plan/templates.h"

namespace monograph::plan {

struct Compiled {
  std::shared_ptr<const Plan> plan;
  Cache::Origin origin = Cache::Origin::Made;
  std::string replaced_by = {};  ///< the template whose program this is; empty: what was given
};

/// UsageError for a level or pass that is not one, or a pass that plans cannot do without.
void check(const passes::PassOptions& options);

/// The plan of `program`, taken from `cache` where it is there, else made and kept there. What the cache has
/// is read like any other plan; what cannot be read is a warning of the cache, and made again. UsageError: as
/// `check`. A program that one of `templates` knows is replaced first: the plan, its key in the
/// cache and its source hash are then the replacement's.
Compiled compile(const ir::Program& program, const passes::PassOptions& options = {}, Cache* cache = nullptr,
                 const Templates& templates = {});

}  // namespace monograph::plan
