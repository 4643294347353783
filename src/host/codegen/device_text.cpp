#include "host/codegen/device_text.h"

#include <monograph/error.h>

#include <charconv>
#include <cmath>

namespace monograph::codegen {
namespace {

std::string hexadecimal(std::uint64_t bits) {
  char digits[17];
  const auto end = std::to_chars(digits, digits + sizeof digits, bits, 16).ptr;
  return "0x" + std::string(digits, end);
}

template <class T>
std::string float_literal(T value, std::uint64_t bits, std::string_view type, std::string_view suffix) {
  if (!std::isfinite(value))
    return "mg_from_bits<" + std::string(type) + ">(" + hexadecimal(bits) + (sizeof(T) == 8 ? "ull)" : "u)");
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, std::abs(value), std::chars_format::hex).ptr;
  std::string text = "0x" + std::string(digits, end);
  if (text.find('p') == std::string::npos) text += "p+0";
  text += suffix;
  return std::signbit(value) ? "(-" + text + ")" : text;
}

/// The row as a template over R and T: `device_call` names it.
void add_row(std::string& text, const ops::ScalarInfo& row) {
  const std::string first = row.operands == ops::Operands::Select ? "bool a" : "T a";
  text += "template <class R, class T> MG_FN R mg_op_" + std::string(row.name) + "(" + first;
  if (row.arity > 1) text += ", T b";
  if (row.arity > 2) text += ", T c";
  text += ") { return " + std::string(row.tokens) + "; }\n";
}

void add_monoid(std::string& text, const ops::MonoidInfo& monoid) {
  text += "struct mg_monoid_" + std::string(monoid.name) +
          " {\n  template <class T> static MG_FN T identity() { return " + std::string(monoid.identity) +
          "; }\n  template <class T> static MG_FN T combine(T a, T b) { return mg_op_" +
          std::string(ops::info(monoid.combine).name) + "<T, T>(a, b); }\n};\n";
}

}  // namespace

std::string_view device_type(ScalarType t) {
  switch (t) {
    case ScalarType::Bool:
      return "bool";
    case ScalarType::I32:
      return "int";
    case ScalarType::I64:
      return "long long";
    case ScalarType::F32:
      return "float";
    case ScalarType::F64:
      return "double";
  }
  throw InternalError("unknown element type");
}

std::string device_literal(const Constant& c) {
  switch (c.type) {
    case ScalarType::Bool:
      return c.as<bool>() ? "true" : "false";
    case ScalarType::I32:  // the least value has no literal of its own type
      return "int(" + std::to_string(c.as<std::int32_t>()) + "ll)";
    case ScalarType::I64:
      return "(long long)(" + hexadecimal(c.bits) + "ull)";
    case ScalarType::F32:
      return float_literal(c.as<float>(), c.bits, "float", "f");
    case ScalarType::F64:
      return float_literal(c.as<double>(), c.bits, "double", "");
  }
  throw InternalError("unknown element type");
}

std::string device_call(ops::ScalarOp op, ScalarType t, ScalarType r, std::span<const std::string> operands) {
  std::string text = "mg_op_" + std::string(ops::info(op).name) + "<" + std::string(device_type(r)) + ", " +
                     std::string(device_type(t)) + ">(";
  for (std::size_t i = 0; i < operands.size(); ++i) text += (i ? ", " : "") + operands[i];
  return text + ")";
}

std::string table_text() {
  std::string text;
  for (const ops::ScalarInfo& row : ops::scalar_table()) add_row(text, row);
  for (const ops::MonoidInfo& monoid : ops::monoid_table()) add_monoid(text, monoid);
  return text;
}

}  // namespace monograph::codegen
