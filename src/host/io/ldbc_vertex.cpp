// The vertex-based form of LDBC's validation graphs: "v n1 n2 ...", a line for each node that has neighbours.
// Directed: the targets of v. Undirected: every edge is listed at both ends.
#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

template <class List>
struct Rows {
  List heads, neighbors;
  std::vector<std::size_t> ends;  // where the neighbours of each head end
};

template <class Occurring>
Rows<typename Occurring::List> read_rows(const Text& text, const ReadOptions& options, Occurring& nodes,
                                         std::deque<std::string>& storage) {
  Rows<typename Occurring::List> rows;
  Cursor cursor(text, options.delimiter == ' ' ? '\0' : options.delimiter);
  for (int i = 0; i < options.skip_lines; ++i) cursor.skip_line();
  for (; cursor.next_line(); cursor.skip_line()) {
    rows.heads.push_back(nodes.read(cursor, storage));
    while (cursor.next_field()) rows.neighbors.push_back(nodes.read(cursor, storage));
    rows.ends.push_back(rows.neighbors.size());
  }
  return rows;
}

/// The rows as edges. An undirected edge is listed at both ends: from its smaller index, it is the same edge
/// twice.
void add_edges(EdgeList& edges, std::span<const std::int32_t> heads, std::span<const std::int32_t> neighbors,
               std::span<const std::size_t> ends, bool undirected) {
  std::size_t k = 0;
  for (std::size_t r = 0; r < heads.size(); ++r)
    for (; k < ends[r]; ++k) {
      const bool swap = undirected && neighbors[k] < heads[r];
      edges.source.push_back(swap ? neighbors[k] : heads[r]);
      edges.target.push_back(swap ? heads[r] : neighbors[k]);
    }
}

template <class Occurring>
Graph read_occurring(const Text& text, const ReadOptions& options) {
  Occurring nodes;
  std::deque<std::string> storage;
  auto rows = read_rows(text, options, nodes, storage);
  std::vector<std::int32_t> heads, neighbors;
  EdgeList edges;
  edges.ids = nodes.number(text, rows.heads, rows.neighbors, heads, neighbors);
  auto own = options;
  const bool undirected = options.undirected.value_or(false);
  if (undirected) own.multi_edges = MultiEdges::Drop;
  add_edges(edges, heads, neighbors, rows.ends, undirected);
  return make_graph(std::move(edges), own, text.poll());
}

Graph read_ldbc_vertex(const Text& text, const ReadOptions& options) {
  return options.ids == Ids::Text ? read_occurring<OccurringText>(text, options)
                                  : read_occurring<OccurringNumbers>(text, options);
}

}  // namespace

constinit const Format ldbc_vertex_format = {
    "ldbc-vertex",    "",      "lines \"v n1 n2 ...\"; an undirected graph lists each edge at both ends",
    read_ldbc_vertex, nullptr, nullptr};

}  // namespace monograph::io
