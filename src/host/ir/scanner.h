// Characters of the text form: whitespace, comments, words, strings and places.
#pragma once

#include <monograph/error.h>
#include <monograph/types.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace monograph::ir {

class Scanner {
 public:
  Scanner(std::string_view text, const std::string& file);

  /// The next character after whitespace and comments; '\0' at the end.
  char peek();
  bool at_end() { return skip(), pos_ == text_.size(); }
  /// Consumes `c` if it is next.
  bool accept(char c);
  void expect(char c, const std::string& what);
  /// The place of the next token.
  Location here();

  /// A name of letters, digits, '_' and '.', not starting with a digit; empty when there is none.
  std::string_view name();
  /// A run of letters, digits and any of `more`; empty when there is none.
  std::string_view word(std::string_view more = {});
  /// "%label", without the '%'.
  std::string_view label();
  /// ":1" right behind a label: the number of a result; 0 when there is none.
  std::uint32_t result_number();
  std::uint32_t number(const std::string& what);
  std::string string(const std::string& what);
  Type type();

  /// Is a name followed by `=` next, or a label followed by `=`?
  bool name_and_equals() const;
  bool label_and_equals() const;
  /// Is `label` given to a node further down in this region?
  bool defined_below(std::string_view label) const;

  [[noreturn]] void fail(const std::string& expected);
  [[noreturn]] void fail(const Location& at, const std::string& expected, const std::string& found) const;

 private:
  void skip();
  Location place() const;  // of the next character
  std::string found();
  char escape();
  bool digit_next(std::size_t ahead) const;
  template <class Is>
  std::string_view run(Is is);

  std::string_view text_;
  const std::string& file_;
  std::size_t pos_ = 0, line_start_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace monograph::ir
