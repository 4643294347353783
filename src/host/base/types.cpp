#include <monograph/types.h>

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace monograph {
namespace {

constexpr std::array<std::string_view, 5> kScalarNames = {"bool", "i32", "i64", "f32", "f64"};

bool parse_scalar(std::string_view text, ScalarType& out) {
  for (std::size_t i = 0; i < kScalarNames.size(); ++i)
    if (kScalarNames[i] == text) return out = static_cast<ScalarType>(i), true;
  return false;
}

template <class T>
bool parse_whole(std::string_view text, T& out, int base = 10) {
  std::from_chars_result r{};
  if constexpr (std::is_floating_point_v<T>)
    r = std::from_chars(text.data(), text.data() + text.size(), out);
  else
    r = std::from_chars(text.data(), text.data() + text.size(), out, base);
  return r.ec == std::errc{} && r.ptr == text.data() + text.size();
}

template <class F, class Bits>
std::string float_text(F v, Bits bits) {
  if (std::isnan(v)) {
    if (bits == std::bit_cast<Bits>(std::numeric_limits<F>::quiet_NaN())) return "nan";
    char buffer[24];
    auto end = std::to_chars(buffer, buffer + sizeof buffer, bits, 16).ptr;
    return "nan:0x" + std::string(buffer, end);
  }
  char buffer[40];
  std::string s(buffer, std::to_chars(buffer, buffer + sizeof buffer, v).ptr);
  if (s.find_first_of(".einf") == std::string::npos) s += ".0";  // a float never reads as an integer
  return s;
}

template <class F, class Bits>
bool parse_float(std::string_view text, Constant& out) {
  if (text.starts_with("nan:0x")) {
    Bits bits = 0;
    if (!parse_whole(text.substr(6), bits, 16) || !std::isnan(std::bit_cast<F>(bits))) return false;
    return out = Constant::of(std::bit_cast<F>(bits)), true;
  }
  if (text.starts_with('+')) text.remove_prefix(1);
  F v = 0;
  if (text == "nan")
    v = std::numeric_limits<F>::quiet_NaN();
  else if (text.empty() || text.find("nan") != text.npos || !parse_whole(text, v))
    return false;
  return out = Constant::of(v), true;
}

}  // namespace

std::string_view to_string(ScalarType s) { return kScalarNames[static_cast<std::size_t>(s)]; }

std::string to_string(const Type& t) {
  std::string s(to_string(t.scalar));
  if (t.width != 1) s += "x" + std::to_string(t.width);
  switch (t.domain) {
    case Domain::Scalar:
      return s;
    case Domain::Nodes:
      return s + "[V]";
    case Domain::Edges:
      return s + "[E]";
    case Domain::Fixed:
      return s + "[" + std::to_string(t.length) + "]";
  }
  return s;
}

bool parse_type(std::string_view text, Type& out) {
  Type t;
  const auto bracket = text.find('[');
  if (!parse_scalar(text.substr(0, bracket), t.scalar)) return false;
  if (bracket != text.npos) {
    if (!text.ends_with(']')) return false;
    const auto inside = text.substr(bracket + 1, text.size() - bracket - 2);
    if (inside == "V")
      t.domain = Domain::Nodes;
    else if (inside == "E")
      t.domain = Domain::Edges;
    else if (parse_whole(inside, t.length) && t.length >= 0)
      t.domain = Domain::Fixed;
    else
      return false;
  }
  out = t;
  return true;
}

std::string to_string(const Constant& c) {
  switch (c.type) {
    case ScalarType::Bool:
      return c.as<bool>() ? "true" : "false";
    case ScalarType::I32:
      return std::to_string(c.as<std::int32_t>());
    case ScalarType::I64:
      return std::to_string(c.as<std::int64_t>());
    case ScalarType::F32:
      return float_text(c.as<float>(), static_cast<std::uint32_t>(c.bits));
    case ScalarType::F64:
      return float_text(c.as<double>(), c.bits);
  }
  return {};
}

bool parse_constant(std::string_view text, ScalarType type, Constant& out) {
  switch (type) {
    case ScalarType::Bool: {
      const bool yes = text == "true" || text == "1";
      if (!yes && text != "false" && text != "0") return false;
      return out = Constant::of(yes), true;
    }
    case ScalarType::I32: {
      std::int32_t v = 0;
      return parse_whole(text, v) && (out = Constant::of(v), true);
    }
    case ScalarType::I64: {
      std::int64_t v = 0;
      return parse_whole(text, v) && (out = Constant::of(v), true);
    }
    case ScalarType::F32:
      return parse_float<float, std::uint32_t>(text, out);
    case ScalarType::F64:
      return parse_float<double, std::uint64_t>(text, out);
  }
  return false;
}

}  // namespace monograph
