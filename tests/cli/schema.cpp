#include "cli/schema.h"

#include <algorithm>

#include "cli/program.h"

namespace monograph::test {
namespace {

using Json = nlohmann::json;

bool is_of_type(const Json& value, const std::string& type) {
  if (type == "number") return value.is_number();
  if (type == "integer") return value.is_number_integer();
  return value.type_name() == type;
}

bool has_type(const Json& value, const Json& types) {
  if (types.is_string()) return is_of_type(value, types);
  return std::any_of(types.begin(), types.end(), [&](const Json& t) { return is_of_type(value, t); });
}

std::string violation(const Json& value, const Json& schema, const std::string& path) {
  if (schema.is_boolean()) return schema.get<bool>() ? "" : path + ": not allowed";
  if (schema.contains("type") && !has_type(value, schema["type"])) return path + ": is " + value.type_name();
  if (schema.contains("enum") &&
      std::find(schema["enum"].begin(), schema["enum"].end(), value) == schema["enum"].end())
    return path + ": " + value.dump() + " is none of " + schema["enum"].dump();
  if (schema.contains("minimum") && value.is_number() && value < schema["minimum"])
    return path + ": too small";
  for (const Json& name : schema.value("required", Json::array()))
    if (value.is_object() && !value.contains(name.get<std::string>())) return path + ": lacks " + name.dump();
  if (value.is_object())
    for (const auto& [name, part] : value.items()) {
      const Json known = schema.value("properties", Json::object());
      const Json rule = known.contains(name) ? known[name] : schema.value("additionalProperties", Json(true));
      if (std::string v = violation(part, rule, path + "/" + name); !v.empty()) return v;
    }
  if (value.is_array())
    for (const Json& part : value)
      if (std::string v = violation(part, schema["items"], path + "[]"); !v.empty()) return v;
  return "";
}

}  // namespace

std::string violation(const Json& document, const std::string& schema) {
  const auto path = std::filesystem::path(MONOGRAPH_SOURCE_DIR) / "tests/cli" / schema;
  return violation(document, Json::parse(read_file(path)), "");
}

}  // namespace monograph::test
