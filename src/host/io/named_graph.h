// A graph whose file names nodes one by one, before or after the edges between them: GraphML and GML.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "host/io/id_index.h"
#include "host/io/table.h"

namespace monograph::io {

/// Counted from 1, without the name of the file.
struct Place {
  std::uint32_t line = 0, column = 0;
};

class NamedGraph {
 public:
  explicit NamedGraph(std::string path) : path_(std::move(path)) {}

  /// A node that the file lists; its row. InputError: it was listed before.
  std::size_t add_node(std::string_view id, Place place);
  /// An edge; its row. The nodes may be listed later.
  std::size_t add_edge(std::string_view source, std::string_view target, Place place);
  /// The column of that name; a new one has that type. A column of integers that gets a float has floats.
  GrowingColumn& node_column(std::string_view name, ScalarType type) { return column(nodes_, name, type); }
  GrowingColumn& edge_column(std::string_view name, ScalarType type) { return column(edges_, name, type); }

  /// InputError: an edge of a node that is not listed, an id that is no number where numbers are asked for, a
  /// row without a value.
  Graph make(const ReadOptions& options, bool undirected, const std::function<void()>& poll);
  [[noreturn]] void fail(Place place, const std::string& message) const;

 private:
  using Columns = std::deque<GrowingColumn>;
  static GrowingColumn& column(Columns& columns, std::string_view name, ScalarType type);
  std::int32_t position(std::string_view id, Place place);
  void check_listed() const;
  NodeIds number_ids(std::vector<std::int32_t>& rank);
  std::vector<Attribute> attributes(const Columns& columns, std::size_t rows, const char* of) const;

  std::string path_;
  TextIndex index_;
  std::deque<std::string> storage_;
  std::vector<Place> first_;          // by position: where it was named first
  std::vector<std::int32_t> row_;     // by position: its row among the listed nodes, or -1
  std::vector<std::int32_t> listed_;  // by row: its position
  std::vector<std::int32_t> source_, target_;
  Columns nodes_, edges_;
};

}  // namespace monograph::io
