// Lines "source target [weight]": what edge lists, CSV and LDBC `.e` files have in common.
#pragma once

#include <deque>
#include <type_traits>

#include "host/io/cursor.h"
#include "host/io/id_index.h"

namespace monograph::io {

/// Walks the lines of an edge list. The first one settles delimiter and columns; every other has to agree.
class EdgeLines {
 public:
  EdgeLines(const Text& text, const ReadOptions& options);
  Cursor& cursor() { return cursor_; }
  bool weighted() const { return columns_ == 3; }
  /// Goes to the next edge; false at the end.
  bool next() {
    if (!cursor_.next_line()) return false;
    line_ = cursor_.place();
    return true;
  }
  void expect_field() {
    if (!cursor_.next_field()) fail_columns();
  }
  void expect_end() {
    if (!cursor_.at_line_end()) fail_columns();
    cursor_.skip_line();
  }
  /// About how many edges the text holds, judged by its beginning.
  std::size_t estimate() const;

 private:
  void settle_columns(const ReadOptions& options);
  bool is_header(const ReadOptions& options) const;
  [[noreturn]] void fail_columns();

  Cursor cursor_;
  const char* line_;
  const char* first_line_ = nullptr;
  int columns_ = 2;
};

/// Edges as a file lists them, by `Id`.
template <class Id>
struct Listed {
  std::vector<Id> source, target;
  std::vector<double> weight;
  bool weighted = false;
};

/// Reads every edge; `read_id(cursor)` reads one id.
template <class Id, class ReadId>
Listed<Id> list_edges(const Text& text, const ReadOptions& options, ReadId read_id) {
  EdgeLines lines(text, options);
  Listed<Id> list;
  list.weighted = lines.weighted();
  const auto room = lines.estimate();
  list.source.reserve(room);
  list.target.reserve(room);
  if (list.weighted) list.weight.reserve(room);
  while (lines.next()) {
    list.source.push_back(read_id(lines.cursor()));
    lines.expect_field();
    list.target.push_back(read_id(lines.cursor()));
    if (list.weighted) {
      lines.expect_field();
      list.weight.push_back(lines.cursor().number());
    }
    lines.expect_end();
  }
  return list;
}

/// One id as the file has it. The text of quoted ids may need `storage`.
template <class Id>
Id read_id(Cursor& cursor, std::deque<std::string>& storage) {
  if constexpr (std::is_same_v<Id, std::int64_t>)
    return cursor.index("ids are integers from 0 on; for others use Ids::Text, --ids string");
  else
    return cursor.word(storage);
}

/// Ids of nodes that are those which occur: how they are kept while a file is read, and their indices
/// afterwards.
class OccurringNumbers {
 public:
  using Kept = std::int64_t;
  Kept read(Cursor& cursor, std::deque<std::string>& storage) {
    return read_id<std::int64_t>(cursor, storage);
  }
  /// The ids in order; `a` and `b` as indices go to `a_out` and `b_out`. InputError: too many nodes.
  NodeIds number(const Text& text, std::vector<Kept>& a, std::vector<Kept>& b,
                 std::vector<std::int32_t>& a_out, std::vector<std::int32_t>& b_out);
};
class OccurringText {
 public:
  using Kept = std::int32_t;
  Kept read(Cursor& cursor, std::deque<std::string>& storage) { return index_.add(cursor.word(storage)); }
  NodeIds number(const Text& text, std::vector<Kept>& a, std::vector<Kept>& b,
                 std::vector<std::int32_t>& a_out, std::vector<std::int32_t>& b_out);

 private:
  TextIndex index_;
};

/// The weights as an attribute, when there are any.
void add_weights(EdgeList& edges, bool weighted, const std::vector<double>& weight);
/// InputError when these ids are too many for a graph.
void check_node_count(std::size_t count, const Text& text);

/// A graph whose nodes are the ids that occur.
Graph read_edge_list(const Text& text, const ReadOptions& options);

}  // namespace monograph::io
