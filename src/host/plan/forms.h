// Plans as bytes and as JSON. Whoever wrote them is not trusted: reading ends in a plan that `verify` accepts
// or in a PlanError that says what was expected, what was found, and at which byte or path.
#pragma once

#include <string>
#include <string_view>

#include "host/passes/passes.h"
#include "host/plan/cache_folder.h"
#include "host/plan/plan.h"

namespace monograph::plan {

/// Of both forms: raised when a reader of before could misread what is written now.
inline constexpr std::uint32_t kPlanFormat = 2;

/// Equal plans give equal bytes. `origin` is what messages call the plan.
std::string to_bytes(const Plan& plan);
Plan from_bytes(std::string_view bytes, const std::string& origin = "plan");
/// For bytes that this process wrote or has read before: not verified again.
Plan from_own_bytes(std::string_view bytes);
std::string to_json(const Plan& plan);
Plan from_json(std::string_view text, const std::string& origin = "plan");

/// Under which the plan of `program` is kept: the program with its source lines (they are in messages), this
/// compiler (a digest of its source text), and the options.
CacheKey plan_key(const ir::Program& program, const passes::PassOptions& options);

/// A digest of the source text that compiles and reads plans: made when the library is built.
extern const char* const kCompilerIdentity;

}  // namespace monograph::plan
