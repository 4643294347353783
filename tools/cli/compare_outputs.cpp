#include "cli/compare_outputs.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace monograph::cli {
namespace {

constexpr std::size_t kShown = 10;

/// Names for elements that belong to no node.
NodeIds ids_of(const Graph& graph, const Output& output) {
  return output.type.domain == Domain::Nodes ? graph.ids() : NodeIds::dense(output.column.size());
}

/// Elements as they are printed; node indices as ids only where positions are those of nodes.
ResultColumn column_of(const Output& output) {
  const bool ids = output.is_node && output.type.domain == Domain::Nodes;
  return {output.name, output.column, ids ? Role::Node : Role::Value};
}

double number(const Constant& c) {
  switch (c.type) {
    case ScalarType::Bool:
      return c.as<bool>();
    case ScalarType::I32:
      return c.as<std::int32_t>();
    case ScalarType::I64:
      return static_cast<double>(c.as<std::int64_t>());
    case ScalarType::F32:
      return static_cast<double>(c.as<float>());
    case ScalarType::F64:
      return c.as<double>();
  }
  return 0;
}

bool same_bits(const Constant& a, const Constant& b) {
  return a == b || (is_float(a.type) && std::isnan(number(a)) && std::isnan(number(b)));
}

double relative_error(double expected, double actual) {
  const double error = std::abs(actual - expected);
  if (error == 0) return 0;
  const double relative = error / std::abs(expected);
  return std::isnan(relative) ? std::numeric_limits<double>::infinity() : relative;
}

Comparison compare_bits(const Graph& graph, const Output& expected, const Output& actual) {
  Comparison c;
  c.compared = std::min(expected.column.size(), actual.column.size());
  c.missing = expected.column.size() - c.compared;
  c.extra = actual.column.size() - c.compared;
  const auto bytes = static_cast<std::size_t>(expected.column.bytes());
  if (c.missing == 0 && c.extra == 0 &&
      (bytes == 0 || std::memcmp(expected.column.data(), actual.column.data(), bytes) == 0))
    return c;
  const NodeIds ids = ids_of(graph, expected);
  for (std::int64_t i = 0; i < c.compared; ++i) {
    const Constant a = expected.column.at(i), b = actual.column.at(i);
    if (same_bits(a, b)) continue;
    ++c.mismatched;
    c.worst_error = std::max(c.worst_error, relative_error(number(a), number(b)));
    if (c.first.size() < kShown)
      c.first.push_back({ids.text(static_cast<std::int32_t>(i)), element_text(ids, column_of(expected), i),
                         element_text(ids, column_of(actual), i)});
  }
  return c;
}

}  // namespace

Comparison compare_outputs(const Graph& graph, const Output& expected, const Output& actual, Match match,
                           double tolerance) {
  if (match == Match::Exact) return compare_bits(graph, expected, actual);
  const NodeIds ids = ids_of(graph, expected);
  return compare_values(values_of(ids, column_of(expected)), values_of(ids, column_of(actual)), match,
                        tolerance);
}

std::string course(const Result& result) {
  return std::to_string(result.iterations) + (result.iterations == 1 ? " iteration, " : " iterations, ") +
         (result.converged ? "converged" : "not converged");
}

}  // namespace monograph::cli
