#include "cli/names.h"

#include "host/base/nearest.h"

namespace monograph::cli {

std::string join(const std::vector<std::string>& names, std::string_view separator) {
  std::string result;
  for (const std::string& name : names) {
    if (!result.empty()) result += separator;
    result += name;
  }
  return result;
}

std::string unknown_name(std::string_view what, std::string_view name,
                         const std::vector<std::string>& known) {
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  std::string message = "unknown ";
  message.append(what).append(" \"").append(name).append("\"");
  if (const std::string_view near = base::nearest(name, candidates); !near.empty())
    message.append("; did you mean \"").append(near).append("\"?");
  if (known.empty()) return message + " (there are none)";
  return message + " (known: " + join(known) + ")";
}

}  // namespace monograph::cli
