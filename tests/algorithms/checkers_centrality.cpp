// Centralities: by the equations that define them, or from one search after another.
#include <algorithm>
#include <cmath>
#include <deque>
#include <numeric>

#include "algorithms/checkers.h"

namespace monograph::test {
namespace {

using Numbers = std::vector<double>;

Numbers numbers(const Result& r, std::string_view name) {
  const auto c = r.column<double>(name);
  return {c.begin(), c.end()};
}

double length(const Numbers& x) { return std::sqrt(std::inner_product(x.begin(), x.end(), x.begin(), 0.0)); }

/// sum of x over the neighbours in the lists.
Numbers spread(const Lists& lists, const Numbers& x) {
  Numbers y(lists.size(), 0.0);
  for (std::size_t v = 0; v < lists.size(); ++v)
    for (const auto& [u, weight] : lists[v]) y[v] += x[static_cast<std::size_t>(u)];
  return y;
}

Numbers scaled(Numbers x, double by) {
  for (double& e : x) e *= by;
  return x;
}

std::string check_degree(const Graph& g, const Result& r) {
  Numbers want;
  for (const auto& row : both_lists(g))
    want.push_back(
        g.node_count() < 2 ? 0 : static_cast<double>(row.size()) / static_cast<double>(g.node_count() - 1));
  // a self-loop of a directed graph leaves and enters
  return near(r.column<double>("degree"), want);
}

std::string check_weighted_degree(const Graph& g, const Result& r) {
  Numbers want;
  for (const auto& row : both_lists(g)) {
    want.push_back(0);
    for (const auto& [u, weight] : row) want.back() += weight;
  }
  return near(r.column<double>("weighted_degree"), want);
}

/// One step of the equation changes nothing by more than what the iteration was asked for.
std::string check_rank(const Graph& g, const Numbers& rank, const Numbers& restart) {
  if (rank.empty()) return "";
  const double d = 0.85;
  const Lists out = out_lists(g);
  Numbers next(rank.size(), 0.0);
  double dangling = 0;
  for (std::size_t u = 0; u < out.size(); ++u) {
    if (out[u].empty()) dangling += rank[u];
    for (const auto& [v, weight] : out[u])
      next[static_cast<std::size_t>(v)] += d * rank[u] / static_cast<double>(out[u].size());
  }
  double change = 0, total = 0;
  for (std::size_t v = 0; v < rank.size(); ++v) {
    change += std::abs(next[v] + (1 - d + d * dangling) * restart[v] - rank[v]);
    total += rank[v];
  }
  if (!(std::abs(total - 1) < 1e-9)) return "ranks sum to " + std::to_string(total);
  return change < 1e-6 ? "" : "one step of the equation changes ranks by " + std::to_string(change);
}

std::string check_pagerank(const Graph& g, const Result& r) {
  const Numbers rank = numbers(r, "rank");
  return check_rank(g, rank, Numbers(rank.size(), 1.0 / static_cast<double>(rank.size())));
}

std::string check_personalized_pagerank(const Graph& g, const Result& r) {
  const auto wish = g.node_attribute("restart")->span<double>();
  Numbers restart(wish.begin(), wish.end());
  const double total = std::accumulate(restart.begin(), restart.end(), 0.0);
  if (total == 0 && !restart.empty()) restart[0] = 1;  // the source
  return check_rank(g, numbers(r, "rank"), total == 0 ? restart : scaled(restart, 1 / total));
}

/// Is x, of length 1 (or 0 where nothing is), the same but for its length after `step`?
std::string stands_still(const Numbers& x, Numbers stepped) {
  const double l = length(stepped);
  if (l == 0) return length(x) == 0 ? "" : "expected zeros";
  if (std::abs(length(x) - 1) > 1e-9) return "expected length 1, got " + std::to_string(length(x));
  for (std::size_t v = 0; v < x.size(); ++v)
    if (std::abs(stepped[v] / l - x[v]) > 1e-6) return "not an eigenvector at node " + std::to_string(v);
  return "";
}

std::string check_hits(const Graph& g, const Result& r) {
  const Lists in = in_lists(g), out = out_lists(g);
  const Numbers hub = numbers(r, "hub"), authority = numbers(r, "authority");
  if (!r.converged) return "did not converge";
  if (const std::string wrong = stands_still(authority, spread(in, hub)); !wrong.empty())
    return "authority: " + wrong;
  return stands_still(hub, spread(out, authority));
}

std::string check_eigenvector(const Graph& g, const Result& r) {
  const Numbers x = numbers(r, "eigenvector");
  if (std::any_of(x.begin(), x.end(), [](double e) { return !(e >= 0); })) return "expected nothing below 0";
  Numbers stepped = spread(in_lists(g), x);
  for (std::size_t v = 0; v < x.size(); ++v) stepped[v] += x[v];
  // without cycles the iteration creeps towards its limit, and says so
  return r.converged || r.iterations < 1000 ? stands_still(x, stepped) : "";
}

/// Walks by solving walks = 1 + alpha * sum: x is a multiple of a solution, so (x - alpha * sum) is constant.
std::string check_katz(const Graph& g, const Result& r) {
  const Numbers x = numbers(r, "katz");
  if (x.empty()) return "";
  if (std::abs(length(x) - 1) > 1e-9) return "expected length 1, got " + std::to_string(length(x));
  const Lists in = in_lists(g);
  std::size_t most = 0;
  for (const auto& row : in) most = std::max(most, row.size());
  const Numbers heard = spread(in, x);
  const double alpha = 1.0 / (1.0 + static_cast<double>(most)), one = x[0] - alpha * heard[0];
  for (std::size_t v = 0; v < x.size(); ++v)
    if (std::abs(x[v] - alpha * heard[v] - one) > 1e-7) return "not a solution at node " + std::to_string(v);
  return one > 0 ? "" : "expected a positive solution";
}

/// A search from `source` with a queue: nodes in the order in which they are reached, distances and
/// predecessors.
struct Search {
  std::vector<std::size_t> order;
  std::vector<std::int64_t> distance;
  Numbers paths;
  std::vector<std::vector<std::size_t>> before;

  Search(const Lists& out, std::size_t source)
      : distance(out.size(), -1), paths(out.size(), 0.0), before(out.size()) {
    std::deque<std::size_t> queue{source};
    distance[source] = 0;
    paths[source] = 1;
    while (!queue.empty()) {
      const std::size_t v = queue.front();
      queue.pop_front();
      order.push_back(v);
      for (const auto& [target, weight] : out[v]) {
        const auto u = static_cast<std::size_t>(target);
        if (distance[u] < 0) distance[u] = distance[v] + 1, queue.push_back(u);
        if (distance[u] == distance[v] + 1) paths[u] += paths[v], before[u].push_back(v);
      }
    }
  }
};

/// Brandes 2001, algorithm 1, as printed.
std::string check_betweenness(const Graph& g, const Result& r) {
  const Lists out = out_lists(g);
  const double n = static_cast<double>(out.size());
  Numbers want(out.size(), 0.0);
  for (std::size_t s = 0; s < out.size(); ++s) {
    const Search search(out, s);
    Numbers dependency(out.size(), 0.0);
    for (auto w = search.order.rbegin(); w != search.order.rend(); ++w) {
      for (const std::size_t v : search.before[*w])
        dependency[v] += search.paths[v] / search.paths[*w] * (1 + dependency[*w]);
      if (*w != s) want[*w] += dependency[*w];
    }
  }
  return near(r.column<double>("betweenness"), n < 3 ? want : scaled(want, 1 / ((n - 1) * (n - 2))));
}

std::string check_closeness(const Graph& g, const Result& r) {
  const Lists in = in_lists(g);  // searched backwards: distances to v
  Numbers want;
  for (std::size_t v = 0; v < in.size(); ++v) {
    const Search search(in, v);
    double reach = 0, far = 0;
    for (const std::size_t u : search.order)
      if (u != v) reach += 1, far += static_cast<double>(search.distance[u]);
    want.push_back(far == 0 ? 0 : reach / far * reach / static_cast<double>(in.size() - 1));
  }
  return near(r.column<double>("closeness"), want);
}

std::string check_harmonic(const Graph& g, const Result& r) {
  const Lists in = in_lists(g);
  Numbers want;
  for (std::size_t v = 0; v < in.size(); ++v) {
    const Search search(in, v);
    want.push_back(0);
    for (const std::size_t u : search.order)
      if (u != v) want.back() += 1 / static_cast<double>(search.distance[u]);
    if (in.size() > 1) want.back() /= static_cast<double>(in.size() - 1);
  }
  return near(r.column<double>("harmonic"), want);
}

}  // namespace

std::vector<CheckerEntry> centrality_checkers() {
  return {{"degree", check_degree},       {"weighted_degree", check_weighted_degree},
          {"pagerank", check_pagerank},   {"personalized_pagerank", check_personalized_pagerank},
          {"hits", check_hits},           {"eigenvector", check_eigenvector},
          {"katz", check_katz},           {"betweenness", check_betweenness},
          {"closeness", check_closeness}, {"harmonic", check_harmonic}};
}

}  // namespace monograph::test
