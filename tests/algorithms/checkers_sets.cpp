// Sets, colours, and what common neighbours give.
#include <algorithm>
#include <set>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

/// Nobody in the set has a neighbour there, and everybody else has one.
std::string check_independent_set(const Graph& g, const Result& r) {
  const auto in_set = r.column<bool>("in_set");
  const Lists lists = both_lists(g);
  for (std::size_t v = 0; v < lists.size(); ++v) {
    const bool neighbour = std::any_of(lists[v].begin(), lists[v].end(), [&](const auto& u) {
      return static_cast<std::size_t>(u.first) != v && in_set[static_cast<std::size_t>(u.first)];
    });
    if (in_set[v] && neighbour) return "two neighbours are in the set, one at node " + std::to_string(v);
    if (!in_set[v] && !neighbour) return "there is room for node " + std::to_string(v);
  }
  return "";
}

}  // namespace

std::vector<CheckerEntry> set_checkers() { return {{"maximal_independent_set", check_independent_set}}; }

}  // namespace monograph::test
