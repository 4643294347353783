#include "host/ir/scanner.h"

#include <charconv>

#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

// not <cctype>: that asks the locale
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }
int hex_value(char c) {
  return is_digit(c)            ? c - '0'
         : c >= 'a' && c <= 'f' ? c - 'a' + 10
         : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                : -1;
}

}  // namespace

Scanner::Scanner(std::string_view text, const std::string& file) : text_(text), file_(file) {
  constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
  if (text_.starts_with(kByteOrderMark)) text_.remove_prefix(kByteOrderMark.size());
}

void Scanner::skip() {
  for (; pos_ < text_.size(); ++pos_) {
    if (text_[pos_] == '#')
      while (pos_ + 1 < text_.size() && text_[pos_ + 1] != '\n') ++pos_;
    else if (!is_space(text_[pos_]))
      return;
    if (text_[pos_] == '\n') ++line_, line_start_ = pos_ + 1;
  }
}

char Scanner::peek() { return at_end() ? '\0' : text_[pos_]; }

bool Scanner::accept(char c) {
  if (at_end() || text_[pos_] != c) return false;
  return ++pos_, true;
}

void Scanner::expect(char c, const std::string& what) {
  if (!accept(c)) fail(what);
}

Location Scanner::here() {
  skip();
  return place();
}

Location Scanner::place() const { return {file_, line_, static_cast<std::uint32_t>(pos_ - line_start_ + 1)}; }

template <class Is>
std::string_view Scanner::run(Is is) {
  const std::size_t start = pos_;
  while (pos_ < text_.size() && is(text_[pos_])) ++pos_;
  return text_.substr(start, pos_ - start);
}

std::string_view Scanner::name() {
  if (!is_letter(peek())) return {};
  return run([](char c) { return is_letter(c) || is_digit(c) || c == '.'; });
}

std::string_view Scanner::word(std::string_view more) {
  skip();
  return run([more](char c) { return is_letter(c) || is_digit(c) || more.find(c) != more.npos; });
}

std::string_view Scanner::label() {
  if (peek() != '%') fail("a value such as %0");
  const Scanner before = *this;
  ++pos_;
  const std::string_view text = run([](char c) { return is_letter(c) || is_digit(c); });
  if (text.empty()) Scanner(before).fail("a value such as %0");
  return text;
}

bool Scanner::digit_next(std::size_t ahead) const {
  return pos_ + ahead < text_.size() && is_digit(text_[pos_ + ahead]);
}

std::uint32_t Scanner::result_number() {
  if (pos_ == text_.size() || text_[pos_] != ':' || !digit_next(1)) return 0;
  ++pos_;
  return number("the number of a result");
}

std::uint32_t Scanner::number(const std::string& what) {
  const Location at = here();
  const std::string_view digits = word();
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc{} || end != digits.data() + digits.size())
    digits.empty() ? fail(what) : fail(at, what, excerpt(digits));
  return value;
}

char Scanner::escape() {
  constexpr std::string_view kLetters = "ntr0abfv\"'\\?", kMeans = {"\n\t\r\0\a\b\f\v\"'\\?", 12};
  if (pos_ < text_.size()) {
    const char c = text_[pos_];
    if (const std::size_t i = kLetters.find(c); i != kLetters.npos && !(c == '0' && digit_next(1)))
      return ++pos_, kMeans[i];
    if (c == 'x' && pos_ + 2 < text_.size()) {
      const int high = hex_value(text_[pos_ + 1]), low = hex_value(text_[pos_ + 2]);
      if (high >= 0 && low >= 0) return pos_ += 3, static_cast<char>(high * 16 + low);
    }
  }
  fail(place(), "an escape: \\n \\t \\r \\0 \\a \\b \\f \\v \\\" \\' \\\\ \\? or \\xHH",
       excerpt(text_.substr(pos_ - 1, 2)));
}

std::string Scanner::string(const std::string& what) {
  expect('"', what);
  std::string out;
  while (pos_ < text_.size() && text_[pos_] != '"') {
    if (text_[pos_] == '\n') fail(place(), "\" before the end of the line", "a line break");
    const char c = text_[pos_++];
    out += c == '\\' ? escape() : c;
  }
  if (pos_ == text_.size()) fail("\" at the end of a string");
  return ++pos_, out;
}

Type Scanner::type() {
  const Location at = here();
  const std::size_t start = pos_;
  word();
  if (pos_ > start && pos_ < text_.size() && text_[pos_] == '[') {
    ++pos_;
    run([](char c) { return is_letter(c) || is_digit(c); });
    if (pos_ < text_.size() && text_[pos_] == ']') ++pos_;
  }
  Type t;
  const std::string_view text = text_.substr(start, pos_ - start);
  if (text.empty()) fail("a type such as f64, i64[V] or bool[E]");
  if (!parse_type(text, t)) fail(at, "a type such as f64, i64[V] or bool[E]", excerpt(text));
  return t;
}

bool Scanner::name_and_equals() const {
  Scanner ahead = *this;
  return !ahead.name().empty() && ahead.accept('=');
}

bool Scanner::label_and_equals() const {
  Scanner ahead = *this;
  if (!ahead.accept('%')) return false;
  ahead.run([](char c) { return is_letter(c) || is_digit(c); });
  return ahead.accept('=');
}

bool Scanner::defined_below(std::string_view label) const {
  Scanner ahead = *this;
  for (int depth = 0; !ahead.at_end();) {
    const char c = ahead.peek();
    if (c == '"') {
      for (++ahead.pos_; ahead.pos_ < text_.size() && text_[ahead.pos_] != '"'; ++ahead.pos_)
        if (text_[ahead.pos_] == '\\') ++ahead.pos_;
    } else if (c == '%' && depth == 0 && ahead.label_and_equals()) {
      if (ahead.label() == label) return true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && depth-- == 0) {
      return false;
    }
    if (ahead.pos_ < text_.size()) ++ahead.pos_;
  }
  return false;
}

std::string Scanner::found() {
  if (at_end()) return "the end of the text";
  Scanner ahead = *this;
  ahead.accept('%');
  ahead.word("+-.");
  const std::size_t length = ahead.pos_ - pos_;
  if (length > 0) return excerpt(text_.substr(pos_, length));
  std::size_t one = 1;  // a whole character, where it is not ASCII
  while (pos_ + one < text_.size() && (static_cast<unsigned char>(text_[pos_ + one]) & 0xc0) == 0x80) ++one;
  return excerpt(text_.substr(pos_, one));
}

void Scanner::fail(const std::string& expected) {
  const Location at = here();
  fail(at, expected, found());
}

void Scanner::fail(const Location& at, const std::string& expected, const std::string& found) const {
  throw CompileError(at, "expected " + expected + ", found " + found);
}

}  // namespace monograph::ir
