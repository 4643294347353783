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

std::string check_colouring(const Graph& g, const Result& r) {
  const auto colour = r.column<std::int64_t>("colour");
  const Lists lists = both_lists(g);
  for (std::size_t v = 0; v < lists.size(); ++v) {
    std::set<std::int64_t> nearby;
    for (const auto& [u, weight] : lists[v])
      if (static_cast<std::size_t>(u) != v) nearby.insert(colour[static_cast<std::size_t>(u)]);
    if (nearby.contains(colour[v])) return "a neighbour has the same colour as node " + std::to_string(v);
    // who chooses the smallest that is free has all smaller ones around it
    for (std::int64_t smaller = 0; smaller < colour[v]; ++smaller)
      if (!nearby.contains(smaller)) return "a smaller colour is free at node " + std::to_string(v);
    if (colour[v] < 0) return "no colour at node " + std::to_string(v);
  }
  return "";
}

/// Nodes adjacent in either direction.
std::vector<std::set<std::int32_t>> adjacent(const Graph& g) {
  std::vector<std::set<std::int32_t>> sets(static_cast<std::size_t>(g.node_count()));
  for (const Edge& e : stored_edges(g)) {
    if (e.source == e.target) continue;
    sets[static_cast<std::size_t>(e.source)].insert(e.target);
    sets[static_cast<std::size_t>(e.target)].insert(e.source);
  }
  return sets;
}

/// How many nodes beyond `least` are in both.
std::int64_t in_both(const std::set<std::int32_t>& a, const std::set<std::int32_t>& b,
                     std::int32_t least = -1) {
  const auto& few = a.size() < b.size() ? a : b;  // a hub is looked up, not walked along
  const auto& many = a.size() < b.size() ? b : a;
  return std::count_if(few.upper_bound(least), few.end(), [&](std::int32_t u) { return many.contains(u); });
}

std::string check_triangle_count(const Graph& g, const Result& r) {
  const auto sets = adjacent(g);
  std::int64_t want = 0;
  for (std::int32_t u = 0; u < g.node_count(); ++u) {
    const auto& around = sets[static_cast<std::size_t>(u)];
    for (auto v = around.upper_bound(u); v != around.end(); ++v)
      want += in_both(around, sets[static_cast<std::size_t>(*v)], *v);
  }
  const auto got = r.scalar<std::int64_t>("triangles");
  return got == want ? "" : "got " + std::to_string(got) + ", expected " + std::to_string(want);
}

std::string check_lcc(const Graph& g, const Result& r) {
  const auto sets = adjacent(g);
  std::vector<std::set<std::int32_t>> arcs(sets.size());
  for (const Edge& e : stored_edges(g))
    if (e.source != e.target) arcs[static_cast<std::size_t>(e.source)].insert(e.target);
  std::vector<double> want;
  for (const auto& around : sets) {
    double there = 0;
    const double all = static_cast<double>(around.size()) * (static_cast<double>(around.size()) - 1);
    for (const std::int32_t u : around)
      there += static_cast<double>(in_both(arcs[static_cast<std::size_t>(u)], around));
    want.push_back(all > 0 ? there / all : 0);
  }
  return near(r.column<double>("lcc"), want);
}

std::string check_jaccard(const Graph& g, const Result& r) {
  const auto sets = adjacent(g);
  std::vector<double> want;
  for (const Edge& e : stored_edges(g)) {
    const auto &a = sets[static_cast<std::size_t>(e.source)], &b = sets[static_cast<std::size_t>(e.target)];
    const auto both = static_cast<double>(in_both(a, b));
    const double either = static_cast<double>(a.size() + b.size()) - both;
    want.push_back(e.source == e.target ? 1 : both / either);
  }
  return near(r.column<double>("jaccard"), want);
}

/// Ten steps of one walker from each node: so many visits, and nobody ends where no ten steps lead. Who finds
/// no edge begins again, as if there were one back to the start.
std::string check_random_walk(const Graph& g, const Result& r) {
  const auto visits = r.column<std::int64_t>("visits");
  const auto last = r.column<std::int32_t>("last");
  const Lists out = out_lists(g);
  std::int64_t total = 0;
  for (const std::int64_t count : visits) total += count;
  if (total != 11 * g.node_count()) return "walkers stood at " + std::to_string(total) + " nodes";
  for (std::size_t v = 0; v < out.size(); ++v) {
    std::set<std::int32_t> there{static_cast<std::int32_t>(v)};
    for (int step = 0; step < 10; ++step) {
      std::set<std::int32_t> next;
      for (const std::int32_t u : there) {
        for (const auto& [w, weight] : out[static_cast<std::size_t>(u)]) next.insert(w);
        if (out[static_cast<std::size_t>(u)].empty()) next.insert(static_cast<std::int32_t>(v));
      }
      there = std::move(next);
    }
    if (!there.contains(last[v])) return "ten steps from node " + std::to_string(v) + " do not end there";
    if (visits[v] < 1) return "the walker of node " + std::to_string(v) + " never began";
  }
  return "";
}

}  // namespace

std::vector<CheckerEntry> set_checkers() {
  return {{"maximal_independent_set", check_independent_set},
          {"colouring", check_colouring},
          {"triangle_count", check_triangle_count},
          {"lcc", check_lcc},
          {"jaccard", check_jaccard},
          {"random_walk", check_random_walk}};
}

}  // namespace monograph::test
