// Drawings as text: SVG that stands inside of a page and takes its colours from the page's style sheet.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace monograph::bench::peers {

/// As text or as the value of an attribute, in XML and in HTML alike. Characters that XML has no place for
/// become "?".
std::string escaped(std::string_view text);

/// "0.042", "1.3", "170": three digits that count, without an exponent.
std::string short_number(double value);
/// Of a power of ten: "0.01", "10", "10 k", "1 M".
std::string tick_text(double value);

using Points = std::vector<std::pair<double, double>>;

/// A logarithmic scale from [low, high], both > 0, to pixels.
class LogScale {
 public:
  /// Widened to powers of ten, and so that `always` is within.
  LogScale(double low, double high, double from, double to, double always);
  LogScale(double low, double high, double from, double to) : LogScale(low, high, from, to, low) {}
  double at(double value) const;
  /// Powers of ten.
  std::vector<double> ticks() const;

 private:
  int low_, high_;
  double from_, to_;
};

/// Shapes in the order in which they are drawn. `style` is a class of the style sheet.
class Svg {
 public:
  void line(double x1, double y1, double x2, double y2, std::string_view style);
  void bar(double x, double y, double width, double height, std::string_view style, std::string_view title);
  void path(const Points& points, std::string_view style);
  void mark(double x, double y, std::string_view style, std::string_view title);
  /// `anchor`: start, middle or end.
  void text(double x, double y, std::string_view anchor, std::string_view style, std::string_view what);
  /// The element; `label` is what it shows, for those who do not see it.
  std::string finish(double width, double height, std::string_view label) const;

 private:
  std::string body_;
};

}  // namespace monograph::bench::peers
