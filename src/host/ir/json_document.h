// JSON documents from untrusted text, and JSON as a person would lay it out. Private: no public header shows
// JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace monograph::ir {

/// The document in `text`; CompileError "file:line:column: ..." for anything that is not JSON, that nests
/// deeper than a program may, or that names a key twice in one object.
nlohmann::json read_json(std::string_view text, const std::string& file);

/// What fits on a line on one line, the rest indented. CompileError when a string is not UTF-8.
std::string write_json(const nlohmann::ordered_json& document);

}  // namespace monograph::ir
