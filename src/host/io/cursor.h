// Reads fields of lines: integers, numbers and words, between blanks or a delimiter.
//
// A line end follows the text (see Text), so loops over the characters of a line need no check for the end.
// Where a place is in the file is worked out only when an error names it.
#pragma once

#include <array>
#include <deque>

#include "host/io/text.h"

namespace monograph::io {

class Cursor {
 public:
  /// `delimiter` 0: any run of blanks.
  explicit Cursor(const Text& text, char delimiter = 0);
  /// The same over whole lines of the text, of which nothing is reported.
  Cursor(const Text& text, std::string_view lines, char delimiter);

  const char* place() const { return p_; }
  void set_delimiter(char delimiter);
  char delimiter() const { return delimiter_; }

  /// Goes to the first character of the next line that has a field; false at the end of the text. A line that
  /// begins with '%' is a comment; with `all_comments` also one with '#' or "//".
  bool next_line(bool all_comments = true);
  /// Leaves out what remains of this line.
  void skip_line();
  /// The same where nothing remains of it.
  void end_line() { p_ += p_ < end_; }

  /// An integer >= 0, 64 bits; `hint` is what to do about anything else.
  std::int64_t index(const char* hint = "") {
    const char* q = p_;
    std::uint64_t value = 0;
    for (unsigned digit; (digit = static_cast<unsigned>(*q) - '0') <= 9; ++q) value = value * 10 + digit;
    const auto digits = q - p_;
    if (digits < 1 || digits > 18 || !ends_field(*q)) [[unlikely]]
      return unusual_index(hint);
    p_ = q;
    return static_cast<std::int64_t>(value);
  }
  /// An integer of either sign, 64 bits.
  std::int64_t integer(const char* hint = "");
  /// A finite number; one too small for a double is 0, with its sign.
  double number() {
    const char* q = p_;
    const bool negative = *q == '-';
    q += negative;
    std::uint64_t digits = 0;
    const char* const first = q;
    for (unsigned digit; (digit = static_cast<unsigned>(*q) - '0') <= 9; ++q) digits = digits * 10 + digit;
    auto count = q - first;
    std::ptrdiff_t fraction = 0;
    if (*q == '.') {
      const char* const point = q++;
      for (unsigned digit; (digit = static_cast<unsigned>(*q) - '0') <= 9; ++q) digits = digits * 10 + digit;
      fraction = q - point - 1;
      count += fraction;
    }
    if (count < 1 || count > kExactDigits || !ends_field(*q)) [[unlikely]]
      return unusual_number();
    p_ = q;
    const double value = static_cast<double>(digits) / kPowersOfTen[fraction];
    return negative ? -value : value;
  }
  /// Text, without quotes around it; a view of the text or of `storage`.
  std::string_view word(std::deque<std::string>& storage);

  /// Goes past what separates two fields; false at the end of the line.
  bool next_field() {
    skip_blanks();
    if (delimiter_ == 0) return *p_ != '\n';
    return next_delimited_field();
  }
  bool at_line_end() {
    skip_blanks();
    return *p_ == '\n';
  }
  /// How many fields there are from `place` to the end of its line.
  int count_fields(const char* place) const;
  /// The field at the cursor as it stands, without moving.
  std::string_view peek() const;
  /// The line at the cursor, from the cursor on.
  std::string_view rest_of_line() const;

  /// "... expected WHAT, found FIELD (hint)" at the cursor.
  [[noreturn]] void fail(const std::string& expected, const std::string& hint = "") const {
    fail_at(p_, expected, hint);
  }
  /// The same at a place that the cursor passed.
  [[noreturn]] void fail_at(const char* place, const std::string& expected,
                            const std::string& hint = "") const;
  const Text& text() const { return text_; }

 private:
  /// So few digits, and the power of ten that they are divided by, are doubles; the quotient is then the
  /// double nearest to the number.
  static constexpr std::ptrdiff_t kExactDigits = 15;
  static constexpr double kPowersOfTen[kExactDigits + 1] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                                            1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
  bool ends_field(char c) const { return ends_field_[static_cast<unsigned char>(c)]; }
  void skip_blanks() {
    while (*p_ == ' ' || *p_ == '\t' || *p_ == '\r') {
      if (*p_ == '\t' && delimiter_ == '\t') return;
      ++p_;
    }
  }
  bool next_delimited_field();
  std::int64_t unusual_index(const char* hint);
  double unusual_number();
  template <class T, class Parse>
  T quoted_or(Parse parse);
  void report_progress();

  const Text& text_;
  const char *p_, *end_, *report_at_;
  char delimiter_ = 0;
  std::array<bool, 256> ends_field_{};
};

}  // namespace monograph::io
