#include "host/io/table.h"

#include <charconv>
#include <limits>

namespace monograph::io {
namespace {

template <class T>
bool parse_as(std::string_view text, Constant& value) {
  if (text.size() > 1 && text[0] == '+') text.remove_prefix(1);
  T number{};
  const auto r = std::from_chars(text.data(), text.data() + text.size(), number);
  if (r.ec != std::errc{} || r.ptr != text.data() + text.size()) return false;
  value = Constant::of(number);
  return true;
}

bool parse_bool(std::string_view text, Constant& value) {
  const bool yes = text == "true" || text == "True" || text == "1";
  if (!yes && text != "false" && text != "False" && text != "0") return false;
  value = Constant::of(yes);
  return true;
}

}  // namespace

namespace {

/// i64 as f64; anything else as it is.
Constant as_float(Constant value) {
  return value.type == ScalarType::I64 ? Constant::of(static_cast<double>(value.as<std::int64_t>())) : value;
}

}  // namespace

void GrowingColumn::widen(ScalarType type) {
  if (type_ != ScalarType::I64 || type != ScalarType::F64) return;
  type_ = type;
  for (Constant& v : values_) v = as_float(v);
}

void GrowingColumn::set(std::size_t row, Constant value) {
  if (type_ == ScalarType::F64) value = as_float(value);
  if (row >= values_.size()) {
    values_.resize(row + 1);
    given_.resize(row + 1);
  }
  values_[row] = value;
  given_[row] = true;
}

Constant GrowingColumn::nan() const {
  return type_ == ScalarType::F32 ? Constant::of(std::numeric_limits<float>::quiet_NaN())
                                  : Constant::of(std::numeric_limits<double>::quiet_NaN());
}

bool parse_value(std::string_view text, ScalarType type, Constant& value) {
  switch (type) {
    case ScalarType::Bool:
      return parse_bool(text, value);
    case ScalarType::I32:
      return parse_as<std::int32_t>(text, value);
    case ScalarType::I64:
      return parse_as<std::int64_t>(text, value);
    case ScalarType::F32:
      return parse_as<float>(text, value);
    case ScalarType::F64:
      return parse_as<double>(text, value);
  }
  return false;
}

}  // namespace monograph::io
