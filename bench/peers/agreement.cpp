// A peer that gives another answer is not faster or slower: it is wrong, or was asked something else.
#include <algorithm>
#include <cmath>
#include <limits>
#include <unordered_map>

#include "bench/peers/cases.h"

namespace monograph::bench::peers {
namespace {

constexpr double kEpsilon = 1e-4;

const Column& named(const Answer& answer, const std::string& name, const std::string& what) {
  for (const Attribute& a : answer)
    if (a.name == name) return a.column;
  throw RuntimeError(what + ": no column " + name);
}

double number(const Column& c, std::int64_t i) {
  switch (c.type()) {
    case ScalarType::F64:
      return c.at(i).as<double>();
    case ScalarType::I64:
      return static_cast<double>(c.at(i).as<std::int64_t>());
    case ScalarType::I32:
      return static_cast<double>(c.at(i).as<std::int32_t>());
    case ScalarType::Bool:
      return c.at(i).as<bool>();
    default:
      throw InternalError("no answer here is of " + std::string(to_string(c.type())));
  }
}

[[noreturn]] void differ(const std::string& what, std::int64_t node, const std::string& expected,
                         const std::string& got) {
  throw RuntimeError(what + ": node " + std::to_string(node) + ": expected " + expected + ", got " + got);
}

void compare(const Column& ours, const Column& theirs, const std::string& what) {
  if (ours.size() != theirs.size())
    throw RuntimeError(what + ": expected " + std::to_string(ours.size()) + " elements, got " +
                       std::to_string(theirs.size()));
  const double epsilon = ours.type() == ScalarType::F64 ? kEpsilon : 0;
  for (std::int64_t i = 0; i < ours.size(); ++i) {
    const double a = number(ours, i), b = number(theirs, i);
    if (a != b && (std::isinf(a) || !(std::fabs(a - b) <= epsilon * std::fabs(a))))
      differ(what, i, std::to_string(a), std::to_string(b));
  }
}

/// Weight of the lightest edge u -> v; NaN where there is none.
double weight_between(const Graph& g, std::int32_t u, std::int32_t v) {
  const Adjacency out = g.out();
  const auto weights = g.edge_attribute("weight")->span<double>();
  const auto first = out.neighbors.begin() + out.offsets[static_cast<std::size_t>(u)];
  const auto last = out.neighbors.begin() + out.offsets[static_cast<std::size_t>(u) + 1];
  const auto [from, to] = std::equal_range(first, last, v);
  double least = std::numeric_limits<double>::quiet_NaN();
  for (auto at = from; at != to; ++at) {
    const auto k = out.edge(at - out.neighbors.begin());
    least = std::fmin(least, weights[static_cast<std::size_t>(k)]);
  }
  return least;
}

/// Every node but the source that was reached has a parent as far before it as the edge between them is long.
void check_tree(const Graph& g, const Column& reached, const Column& parents, bool hops,
                const std::string& what) {
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    const double here = number(reached, v);
    const std::int32_t p = parents.at(v).as<std::int32_t>();
    const bool unreachable = hops ? here >= 9223372036854775807.0 : std::isinf(here);
    if (unreachable ? p == -1 : here == 0 && p == v) continue;
    if (p < 0 || p >= g.node_count() || unreachable)
      differ(what, v, "a parent where it was reached", std::to_string(p));
    const double step = weight_between(g, p, v);
    const double through = number(reached, p) + (hops ? 1 : step);
    if (std::isnan(step) || !(std::fabs(through - here) <= (hops ? 0 : kEpsilon * here)))
      differ(what, v, "a parent on a shortest path", std::to_string(p));
  }
}

/// Each label is among the most frequent of the neighbours'.
void check_settled(const Graph& g, const Column& labels, const std::string& what) {
  const Adjacency out = g.out();
  std::unordered_map<std::int64_t, std::int64_t> votes;
  for (std::int32_t v = 0; v < g.node_count(); ++v) {
    votes.clear();
    std::int64_t most = 0;
    const auto row = static_cast<std::size_t>(v);
    for (std::int64_t k = out.offsets[row]; k < out.offsets[row + 1]; ++k) {
      const auto u = out.neighbors[static_cast<std::size_t>(k)];
      most = std::max(most, ++votes[static_cast<std::int64_t>(number(labels, u))]);
    }
    if (votes[static_cast<std::int64_t>(number(labels, v))] != most)
      differ(what, v, "a label that most neighbours have", std::to_string(labels.at(v).as<std::int32_t>()));
  }
}

}  // namespace

void equal(const Graph&, const Answer& ours, const Answer& theirs, const std::string& what) {
  for (const Attribute& theirs_of : theirs)
    compare(named(ours, theirs_of.name, what), theirs_of.column, what + ", " + theirs_of.name);
}

void same_partition(const Graph&, const Answer& ours, const Answer& theirs, const std::string& what) {
  const Column &a = ours.front().column, &b = theirs.front().column;
  std::unordered_map<std::int64_t, std::int64_t> there, back;
  for (std::int64_t v = 0; v < a.size(); ++v) {
    const auto x = static_cast<std::int64_t>(number(a, v)), y = static_cast<std::int64_t>(number(b, v));
    if (there.emplace(x, y).first->second != y || back.emplace(y, x).first->second != x)
      differ(what, v, "the same part as others of " + std::to_string(x), std::to_string(y));
  }
}

void same_searches(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what) {
  for (const Attribute& a : theirs) {
    if (a.name != "parent") {
      compare(named(ours, a.name, what), a.column, what + ", " + a.name);
      continue;
    }
    const bool hops = ours.front().name == "level";
    check_tree(graph, named(ours, hops ? "level" : "distance", what), a.column, hops, what + ", parent");
  }
}

void both_settled(const Graph& graph, const Answer& ours, const Answer& theirs, const std::string& what) {
  check_settled(graph, ours.front().column, what + ", ours");
  check_settled(graph, theirs.front().column, what);
}

}  // namespace monograph::bench::peers
