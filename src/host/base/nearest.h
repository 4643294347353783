// "Did you mean": the known name nearest to one that is not known.
#pragma once

#include <span>
#include <string_view>

namespace monograph::base {

/// The candidate with the least edit distance to `name`, or "" when none is within a third of its length (at
/// least 2).
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

}  // namespace monograph::base
