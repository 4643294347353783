// Results for people (tables) and programs (JSON).
#pragma once

#include <monograph/graph.h>
#include <monograph/session.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace monograph::cli {

using Json = nlohmann::ordered_json;

/// `json` on several lines. Ids that are not UTF-8 are shown with replacement characters.
std::string pretty(const Json& json);

/// Which elements of a column lead: largest values first (not-a-number and unreachable last), of node
/// outputs the first nodes. Ties go to the lower index. At most `top` of them; 0 means all.
std::vector<std::int64_t> leading_elements(const Output& output, std::int64_t top);

/// The leading elements as an aligned table with a heading; a scalar as its value alone.
std::string result_table(const Graph& graph, const Output& output, std::int64_t top);

/// One output: name, type, size, and its value (a scalar) or its leading elements under "top".
Json output_json(const Graph& graph, const Output& output, std::int64_t top);

/// A constant as JSON; what JSON numbers cannot say is text: "Infinity", "-Infinity", "NaN".
Json constant_json(const Constant& value);

}  // namespace monograph::cli
