// The vertex-based form of LDBC's validation graphs: "v n1 n2 ...", a line for each node that has neighbours.
// Directed: the targets of v. Undirected: every edge is listed at both ends.
#include <algorithm>

#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

template <class Id>
struct Rows {
  std::vector<Id> heads, neighbors;
  std::vector<std::size_t> ends;  // where the neighbours of each head end
};

template <class Id>
Rows<Id> read_rows(const Text& text, const ReadOptions& options, std::deque<std::string>& storage) {
  Rows<Id> rows;
  Cursor cursor(text, options.delimiter == ' ' ? '\0' : options.delimiter);
  for (int i = 0; i < options.skip_lines; ++i) cursor.skip_line();
  for (; cursor.next_line(); cursor.skip_line()) {
    rows.heads.push_back(read_id<Id>(cursor, storage));
    while (cursor.next_field()) rows.neighbors.push_back(read_id<Id>(cursor, storage));
    rows.ends.push_back(rows.neighbors.size());
  }
  return rows;
}

/// The rows as edges. An undirected edge is listed at both ends: from its smaller index, it is the same edge
/// twice.
template <class Index>
EdgeList edges_of(const Rows<typename Index::Id>& rows, const Index& index, bool undirected) {
  EdgeList edges;
  std::size_t k = 0;
  for (std::size_t r = 0; r < rows.heads.size(); ++r)
    for (const auto head = index.find(rows.heads[r]); k < rows.ends[r]; ++k) {
      const auto neighbor = index.find(rows.neighbors[k]);
      edges.source.push_back(undirected ? std::min(head, neighbor) : head);
      edges.target.push_back(undirected ? std::max(head, neighbor) : neighbor);
    }
  edges.ids = index.node_ids();
  return edges;
}

Graph read_ldbc_vertex(const Text& text, const ReadOptions& options) {
  return read_by_ids(options, [&]<class Index>() {
    std::deque<std::string> storage;
    const auto rows = read_rows<typename Index::Id>(text, options, storage);
    auto ids = distinct_ids(rows.heads, rows.neighbors);
    check_node_count(ids.size(), text);
    auto own = options;
    if (options.undirected.value_or(false)) own.multi_edges = MultiEdges::Drop;
    return make_graph(edges_of(rows, Index(std::move(ids)), options.undirected.value_or(false)), own);
  });
}

}  // namespace

constinit const Format ldbc_vertex_format = {
    "ldbc-vertex",    "",      "lines \"v n1 n2 ...\"; an undirected graph lists each edge at both ends",
    read_ldbc_vertex, nullptr, nullptr};

}  // namespace monograph::io
