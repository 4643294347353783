#include "host/ir/archive.h"

#include <charconv>

namespace monograph::ir {
namespace {

/// A number in its one spelling; what follows it is left in `text`.
bool read_number(std::string_view& text, std::uint32_t& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  const std::size_t digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || (digits > 1 && text.front() == '0')) return false;
  text.remove_prefix(digits);
  return true;
}

}  // namespace

std::string value_text(ValueId v) {
  if (v.is_none()) return "-";
  if (v.is_argument()) return "a" + std::to_string(v.result);
  return std::to_string(v.node) + (v.result == 0 ? "" : ":" + std::to_string(v.result));
}

bool read_value(std::string_view text, ValueId& out) {
  ValueId v;
  if (text == "-") return out = ValueId::none(), true;
  if (text.starts_with('a')) {
    text.remove_prefix(1);
    v.node = ValueId::kArgument;
    if (!read_number(text, v.result)) return false;
  } else {
    if (!read_number(text, v.node) || v.node >= ValueId::kArgument) return false;
    if (text.starts_with(':')) {
      text.remove_prefix(1);
      if (!read_number(text, v.result)) return false;
    }
  }
  if (!text.empty()) return false;
  return out = v, true;
}

}  // namespace monograph::ir
