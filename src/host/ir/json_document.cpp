#include "host/ir/json_document.h"

#include <algorithm>
#include <unordered_set>
#include <vector>

#include "host/base/printable.h"
#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

constexpr std::string_view kSpace = " \t\r\n";
constexpr std::size_t kLevelsPerRegion = 4;  // "regions": [{"body": [{
constexpr std::size_t kMaxLevels = (kMaxNesting + 2) * kLevelsPerRegion;

Location place(std::string_view text, std::size_t byte, const std::string& file) {
  const std::string_view before = text.substr(0, byte);
  const std::size_t line = before.rfind('\n');
  return {file, static_cast<std::uint32_t>(std::count(before.begin(), before.end(), '\n') + 1),
          static_cast<std::uint32_t>(byte - (line == before.npos ? 0 : line + 1) + 1)};
}

/// The end of the string whose opening quote is at `start`: its closing quote, or the end of the text.
std::size_t string_end(std::string_view text, std::size_t start) {
  std::size_t i = start + 1;
  while (i < text.size() && text[i] != '"') i += text[i] == '\\' ? 2 : 1;
  return std::min(i, text.size());
}

/// What the parser behind does not say: too deep, and a key twice (it would take the last one silently).
void check_structure(std::string_view text, const std::string& file) {
  std::vector<std::unordered_set<std::string_view>> keys;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '{' || text[i] == '[') {
      if (keys.size() == kMaxLevels)
        throw CompileError(place(text, i, file), "expected at most " + std::to_string(kMaxLevels) +
                                                     " levels of brackets, found one more");
      keys.emplace_back();
    } else if ((text[i] == '}' || text[i] == ']') && !keys.empty()) {
      keys.pop_back();
    } else if (text[i] == '"') {
      const std::size_t start = i;
      i = string_end(text, start);
      const std::string_view string = text.substr(start + 1, i - start - 1);
      const std::size_t next = text.find_first_not_of(kSpace, i + 1);
      if (next != text.npos && text[next] == ':' && !keys.empty() && !keys.back().insert(string).second)
        throw CompileError(place(text, start, file),
                           "expected each key once, found " + excerpt(string) + " a second time");
    }
  }
}

/// The parser's message without its own prefix and position.
std::string reason(std::string_view what) {
  for (std::string_view marker : {"syntax error ", "] "})
    if (const std::size_t at = what.find(marker); at != what.npos) {
      what.remove_prefix(marker == "] " ? at + 2 : at);
      break;
    }
  constexpr std::size_t kLongest = 160;
  return base::printable(what.substr(0, kLongest)) + (what.size() > kLongest ? "..." : "");
}

std::string key_text(const std::string& key) { return nlohmann::ordered_json(key).dump() + ": "; }

/// Appends `j` without line breaks while that stays within `width` characters; says whether it did.
bool append_line(const nlohmann::ordered_json& j, std::size_t width, std::string& out) {
  if (!j.is_structured()) {
    out += j.dump();
    return out.size() <= width;
  }
  out += j.is_object() ? '{' : '[';
  const char* separator = "";
  for (const auto& [key, value] : j.items()) {
    out += separator;
    if (j.is_object()) out += key_text(key);
    if (!append_line(value, width, out)) return false;
    separator = ", ";
  }
  out += j.is_object() ? '}' : ']';
  return out.size() <= width;
}

void lay_out(const nlohmann::ordered_json& j, std::size_t indent, std::string& out) {
  constexpr std::size_t kLineWidth = 110;
  std::string line;
  if (append_line(j, std::max(indent, kLineWidth) - indent, line) || !j.is_structured() || j.empty())
    return void(out += line);
  out += j.is_object() ? '{' : '[';
  const char* separator = "\n";
  for (const auto& [key, value] : j.items()) {
    out += separator + std::string(indent + 1, ' ');
    if (j.is_object()) out += key_text(key);
    lay_out(value, indent + 1, out);
    separator = ",\n";
  }
  out += "\n" + std::string(indent, ' ') + (j.is_object() ? '}' : ']');
}

}  // namespace

nlohmann::json read_json(std::string_view text, const std::string& file) {
  check_structure(text, file);
  try {
    return nlohmann::json::parse(text);
  } catch (const nlohmann::json::parse_error& e) {
    throw CompileError(place(text, std::min(e.byte > 0 ? e.byte - 1 : 0, text.size()), file),
                       "expected JSON, found a " + reason(e.what()));
  } catch (const nlohmann::json::exception& e) {
    throw CompileError({file}, "expected JSON with numbers in range, found: " + reason(e.what()));
  }
}

std::string write_json(const nlohmann::ordered_json& document) {
  try {
    std::string text;
    lay_out(document, 0, text);
    return text + "\n";
  } catch (const nlohmann::json::exception&) {
    throw CompileError({}, "expected names and texts in UTF-8, which JSON needs, found other bytes");
  }
}

}  // namespace monograph::ir
