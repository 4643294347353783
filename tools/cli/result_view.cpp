#include "cli/result_view.h"

#include <monograph/io.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <numeric>
#include <span>
#include <type_traits>

#include "cli/result_file.h"
#include "cli/table.h"

namespace monograph::cli {
namespace {

// An order in which the larger comes first and what is no value (NaN, infinity, LDBC's "unreachable") last.
template <class T>
T rank_key(T value) {
  using Limits = std::numeric_limits<T>;
  if constexpr (std::is_floating_point_v<T>) return std::isfinite(value) ? value : -Limits::infinity();
  if constexpr (std::is_same_v<T, std::int64_t>) return value == Limits::max() ? Limits::min() : value;
  return value;
}

using Order = std::vector<std::int64_t>;

template <class T>
void lead_with_largest(std::span<const T> values, Order& order, Order::iterator middle) {
  std::partial_sort(order.begin(), middle, order.end(), [&](std::int64_t a, std::int64_t b) {
    const T x = rank_key(values[static_cast<std::size_t>(a)]),
            y = rank_key(values[static_cast<std::size_t>(b)]);
    return x != y ? x > y : a < b;
  });
}

void lead_with_largest(const Column& column, Order& order, Order::iterator middle) {
  switch (column.type()) {
    case ScalarType::Bool:
      return lead_with_largest(column.span<bool>(), order, middle);
    case ScalarType::I32:
      return lead_with_largest(column.span<std::int32_t>(), order, middle);
    case ScalarType::I64:
      return lead_with_largest(column.span<std::int64_t>(), order, middle);
    case ScalarType::F32:
      return lead_with_largest(column.span<float>(), order, middle);
    case ScalarType::F64:
      return lead_with_largest(column.span<double>(), order, middle);
  }
}

// Nine digits tell values apart and stay readable; files have them all.
std::string cell_text(const Graph& graph, const Output& output, std::int64_t i) {
  const Constant value = output.column.at(i);
  double real = std::numeric_limits<double>::infinity();
  if (value.type == ScalarType::F64) real = value.as<double>();
  if (value.type == ScalarType::F32) real = value.as<float>();
  if (output.is_node || !std::isfinite(real)) return element_text(graph.ids(), result_column(output), i);
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", real);
  return text;
}

std::int32_t source_of(const Adjacency& out, std::int64_t edge) {
  const auto after = std::upper_bound(out.offsets.begin(), out.offsets.end(), edge);
  return static_cast<std::int32_t>(after - out.offsets.begin() - 1);
}

// What element `i` belongs to: a node, an edge's two ends, or a position.
std::vector<std::string> element_place(const Graph& graph, const Output& output, std::int64_t i) {
  if (output.type.domain == Domain::Nodes) return {graph.ids().text(static_cast<std::int32_t>(i))};
  if (output.type.domain == Domain::Fixed) return {std::to_string(i)};
  const Adjacency out = graph.out();
  return {graph.ids().text(source_of(out, i)), graph.ids().text(out.neighbors[static_cast<std::size_t>(i)])};
}

std::vector<std::string> place_names(const Output& output) {
  if (output.type.domain == Domain::Nodes) return {"node"};
  if (output.type.domain == Domain::Fixed) return {"index"};
  return {"source", "target"};
}

// Numbers are stored and read as numbers; ids that are text, and elements that no JSON number can say, as
// text.
Json element_json(const Graph& graph, const Output& output, std::int64_t i) {
  if (!output.is_node) return constant_json(output.column.at(i));
  const std::string text = element_text(graph.ids(), result_column(output), i);
  if (graph.ids().is_text()) return text;
  return std::stoll(text);
}

Json place_json(const Graph& graph, const Output& output, std::int64_t i) {
  Json row = Json::object();
  const std::vector<std::string> names = place_names(output), values = element_place(graph, output, i);
  for (std::size_t k = 0; k < names.size(); ++k) {
    if (output.type.domain != Domain::Fixed && graph.ids().is_text())
      row[names[k]] = values[k];
    else
      row[names[k]] = std::stoll(values[k]);
  }
  return row;
}

}  // namespace

std::string pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

std::vector<std::int64_t> leading_elements(const Output& output, std::int64_t top) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(output.column.size()));
  std::iota(order.begin(), order.end(), std::int64_t{0});
  const std::size_t count = top > 0 ? std::min(order.size(), static_cast<std::size_t>(top)) : order.size();
  const auto middle = order.begin() + static_cast<std::ptrdiff_t>(count);
  if (!output.is_node) lead_with_largest(output.column, order, middle);
  order.resize(count);
  return order;
}

std::string result_table(const Graph& graph, const Output& output, std::int64_t top) {
  if (output.type.domain == Domain::Scalar) return cell_text(graph, output, 0) + '\n';
  std::vector<Table::Column> columns;
  for (const std::string& name : place_names(output)) columns.push_back({name, Table::Align::Left});
  const bool real = is_float(output.column.type());  // digits after the point line up on the left
  columns.push_back({output.name, real ? Table::Align::Left : Table::Align::Right});
  Table table(columns);
  for (std::int64_t i : leading_elements(output, top)) {
    std::vector<std::string> row = element_place(graph, output, i);
    row.push_back(cell_text(graph, output, i));
    table.add(std::move(row));
  }
  return table.text();
}

Json output_json(const Graph& graph, const Output& output, std::int64_t top) {
  Json json = {{"name", output.name},
               {"type", to_string(output.type)},
               {"size", output.column.size()},
               {"node_ids", output.is_node}};
  if (output.type.domain == Domain::Scalar) {
    json["value"] = element_json(graph, output, 0);
    return json;
  }
  json["top"] = Json::array();
  for (std::int64_t i : leading_elements(output, top)) {
    Json row = place_json(graph, output, i);
    row["value"] = element_json(graph, output, i);
    json["top"].push_back(std::move(row));
  }
  return json;
}

Json constant_json(const Constant& value) {
  const auto real = [](double v) -> Json {
    if (std::isnan(v)) return "NaN";
    if (std::isinf(v)) return v > 0 ? "Infinity" : "-Infinity";
    return v;
  };
  switch (value.type) {
    case ScalarType::Bool:
      return value.as<bool>();
    case ScalarType::I32:
      return value.as<std::int32_t>();
    case ScalarType::I64:
      return value.as<std::int64_t>();
    case ScalarType::F32:
      return real(static_cast<double>(value.as<float>()));
    case ScalarType::F64:
      return real(value.as<double>());
  }
  return nullptr;
}

}  // namespace monograph::cli
