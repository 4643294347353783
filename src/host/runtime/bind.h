// From what a caller gives (numbers, text, node ids) to the constants that a program's parameters take in one
// run.
#pragma once

#include <monograph/session.h>

#include <map>
#include <string>

namespace monograph::runtime {

/// UsageError naming the parameter, what it expects and what was given.
std::map<std::string, Constant, std::less<>> bind_parameters(const std::vector<ParameterInfo>& known,
                                                             const Parameters& given, const Graph& graph);

}  // namespace monograph::runtime
