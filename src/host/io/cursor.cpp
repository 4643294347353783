#include "host/io/cursor.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace monograph::io {
namespace {

constexpr std::ptrdiff_t kReportEvery = 1 << 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The text between quotes, "" inside meaning one quote; null when nothing closes them on this line.
const char* closing_quote(const char* open) {
  for (const char* q = open + 1; *q != '\n'; ++q) {
    if (*q != '"') continue;
    if (q[1] != '"') return q;
    ++q;
  }
  return nullptr;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] == '"') ++i;
  }
  return out;
}

/// The exponent that a number has as d.ddd * 10^exponent with a first digit that is not 0; the sign of it
/// stays right where it does not fit. Of a zero: the smallest.
std::int64_t decimal_exponent(std::string_view number) {
  constexpr std::int64_t kFar = std::int64_t{1} << 62;  // more than any file has digits
  const auto mantissa = number.substr(0, number.find_first_of("eE"));
  const auto first = mantissa.find_first_of("123456789");
  if (first == mantissa.npos) return -kFar;
  const auto point = std::min(mantissa.find('.'), mantissa.size());
  const auto position = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first) - (first < point);
  auto written = number.substr(std::min(mantissa.size() + 1, number.size()));
  if (written.starts_with('+')) written.remove_prefix(1);
  std::int64_t exponent = 0;
  const auto r = std::from_chars(written.data(), written.data() + written.size(), exponent);
  if (r.ec == std::errc::result_out_of_range) exponent = written.starts_with('-') ? -kFar : kFar;
  return std::clamp(exponent, -kFar, kFar) + position;
}

/// from_chars reports overflow and underflow alike; what is too small is as good as zero.
double out_of_range(std::string_view number) {
  if (decimal_exponent(number) >= 0) return std::numeric_limits<double>::infinity();
  return number.starts_with('-') ? -0.0 : 0.0;
}

}  // namespace

Cursor::Cursor(const Text& text, char delimiter)
    : text_(text), p_(text.begin()), end_(text.end()), report_at_(p_) {
  set_delimiter(delimiter);
}

Cursor::Cursor(const Text& text, std::string_view lines, char delimiter)
    : text_(text), p_(lines.data()), end_(lines.data() + lines.size()), report_at_(end_ + 1) {
  set_delimiter(delimiter);
}

void Cursor::set_delimiter(char delimiter) {
  delimiter_ = delimiter;
  ends_field_.fill(false);
  for (const char c : {' ', '\t', '\r', '\n'}) ends_field_[static_cast<unsigned char>(c)] = true;
  if (delimiter) ends_field_[static_cast<unsigned char>(delimiter)] = true;
}

void Cursor::report_progress() {
  if (p_ > text_.begin())
    text_.progress().parsed(static_cast<double>(p_ - text_.begin()) / static_cast<double>(text_.size()));
  report_at_ = p_ + std::min(kReportEvery, end_ - p_);
}

bool Cursor::next_line(bool all_comments) {
  if (p_ >= report_at_) report_progress();
  for (; p_ < end_; skip_line()) {
    skip_blanks();
    if (*p_ == '\n') continue;
    const bool comment = *p_ == '%' || (all_comments && (*p_ == '#' || (*p_ == '/' && p_[1] == '/')));
    if (!comment) return true;
  }
  return false;
}

void Cursor::skip_line() {
  p_ = static_cast<const char*>(std::memchr(p_, '\n', static_cast<std::size_t>(end_ - p_) + 1)) + 1;
  if (p_ > end_) p_ = end_;
}

bool Cursor::next_delimited_field() {
  if (*p_ == '\n') return false;
  if (*p_ != delimiter_)
    fail(delimiter_ == '\t' ? "a tab or the end of the line"
                            : std::string("\"") + delimiter_ + "\" or the end of the line");
  ++p_;
  skip_blanks();
  return true;
}

/// Parses a field that may stand in quotes, as spreadsheets write numbers. `parse` gets the field and where
/// it ends and fails itself.
template <class T, class Parse>
T Cursor::quoted_or(Parse parse) {
  const char* const open = p_;
  if (*open != '"') {
    const auto token = peek();
    const T value = parse(token);
    p_ += token.size();
    return value;
  }
  const char* const close = closing_quote(open);
  if (!close) fail("a closing quote on the same line");
  const T value = parse(std::string_view(open + 1, static_cast<std::size_t>(close - open - 1)));
  p_ = close + 1;
  return value;
}

std::int64_t Cursor::integer(const char* hint) {
  return quoted_or<std::int64_t>([&](std::string_view token) {
    const bool plus = token.size() > 1 && token[0] == '+' && is_digit(token[1]);
    const auto digits = token.substr(plus);
    std::int64_t value = 0;
    const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (r.ec == std::errc::result_out_of_range) fail("an integer of 64 bits");
    if (r.ec != std::errc{} || r.ptr != digits.data() + digits.size()) fail("integer", hint);
    return value;
  });
}

std::int64_t Cursor::unusual_index(const char* hint) {
  const char* const place = p_;
  const auto value = integer(hint);
  if (value < 0) fail_at(place, "an integer >= 0", hint);
  return value;
}

double Cursor::unusual_number() {
  return quoted_or<double>([&](std::string_view token) {
    const bool plus = token.size() > 1 && token[0] == '+' && token[1] != '-';
    const auto digits = token.substr(plus);
    double value = 0;
    const auto r = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (r.ec == std::errc::invalid_argument || r.ptr != digits.data() + digits.size()) fail("number");
    if (r.ec == std::errc::result_out_of_range) value = out_of_range(digits);
    if (!std::isfinite(value)) fail("a finite number", "a weight must be finite");
    return value;
  });
}

std::string_view Cursor::word(std::deque<std::string>& storage) {
  if (*p_ != '"') {
    const auto token = peek();
    if (token.empty()) fail("a node id");
    p_ += token.size();
    return token;
  }
  const char* const close = closing_quote(p_);
  if (!close) fail("a closing quote on the same line");
  const std::string_view inside(p_ + 1, static_cast<std::size_t>(close - p_ - 1));
  p_ = close + 1;
  if (inside.find('"') == inside.npos) return inside;
  return storage.emplace_back(unescaped(inside));
}

std::string_view Cursor::rest_of_line() const {
  const char* q = static_cast<const char*>(std::memchr(p_, '\n', static_cast<std::size_t>(end_ - p_) + 1));
  while (q > p_ && (q[-1] == '\r' || q[-1] == ' ')) --q;
  return {p_, static_cast<std::size_t>(q - p_)};
}

std::string_view Cursor::peek() const {
  const char* q = p_;
  if (*q == '"')
    if (const char* close = closing_quote(q)) return {p_, static_cast<std::size_t>(close + 1 - p_)};
  if (delimiter_ == 0) {
    while (!ends_field(*q)) ++q;
  } else {
    while (*q != '\n' && *q != delimiter_) ++q;
    while (q > p_ && (q[-1] == '\r' || q[-1] == ' ' || q[-1] == '\t')) --q;
  }
  return {p_, static_cast<std::size_t>(q - p_)};
}

int Cursor::count_fields(const char* place) const {
  Cursor copy = *this;
  copy.p_ = place;
  int count = 0;
  if (copy.at_line_end()) return 0;
  for (;;) {
    ++count;
    copy.p_ += copy.peek().size();
    copy.skip_blanks();
    if (*copy.p_ == '\n') return count;
    if (copy.delimiter_ && *copy.p_ == copy.delimiter_) {
      ++copy.p_;
      copy.skip_blanks();
    }
  }
}

void Cursor::fail_at(const char* place, const std::string& expected, const std::string& hint) const {
  Cursor there = *this;
  there.p_ = place;
  const auto field = there.peek();
  const std::string found = !field.empty()                     ? quoted(field)
                            : place >= end_                    ? "the end of the file"
                            : *place == '\n' || *place == '\r' ? "the end of the line"
                                                               : quoted({place, 1});
  text_.fail(place, "expected " + expected + ", found " + found + (hint.empty() ? "" : " (" + hint + ")"));
}

}  // namespace monograph::io
