// Random graphs, and the tree. Integer arithmetic only: the same arguments give the same graph on every
// machine.
#include <algorithm>
#include <numeric>
#include <unordered_set>
#include <utility>

#include "host/io/generator.h"

namespace monograph::io {

/// R-MAT (Chakrabarti, Zhan, Faloutsos 2004) with Graph500's a = .57, b = c = .19: each bit of the two ends
/// at once.
EdgeList rmat(Arguments& a) {
  constexpr std::uint64_t kWhole = std::uint64_t{1} << 32;
  constexpr std::uint64_t kA = kWhole * 57 / 100, kAB = kWhole * 76 / 100, kABC = kWhole * 95 / 100;
  const auto scale = a.numbers[0];
  if (scale > 30) fail(a.specification, "expected SCALE in 0..30, found " + std::to_string(scale));
  const auto edges = times(a.numbers[1], std::int64_t{1} << scale);
  EdgeList list = make_list(a, std::int64_t{1} << scale, edges);
  for (std::int64_t e = 0; e < edges; ++e) {
    std::int64_t source = 0, target = 0;
    for (std::int64_t bit = 0; bit < scale; ++bit) {
      const std::uint64_t r = a.random.bits();
      source = source * 2 + (r >= kAB);
      target = target * 2 + ((r >= kA && r < kAB) || r >= kABC);
    }
    add(a, list, source, target);
  }
  return list;
}

/// The generator of Graph500: R-MAT, whose hubs are the small numbers, with nodes in random order (Fisher,
/// Yates).
EdgeList kron(Arguments& a) {
  EdgeList list = rmat(a);
  std::vector<std::int32_t> order(static_cast<std::size_t>(list.ids.size()));
  std::iota(order.begin(), order.end(), 0);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(a.random.below(static_cast<std::int64_t>(i)))]);
  for (auto* ends : {&list.source, &list.target})
    for (auto& v : *ends) v = order[static_cast<std::size_t>(v)];
  return list;
}

/// Nodes level by level: the parent of v is (v - 1) / branching.
EdgeList tree(Arguments& a) {
  const auto branching = a.numbers[0], depth = a.numbers[1];
  std::int64_t nodes = branching == 1 ? depth : 1, level = 1;
  if (branching == 1) nodes += nodes < std::numeric_limits<std::int64_t>::max();
  for (std::int64_t d = 0;
       branching != 1 && d < depth && level > 0 && nodes <= std::numeric_limits<std::int32_t>::max(); ++d) {
    level = times(level, branching);
    if (__builtin_add_overflow(nodes, level, &nodes)) nodes = std::numeric_limits<std::int64_t>::max();
  }
  EdgeList list = make_list(a, nodes, nodes - 1);
  for (std::int64_t v = 1; v < nodes; ++v) add(a, list, (v - 1) / branching, v);
  return list;
}

/// Preferential attachment (Barabasi, Albert 1999). Each end of an edge stands in a list once, so an element
/// drawn from it is a node by its degree.
EdgeList barabasi_albert(Arguments& a) {
  const auto nodes = a.numbers[0], each = a.numbers[1];
  if (each < 1 || each >= nodes) fail(a.specification, "expected M in 1..N-1, found " + std::to_string(each));
  const auto edges = times(nodes - each, each);
  EdgeList list = make_list(a, nodes, edges);
  const auto drawn = [&](std::int64_t count) {
    const auto at = static_cast<std::size_t>(a.random.next() % static_cast<std::uint64_t>(2 * count));
    return at % 2 ? list.source[at / 2] : list.target[at / 2];
  };
  for (std::int64_t v = 1; v <= each; ++v) add(a, list, v, 0);
  for (std::int64_t v = each + 1; v < nodes; ++v) {
    const auto before = static_cast<std::int64_t>(list.source.size());
    while (static_cast<std::int64_t>(list.source.size()) < before + each) {
      const std::int32_t u = drawn(before);
      const auto own = list.target.begin() + before;
      if (std::find(own, list.target.end(), u) == list.target.end()) add(a, list, v, u);
    }
  }
  return list;
}

/// Small worlds (Watts, Strogatz 1998): lap by lap around the ring, the far end of an edge moves with
/// probability P to a node drawn uniformly, but never to one that is a neighbour already.
EdgeList watts_strogatz(Arguments& a) {
  const auto nodes = a.numbers[0], neighbors = a.numbers[1];
  if (neighbors % 2 != 0 || (neighbors >= nodes && neighbors > 0))
    fail(a.specification, "expected an even K below N, found " + std::to_string(neighbors));
  EdgeList list = make_list(a, nodes, times(nodes, neighbors) / 2);
  const auto key = [](std::int64_t v, std::int64_t u) {
    return static_cast<std::uint64_t>(std::min(v, u)) << 32 | static_cast<std::uint64_t>(std::max(v, u));
  };
  const auto threshold = static_cast<std::uint64_t>(a.probability * 0x1p32);
  std::unordered_set<std::uint64_t> edges;
  std::vector<std::int32_t> degree;
  if (threshold > 0) {
    degree.assign(static_cast<std::size_t>(nodes), static_cast<std::int32_t>(neighbors));
    for (std::int64_t lap = 1; lap <= neighbors / 2; ++lap)
      for (std::int64_t v = 0; v < nodes; ++v) edges.insert(key(v, (v + lap) % nodes));
  }
  for (std::int64_t lap = 1; lap <= neighbors / 2; ++lap)
    for (std::int64_t v = 0; v < nodes; ++v) {
      std::int64_t u = (v + lap) % nodes;
      if (threshold > 0 && a.random.bits() < threshold && degree[static_cast<std::size_t>(v)] < nodes - 1) {
        edges.erase(key(v, u));
        --degree[static_cast<std::size_t>(u)];
        const std::int64_t old = u;
        do u = a.random.below(nodes);
        while (u == v || u == old || edges.contains(key(v, u)));
        edges.insert(key(v, u));
        ++degree[static_cast<std::size_t>(u)];
      }
      add(a, list, v, u);
    }
  return list;
}

}  // namespace monograph::io
