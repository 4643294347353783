// Triangles of the undirected simple view of a graph: each found once, from its corner that comes first.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <span>
#include <vector>

namespace monograph::cpu {

/// Made on first use, for one graph, and kept: of each node its neighbours in the simple view that come later
/// in the order of (stored edges entering and leaving, index). So no node has many, and what hubs share is
/// found from the small ends.
class ForwardView {
 public:
  ForwardView(const Graph& graph, int threads);

  /// How many neighbours each node has in the simple view.
  void neighbor_count(std::span<std::int64_t> out) const;
  /// i64[E]
  void common_neighbors(std::span<std::int64_t> out);
  void triangles_once(std::span<std::int64_t> out);
  /// Each triangle at each corner; `arcs`: as many as there are directed edges between the other two.
  void triangles(std::span<std::int64_t> out, bool arcs);

 private:
  void order_nodes();
  void make_rows();
  template <class Visit>
  void for_neighbors(std::int32_t v, const Visit& visit) const;
  std::int64_t stored_edges(std::int32_t v) const;
  std::int64_t triangles_from(std::int64_t p, std::vector<std::uint8_t>& marks) const;
  template <class Found>
  void for_triangles(std::int64_t begin, std::int64_t end, std::vector<std::int64_t>& marks,
                     const Found& found);

  Graph graph_;
  int threads_;
  std::vector<std::int32_t> node_, place_;                 // by place in the order, and the reverse
  std::vector<std::int64_t> offsets_;                      // by place
  std::vector<std::int32_t> later_;                        // places, ascending
  std::vector<std::uint8_t> arcs_;                         // directed edges there: 1 or 2
  std::vector<std::vector<std::int64_t>> marks_, counts_;  // per thread
  std::vector<std::vector<std::uint8_t>> bytes_;           // per thread
  std::vector<std::int64_t> at_edges_;
};

}  // namespace monograph::cpu
