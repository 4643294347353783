#include "bench/peers/charts.h"

#include <algorithm>
#include <functional>

#include "bench/peers/svg.h"

namespace monograph::bench::peers {
namespace {

std::string text(const Report& row, const char* field) { return row.at(field).get<std::string>(); }
double number(const Report& row, const char* field) { return row.at(field).get<double>(); }
bool known(const Report& row, const char* field) { return row.contains(field) && row.at(field).is_number(); }

std::string threads_text(const Report& row) {
  const int ours = row.at("threads"), theirs = row.at("peer_threads");
  if (ours == theirs) return ours == 1 ? "1 thread" : std::to_string(ours) + " threads";
  return "ours " + std::to_string(ours) + " threads, " + std::to_string(theirs) + " there";
}

std::string bar_label(const Report& row) {
  const std::string setting = text(row, "setting");
  return text(row, "algorithm") + (setting.empty() ? "" : " (" + setting + ")") + " / " + text(row, "peer") +
         ", " + threads_text(row);
}

constexpr double kBarLeft = 380, kBarRight = 820, kBarTop = 34, kBarStep = 24, kBarHeight = 15,
                 kBarWidth = 900;

void draw_bar(Svg& svg, const Report& row, const LogScale& x, double y) {
  const double ratio = number(row, "ratio");
  const bool wins = ratio < 1;
  const double one = x.at(1), end = x.at(ratio);
  const std::string label = bar_label(row);
  svg.text(kBarLeft - 12, y + 12, "end", "label", label);
  svg.bar(std::min(one, end), y, std::max(std::abs(end - one), 1.0), kBarHeight, wins ? "ours" : "theirs",
          label + ": " + short_number(number(row, "ours_ms")) + " ms against " +
              short_number(number(row, "peer_ms")) + " ms, " + text(row, "method"));
  svg.text(wins ? end - 5 : end + 5, y + 12, wins ? "end" : "start", "value", short_number(ratio));
}

// scaling
// -------------------------------------------------------------------------------------------------------

constexpr double kLeft = 56, kRight = 400, kTop = 30, kBottom = 200, kWidth = 420, kHeight = 240;
constexpr const char* kFamilyStyles[] = {"first", "second", "third"};

/// What is drawn of a family: its field, and what it is bounded by.
struct Quantity {
  const char* field;
  const char* unit;
  std::string title;
  std::function<double(const Report& row)> bound;  ///< 0: none known
};

struct Series {
  std::string family;
  std::vector<const Report*> rows;
};

std::vector<Series> series_of(const Report& scaling, const std::string& algorithm, const char* field) {
  std::vector<Series> all;
  for (const Report& row : scaling) {
    if (text(row, "algorithm") != algorithm || !known(row, field)) continue;
    const std::string family = text(row, "family");
    const auto at = std::find_if(all.begin(), all.end(), [&](const Series& s) { return s.family == family; });
    if (at == all.end())
      all.push_back({family, {&row}});
    else
      at->rows.push_back(&row);
  }
  return all;
}

struct Extent {
  double low = 0, high = 0;
  void add(double value) {
    if (value <= 0) return;
    low = low == 0 ? value : std::min(low, value);
    high = std::max(high, value);
  }
};

void draw_axes(Svg& svg, const LogScale& x, const LogScale& y, const Quantity& what) {
  for (const double tick : y.ticks()) {
    svg.line(kLeft, y.at(tick), kRight, y.at(tick), "grid");
    svg.text(kLeft - 6, y.at(tick) + 4, "end", "tick", tick_text(tick));
  }
  for (const double tick : x.ticks()) {
    svg.line(x.at(tick), kTop, x.at(tick), kBottom, "grid");
    svg.text(x.at(tick), kBottom + 16, "middle", "tick", tick_text(tick));
  }
  svg.text(kRight, kBottom + 32, "end", "tick", "edges");
  svg.text(kLeft - 6, kTop - 12, "start", "label", what.title + ", " + what.unit);
}

/// Bounds hold within a level of the memory hierarchy: each stretch of rows in one of them has its own line.
void draw_bounds(Svg& svg, const Series& s, const LogScale& x, const LogScale& y, const Quantity& what,
                 const std::string& style) {
  Points stretch;
  std::string level;
  const auto draw = [&] {
    if (stretch.size() == 1) stretch.emplace_back(stretch[0].first + 6, stretch[0].second);
    if (!stretch.empty()) svg.path(stretch, "bound " + style);
    stretch.clear();
  };
  for (const Report* row : s.rows) {
    const double bound = what.bound(*row);
    if (bound <= 0 || text(*row, "level") != level) draw();
    level = text(*row, "level");
    if (bound > 0) stretch.emplace_back(x.at(number(*row, "edges")), y.at(bound));
  }
  draw();
}

void draw_series(Svg& svg, const Series& s, const LogScale& x, const LogScale& y, const Quantity& what,
                 const std::string& style) {
  Points points;
  for (const Report* row : s.rows)
    points.emplace_back(x.at(number(*row, "edges")), y.at(number(*row, what.field)));
  svg.path(points, "curve " + style);
  for (std::size_t i = 0; i < points.size(); ++i)
    svg.mark(
        points[i].first, points[i].second, style,
        text(*s.rows[i], "graph") + ": " + short_number(number(*s.rows[i], what.field)) + " " + what.unit);
  draw_bounds(svg, s, x, y, what, style);
}

std::string lines(const Report& scaling, const std::string& algorithm, const Quantity& what) {
  const std::vector<Series> all = series_of(scaling, algorithm, what.field);
  if (all.empty()) return "";
  Extent edges, values;
  for (const Series& s : all)
    for (const Report* row : s.rows) {
      edges.add(number(*row, "edges"));
      values.add(number(*row, what.field));
      values.add(what.bound(*row));
    }
  const LogScale x(edges.low, edges.high, kLeft, kRight), y(values.low, values.high, kBottom, kTop);
  Svg svg;
  draw_axes(svg, x, y, what);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const std::string style = kFamilyStyles[std::min<std::size_t>(i, 2)];
    draw_series(svg, all[i], x, y, what, style);
    const double left = kLeft + 80 * static_cast<double>(i);
    svg.line(left, kBottom + 28, left + 18, kBottom + 28, "curve " + style);
    svg.text(left + 22, kBottom + 32, "start", "tick", all[i].family);
  }
  return svg.finish(kWidth, kHeight, what.title + " over edges");
}

}  // namespace

std::vector<std::string> values_of(const Report& rows, const std::string& field) {
  std::vector<std::string> values;
  for (const Report& row : rows)
    if (const std::string value = text(row, field.c_str());
        std::find(values.begin(), values.end(), value) == values.end())
      values.push_back(value);
  return values;
}

std::string ratio_bars(const Report& rows, const std::string& graph) {
  std::vector<const Report*> mine;
  Extent ratios;
  for (const Report& row : rows)
    if (text(row, "graph") == graph && number(row, "ratio") > 0) {
      mine.push_back(&row);
      ratios.add(number(row, "ratio"));
    }
  if (mine.empty()) return "";
  const LogScale x(ratios.low, ratios.high, kBarLeft + 40, kBarRight, 1);
  const double bottom = kBarTop + kBarStep * static_cast<double>(mine.size());
  Svg svg;
  for (const double tick : x.ticks()) {
    svg.line(x.at(tick), kBarTop - 6, x.at(tick), bottom, "grid");
    svg.text(x.at(tick), kBarTop - 12, "middle", "tick", tick_text(tick));
  }
  for (std::size_t i = 0; i < mine.size(); ++i)
    draw_bar(svg, *mine[i], x, kBarTop + kBarStep * static_cast<double>(i));
  svg.line(x.at(1), kBarTop - 6, x.at(1), bottom, "one");
  svg.text(x.at(1), bottom + 16, "middle", "tick", "time of ours / time of the peer; 1: as fast");
  return svg.finish(kBarWidth, bottom + 26, "Ours over peers on " + graph);
}

std::string time_lines(const Report& scaling, const std::string& algorithm) {
  return lines(scaling, algorithm,
               {"ns_per_edge", "ns", algorithm + ": time per edge",
                [](const Report& row) { return known(row, "ns_bound") ? number(row, "ns_bound") : 0; }});
}

std::string memory_lines(const Report& scaling, const std::string& algorithm) {
  return lines(scaling, algorithm, {"memory_mb", "MB", algorithm + ": peak memory", [](const Report& row) {
                                      return known(row, "memory_bound_mb") ? number(row, "memory_bound_mb")
                                                                           : 0;
                                    }});
}

}  // namespace monograph::bench::peers
