#include "host/cpu/triangles.h"

#include <algorithm>
#include <atomic>
#include <numeric>

#include "host/cpu/chunks.h"

namespace monograph::cpu {
namespace {

constexpr std::int64_t kPiece = 256;  // rows that a thread takes at a time

std::size_t at(std::int64_t i) { return static_cast<std::size_t>(i); }
std::int64_t row_begin(const Adjacency& a, std::int32_t v) { return a.offsets[at(v)]; }
std::int64_t row_end(const Adjacency& a, std::int32_t v) { return a.offsets[at(v) + 1]; }

void add(std::int64_t& to, std::int64_t n) {
  std::atomic_ref<std::int64_t>(to).fetch_add(n, std::memory_order_relaxed);
}

}  // namespace

ForwardView::ForwardView(const Graph& graph, int threads)
    : graph_(graph),
      threads_(threads),
      marks_(static_cast<std::size_t>(threads)),
      counts_(static_cast<std::size_t>(threads)),
      bytes_(static_cast<std::size_t>(threads)) {
  order_nodes();
  make_rows();
}

std::int64_t ForwardView::stored_edges(std::int32_t v) const {
  const auto length = [v](const Adjacency& a) { return row_end(a, v) - row_begin(a, v); };
  return length(graph_.in()) + (graph_.undirected() ? 0 : length(graph_.out()));
}

/// visit(neighbour, directed edges between) for those of the simple view, ascending.
template <class Visit>
void ForwardView::for_neighbors(std::int32_t v, const Visit& visit) const {
  const bool one = graph_.undirected();
  const Adjacency in = graph_.in(), out = graph_.out();
  const auto none = static_cast<std::int32_t>(graph_.node_count());
  std::int64_t a = row_begin(in, v), b = row_begin(out, v);
  const std::int64_t a_end = row_end(in, v), b_end = one ? b : row_end(out, v);
  while (a < a_end || b < b_end) {
    const std::int32_t x = a < a_end ? in.neighbors[at(a)] : none,
                       y = b < b_end ? out.neighbors[at(b)] : none;
    const std::int32_t u = std::min(x, y);
    while (a < a_end && in.neighbors[at(a)] == u) ++a;
    while (b < b_end && out.neighbors[at(b)] == u) ++b;
    if (u != v) visit(u, one || x == y ? 2 : 1);
  }
}

/// Counting sort of the nodes by their edges.
void ForwardView::order_nodes() {
  const auto nodes = static_cast<std::int32_t>(graph_.node_count());
  std::int64_t most = 0;
  for (std::int32_t v = 0; v < nodes; ++v) most = std::max(most, stored_edges(v));
  std::vector<std::int32_t> next(at(most) + 2);
  for (std::int32_t v = 0; v < nodes; ++v) ++next[at(stored_edges(v)) + 1];
  std::partial_sum(next.begin(), next.end(), next.begin());
  node_.resize(at(nodes)), place_.resize(at(nodes));
  for (std::int32_t v = 0; v < nodes; ++v) {
    const std::int32_t p = next[at(stored_edges(v))]++;
    node_[at(p)] = v, place_[at(v)] = p;
  }
}

void ForwardView::make_rows() {
  const std::int64_t nodes = graph_.node_count();
  offsets_.assign(at(nodes) + 1, 0);
  for_pieces(threads_, nodes, kPiece, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t p = begin; p < end; ++p)
      for_neighbors(node_[at(p)], [&](std::int32_t u, int) { offsets_[at(p) + 1] += place_[at(u)] > p; });
  });
  std::partial_sum(offsets_.begin(), offsets_.end(), offsets_.begin());
  later_.resize(at(offsets_.back())), arcs_.resize(at(offsets_.back()));
  for_pieces(threads_, nodes, kPiece, [&](int, std::int64_t begin, std::int64_t end) {
    std::vector<std::pair<std::int32_t, std::uint8_t>> row;
    for (std::int64_t p = begin; p < end; ++p) {
      row.clear();
      for_neighbors(node_[at(p)], [&](std::int32_t u, int arcs) {
        if (place_[at(u)] > p) row.emplace_back(place_[at(u)], static_cast<std::uint8_t>(arcs));
      });
      std::ranges::sort(row);
      std::int64_t k = offsets_[at(p)];
      for (const auto& [place, arcs] : row) later_[at(k)] = place, arcs_[at(k)] = arcs, ++k;
    }
  });
}

void ForwardView::neighbor_count(std::span<std::int64_t> out) const {
  for_pieces(threads_, graph_.node_count(), kPiece, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t v = begin; v < end; ++v) {
      std::int64_t count = 0;
      for_neighbors(static_cast<std::int32_t>(v), [&](std::int32_t, int) { ++count; });
      out[at(v)] = count;
    }
  });
}

/// The corners by place are p < q < r; found(p, pq, pr, qr) has the positions of the three edges in the rows.
template <class Found>
void ForwardView::for_triangles(std::int64_t begin, std::int64_t end, std::vector<std::int64_t>& marks,
                                const Found& found) {
  marks.resize(node_.size(), -1);
  for (std::int64_t p = begin; p < end; ++p) {
    const std::int64_t first = offsets_[at(p)], last = offsets_[at(p) + 1];
    if (last - first < 2) continue;
    for (std::int64_t k = first; k < last; ++k) marks[at(later_[at(k)])] = k;
    for (std::int64_t pq = first; pq < last; ++pq) {
      const std::int32_t q = later_[at(pq)];
      for (std::int64_t qr = offsets_[at(q)]; qr < offsets_[at(q) + 1]; ++qr)
        if (const std::int64_t pr = marks[at(later_[at(qr)])]; pr >= 0) found(p, pq, pr, qr);
    }
    for (std::int64_t k = first; k < last; ++k) marks[at(later_[at(k)])] = -1;
  }
}

/// `marks`: of each place 0, before and afterwards.
std::int64_t ForwardView::triangles_from(std::int64_t p, std::vector<std::uint8_t>& marks) const {
  const std::int64_t first = offsets_[at(p)], last = offsets_[at(p) + 1];
  if (last - first < 2) return 0;
  for (std::int64_t k = first; k < last; ++k) marks[at(later_[at(k)])] = 1;
  std::int64_t count = 0;
  for (std::int64_t pq = first; pq < last; ++pq) {
    const std::int32_t q = later_[at(pq)];
    for (std::int64_t qr = offsets_[at(q)]; qr < offsets_[at(q) + 1]; ++qr)
      count += marks[at(later_[at(qr)])];
  }
  for (std::int64_t k = first; k < last; ++k) marks[at(later_[at(k)])] = 0;
  return count;
}

void ForwardView::triangles_once(std::span<std::int64_t> out) {
  for_pieces(threads_, graph_.node_count(), kPiece, [&](int thread, std::int64_t begin, std::int64_t end) {
    auto& marks = bytes_[at(thread)];
    marks.resize(node_.size());
    for (std::int64_t p = begin; p < end; ++p) out[at(node_[at(p)])] = triangles_from(p, marks);
  });
}

void ForwardView::triangles(std::span<std::int64_t> out, bool arcs) {
  for (auto& c : counts_) c.assign(c.empty() ? 0 : node_.size(), 0);
  for_pieces(threads_, graph_.node_count(), kPiece, [&](int thread, std::int64_t begin, std::int64_t end) {
    auto& count = counts_[at(thread)];
    count.resize(node_.size());
    for_triangles(begin, end, marks_[at(thread)],
                  [&](std::int64_t p, std::int64_t pq, std::int64_t pr, std::int64_t qr) {
                    count[at(p)] += arcs ? arcs_[at(qr)] : 1;
                    count[at(later_[at(pq)])] += arcs ? arcs_[at(pr)] : 1;
                    count[at(later_[at(pr)])] += arcs ? arcs_[at(pq)] : 1;
                  });
  });
  for (std::int64_t p = 0; p < graph_.node_count(); ++p) {
    std::int64_t total = 0;
    for (const auto& c : counts_) total += c.empty() ? 0 : c[at(p)];
    out[at(node_[at(p)])] = total;
  }
}

void ForwardView::common_neighbors(std::span<std::int64_t> out) {
  at_edges_.assign(later_.size(), 0);
  for_pieces(threads_, graph_.node_count(), kPiece, [&](int thread, std::int64_t begin, std::int64_t end) {
    for_triangles(begin, end, marks_[at(thread)],
                  [&](std::int64_t, std::int64_t pq, std::int64_t pr, std::int64_t qr) {
                    for (const std::int64_t e : {pq, pr, qr}) add(at_edges_[at(e)], 1);
                  });
  });
  const Adjacency rows = graph_.out();
  for_pieces(threads_, graph_.node_count(), kPiece, [&](int, std::int64_t begin, std::int64_t end) {
    for (std::int64_t v = begin; v < end; ++v)
      for (std::int64_t e = rows.offsets[at(v)]; e < rows.offsets[at(v) + 1]; ++e) {
        const std::int32_t u = rows.neighbors[at(e)], p = std::min(place_[at(v)], place_[at(u)]),
                           q = std::max(place_[at(v)], place_[at(u)]);
        const auto first = later_.begin() + offsets_[at(p)], last = later_.begin() + offsets_[at(p) + 1];
        out[at(rows.edge(e))] = u == v ? 0 : at_edges_[at(std::lower_bound(first, last, q) - later_.begin())];
      }
  });
}

}  // namespace monograph::cpu
