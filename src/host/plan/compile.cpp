#include "host/plan/compile.h"

#include <monograph/error.h>

#include <algorithm>

#include "host/plan/forms.h"

namespace monograph::plan {
namespace {

std::shared_ptr<const Plan> make(const ir::Program& program, const passes::PassOptions& options) {
  Plan plan = build(passes::run(program, options));
  plan.source_hash = ir::hash(program).text();
  plan.level = options.level;
  return std::make_shared<const Plan>(std::move(plan));
}

Compiled compile_as_given(const ir::Program& program, const passes::PassOptions& options, Cache* cache) {
  if (!cache || cache->mode() == CacheMode::Off) return {make(program, options), Cache::Origin::Made};
  const CacheKey key = plan_key(program, options);
  std::shared_ptr<const Plan> made;
  const Cache::Got got = cache->find_or_make(key, [&] {
    made = make(program, options);
    return to_bytes(*made);
  });
  if (made) return {std::move(made), got.origin};
  const std::string name = "cache entry " + key.file_name();
  try {
    const bool ours = got.origin == Cache::Origin::Memory;  // written or verified by this process
    return {std::make_shared<const Plan>(ours ? from_own_bytes(*got.blob) : from_bytes(*got.blob, name)),
            got.origin};
  } catch (const PlanError& error) {
    cache->warn(std::string(error.what()) + "; it is made again");
    made = make(program, options);
    cache->keep(key, to_bytes(*made));
    return {std::move(made), Cache::Origin::Made};
  }
}

}  // namespace

void check(const passes::PassOptions& options) {
  passes::check(options);
  for (const passes::PassInfo& pass : passes::pass_table())
    if (pass.level == 0 && std::ranges::find(options.disabled, pass.name) != options.disabled.end())
      throw UsageError("pass " + std::string(pass.name) +
                       " cannot be left out: plans need it at every level");
}

Compiled compile(const ir::Program& program, const passes::PassOptions& options, Cache* cache,
                 const Templates& templates) {
  plan::check(options);
  const Template* known = templates.match(program);
  if (!known) return compile_as_given(program, options, cache);
  Compiled compiled = compile_as_given(known->replacement, options, cache);
  compiled.replaced_by = known->name;
  return compiled;
}

}  // namespace monograph::plan
