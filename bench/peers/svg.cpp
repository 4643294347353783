#include "bench/peers/svg.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace monograph::bench::peers {
namespace {

std::string fixed(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", value);
  return text;
}

std::string attribute(std::string_view name, double value) {
  return " " + std::string(name) + "=\"" + fixed(value) + "\"";
}
std::string attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + escaped(value) + "\"";
}

}  // namespace

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t')
      out += '?';
    else
      out += c;
  }
  return out;
}

std::string short_number(double value) {
  if (!std::isfinite(value)) return "-";
  const double size = std::fabs(value);
  const int before = size >= 1 ? static_cast<int>(std::floor(std::log10(size))) + 1 : 0;
  const int zeros = size > 0 && size < 1 ? static_cast<int>(-std::floor(std::log10(size))) - 1 : 0;
  char text[400];
  std::snprintf(text, sizeof text, "%.*f", std::max(0, 3 - before) + zeros, value);
  return text;
}

std::string tick_text(double value) {
  constexpr std::pair<double, const char*> kUnits[] = {{1e9, " G"}, {1e6, " M"}, {1e3, " k"}};
  std::string unit;
  for (const auto& [size, name] : kUnits)
    if (unit.empty() && value > 0.99 * size) unit = name, value /= size;
  char text[32];
  std::snprintf(text, sizeof text, "%g", value);
  return text + unit;
}

LogScale::LogScale(double low, double high, double from, double to, double always)
    : low_(static_cast<int>(std::floor(std::log10(std::min(low, always)) + 1e-9))),
      high_(static_cast<int>(std::ceil(std::log10(std::max(high, always)) - 1e-9))),
      from_(from),
      to_(to) {
  if (high_ == low_) ++high_;
}

double LogScale::at(double value) const {
  return from_ + (std::log10(value) - low_) / (high_ - low_) * (to_ - from_);
}

std::vector<double> LogScale::ticks() const {
  std::vector<double> out;
  for (int e = low_; e <= high_; ++e) out.push_back(std::pow(10.0, e));
  return out;
}

void Svg::line(double x1, double y1, double x2, double y2, std::string_view style) {
  body_ += "<line" + attribute("class", style) + attribute("x1", x1) + attribute("y1", y1) +
           attribute("x2", x2) + attribute("y2", y2) + "/>\n";
}

void Svg::bar(double x, double y, double width, double height, std::string_view style,
              std::string_view title) {
  body_ += "<rect" + attribute("class", style) + attribute("x", x) + attribute("y", y) +
           attribute("width", width) + attribute("height", height) + "><title>" + escaped(title) +
           "</title></rect>\n";
}

void Svg::path(const Points& points, std::string_view style) {
  std::string at;
  for (const auto& [x, y] : points) at += (at.empty() ? "" : " ") + fixed(x) + "," + fixed(y);
  body_ += "<polyline" + attribute("class", style) + attribute("points", at) + "/>\n";
}

void Svg::mark(double x, double y, std::string_view style, std::string_view title) {
  body_ += "<circle" + attribute("class", style) + attribute("cx", x) + attribute("cy", y) +
           attribute("r", 3.0) + "><title>" + escaped(title) + "</title></circle>\n";
}

void Svg::text(double x, double y, std::string_view anchor, std::string_view style, std::string_view what) {
  body_ += "<text" + attribute("class", style) + attribute("x", x) + attribute("y", y) +
           attribute("text-anchor", anchor) + ">" + escaped(what) + "</text>\n";
}

std::string Svg::finish(double width, double height, std::string_view label) const {
  return "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\"" + attribute("aria-label", label) +
         attribute("viewBox", "0 0 " + fixed(width) + " " + fixed(height)) + attribute("width", width) +
         attribute("height", height) + ">\n<title>" + escaped(label) + "</title>\n" + body_ + "</svg>\n";
}

}  // namespace monograph::bench::peers
