// Documents against the schemas beside the tests: what of JSON Schema those use, and no more.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace monograph::test {

/// The first violation as "path: what", or "". `schema` is a file of tests/cli.
std::string violation(const nlohmann::json& document, const std::string& schema);

}  // namespace monograph::test
