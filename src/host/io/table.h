// Attributes that a file gives one by one, as columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "host/io/text.h"

namespace monograph::io {

/// A column that grows with values in any order of rows.
class GrowingColumn {
 public:
  GrowingColumn(std::string name, ScalarType type) : name_(std::move(name)), type_(type) {}
  const std::string& name() const { return name_; }
  ScalarType type() const { return type_; }
  /// What rows without a value have; without it such a row is NaN in a column of floats, and else an error.
  void set_default(Constant value) { fallback_ = value, has_fallback_ = true; }
  /// A value of the column's type; a column of f64 takes integers, too.
  void set(std::size_t row, Constant value);
  /// Integers become f64, where `type` is that.
  void widen(ScalarType type);
  bool any() const { return has_fallback_ || !values_.empty(); }
  bool has(std::size_t row) const { return row < given_.size() && given_[row]; }
  /// `rows` elements. `row_without` gets a row that has no value where one is needed, and throws.
  template <class RowWithout>
  Column column(std::size_t rows, RowWithout row_without) const {
    Column out(type_, static_cast<std::int64_t>(rows));
    for (std::size_t r = 0; r < rows; ++r) {
      if (!has(r) && !has_fallback_ && !is_float(type_)) row_without(r);
      out.set(static_cast<std::int64_t>(r), has(r) ? values_[r] : has_fallback_ ? fallback_ : nan());
    }
    return out;
  }

 private:
  Constant nan() const;
  std::string name_;
  ScalarType type_;
  std::vector<Constant> values_;
  std::vector<bool> given_;
  Constant fallback_{};
  bool has_fallback_ = false;
};

/// The value that text is, of a type: "3", "-0.5", "1e9", "true", "1". False where it is not.
bool parse_value(std::string_view text, ScalarType type, Constant& value);

}  // namespace monograph::io
