// What a file format is. Each format is a value in a file of its own, and a line in format_list.def.
#pragma once

#include <monograph/io.h>

#include "host/io/output.h"
#include "host/io/text.h"

namespace monograph::io {

/// What a file that is written says of a graph, beside its edges.
struct Keeps {
  bool nodes = false;            ///< those without edges
  bool ids = true;               ///< the user's
  bool weights = true;           ///< the edge attribute "weight"
  bool direction = false;        ///< whether the graph is undirected
  bool both_directions = false;  ///< of an undirected graph it has each edge twice, and does not say so
  bool attributes = false;       ///< every other attribute of nodes and edges
  std::string_view node_attributes = "";  ///< these, between blanks, where not all are kept
  int first_id = 1;                       ///< where ids are not kept: nodes are numbered from here
};

class Binary;

struct Format {
  std::string_view name;
  std::string_view extensions;  // with dots, separated by spaces
  std::string_view doc;
  /// The graph that the text describes. Null: does not read graphs.
  Graph (*read)(const Text& text, const ReadOptions& options) = nullptr;
  /// Writes the graph to `path` (and beside it, where a graph is several files). Null: does not write graphs.
  void (*write)(const Graph& graph, const std::string& path) = nullptr;
  /// Writes a result. Null: does not write results.
  void (*write_result)(Output& out, const NodeIds& ids, std::span<const ResultColumn> columns) = nullptr;
  Keeps keeps = {};
  /// The graph that bytes are. Null: the format is text, or does not read graphs.
  Graph (*read_binary)(const Binary& file, const ReadOptions& options) = nullptr;
  bool mapped = false;  // columns may be pages of the file
};

#define MONOGRAPH_FORMAT(name) extern const Format name##_format;
#include "host/io/format_list.def"
#undef MONOGRAPH_FORMAT

/// Makes the graph that `edges` lists, as `options` has it. `poll` is called now and then, and may throw.
Graph make_graph(EdgeList edges, const ReadOptions& options, const std::function<void()>& poll);
/// Makes the graph that rows are: a file that stores both directions of the edges of an undirected graph.
/// InputError without a place: offsets, indices or, where it claims so, symmetry are not what they have to
/// be.
struct StoredRows {
  std::span<const std::int64_t> offsets;    // V + 1
  std::span<const std::int32_t> neighbors;  // E
  std::vector<Attribute> edges = {};        // E
  NodeIds ids = {};
  bool undirected = false;
};
Graph make_graph(StoredRows rows, const ReadOptions& options, const std::function<void()>& poll);

/// Calls visit(row, neighbour, edge) for each edge to write: both directions of an undirected one are written
/// once, from the smaller index, or from the larger.
enum class Triangle { Upper, Lower };
template <class Visit>
void for_each_written(const Graph& graph, Triangle triangle, Visit visit) {
  const auto out = graph.out();
  for (std::int64_t v = 0; v < graph.node_count(); ++v)
    for (auto k = out.offsets[static_cast<std::size_t>(v)]; k < out.offsets[static_cast<std::size_t>(v) + 1];
         ++k) {
      const auto u = out.neighbors[static_cast<std::size_t>(k)];
      const bool once = triangle == Triangle::Upper ? v <= u : v >= u;
      if (once || !graph.undirected()) visit(static_cast<std::int32_t>(v), u, k);
    }
}

/// Element `i` as a number: integers and bool without a point.
void put_element(Output& out, const Column& column, std::int64_t i);
/// An id; text that a reader would split or take for a comment is put in quotes. InputError: it has a line
/// end.
void put_id(Output& out, const NodeIds& ids, std::int32_t index);
/// Element `i` of a result column; ids are written by put_id.
void put_result(Output& out, const NodeIds& ids, const ResultColumn& column, std::int64_t i);
/// The index that element `i` of a column of nodes holds, -1 for none. InputError: it is no index of a node.
std::int32_t node_at(const NodeIds& ids, const ResultColumn& column, std::int64_t i);

}  // namespace monograph::io
