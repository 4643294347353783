// Messages about names that do not exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace monograph::cli {

/// `unknown <what> "name"; did you mean "x"?`, or the list of known names where none is near.
std::string unknown_name(std::string_view what, std::string_view name, const std::vector<std::string>& known);

/// "a, b, c".
std::string join(const std::vector<std::string>& names, std::string_view separator = ", ");

}  // namespace monograph::cli
