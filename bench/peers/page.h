// A report of suite "peers" as a page: one file, no network, no scripts.
#pragma once

#include <string>

#include "bench/suite.h"

namespace monograph::bench::peers {

/// HTML made from the document alone. `origin` is what messages call it. InputError where a field is missing
/// or of another type.
std::string page(const Report& report, const std::string& origin = "report");

}  // namespace monograph::bench::peers
