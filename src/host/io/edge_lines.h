// Lines "source target [weight]": what edge lists, CSV and LDBC `.e` files have in common.
#pragma once

#include <deque>
#include <type_traits>

#include "host/io/cursor.h"
#include "host/io/id_index.h"
#include "host/io/pieces.h"

namespace monograph::io {

/// Walks the lines of an edge list. The first one settles delimiter and columns; every other has to agree.
class EdgeLines {
 public:
  EdgeLines(const Text& text, const ReadOptions& options);
  /// The same columns, over whole lines of the text.
  EdgeLines over(std::string_view lines) const;
  Cursor& cursor() { return cursor_; }
  const Cursor& cursor() const { return cursor_; }
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
    cursor_.end_line();
  }

 private:
  EdgeLines(const EdgeLines& other, std::string_view lines);
  void settle_columns(const ReadOptions& options);
  bool is_header(const ReadOptions& options) const;
  [[noreturn]] void fail_columns();

  Cursor cursor_;
  const char* line_;
  const char* first_line_ = nullptr;
  int columns_ = 2;
};

/// Edges as a file lists them. `Ids` is a vector of what is kept of an id while the file is read.
template <class Ids>
struct Listed {
  Ids source, target;
  UnsetVector<double> weight;
  bool weighted = false;
};

/// Reads the lines into the elements of `list` from `at` on; returns the end.
template <class Ids, class ReadId>
std::size_t read_edges(EdgeLines& lines, Listed<Ids>& list, std::size_t at, ReadId read_id) {
  for (; lines.next(); ++at) {
    list.source[at] = read_id(lines.cursor());
    lines.expect_field();
    list.target[at] = read_id(lines.cursor());
    if (list.weighted) {
      lines.expect_field();
      list.weight[at] = lines.cursor().number();
    }
    lines.expect_end();
  }
  return at;
}

/// Reads every edge; `read_id(cursor)` reads one id, on several threads at once unless `options` say
/// otherwise.
template <class Ids, class ReadId>
Listed<Ids> list_edges(const Text& text, const ReadOptions& options, ReadId read_id) {
  constexpr std::size_t kShortest = 4;  // "1 2" and its end
  const EdgeLines lines(text, options);
  const Pieces pieces(text, lines.cursor().place(), kShortest, options);
  Listed<Ids> list;
  list.weighted = lines.weighted();
  list.source.resize(pieces.room());
  list.target.resize(pieces.room());
  if (list.weighted) list.weight.resize(pieces.room());
  std::vector<std::size_t> count(pieces.size());
  pieces.run([&](std::size_t i) {
    EdgeLines own = lines.over(pieces[i]);
    count[i] = read_edges(own, list, pieces.first(i), read_id) - pieces.first(i);
  });
  pieces.close_gaps(list.source, count);
  pieces.close_gaps(list.target, count);
  if (list.weighted) pieces.close_gaps(list.weight, count);
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
  using List = UnsetVector<Kept>;
  static constexpr bool kParallel = true;
  Kept read(Cursor& cursor, std::deque<std::string>& storage) {
    return read_id<std::int64_t>(cursor, storage);
  }
  /// The ids in order; `a` and `b` as indices go to `a_out` and `b_out`. InputError: too many nodes.
  NodeIds number(const Text& text, List& a, List& b, std::vector<std::int32_t>& a_out,
                 std::vector<std::int32_t>& b_out);
};
class OccurringText {
 public:
  using Kept = std::int32_t;
  using List = std::vector<Kept>;
  static constexpr bool kParallel = false;  // an id is numbered when it first occurs
  Kept read(Cursor& cursor, std::deque<std::string>& storage) { return index_.add(cursor.word(storage)); }
  NodeIds number(const Text& text, List& a, List& b, std::vector<std::int32_t>& a_out,
                 std::vector<std::int32_t>& b_out);

 private:
  TextIndex index_;
};

/// The weights as an attribute, when there are any.
void add_weights(EdgeList& edges, bool weighted, std::span<const double> weight);
/// InputError when these ids are too many for a graph.
void check_node_count(std::size_t count, const Text& text);

/// A graph of the nodes that one file lists and the edges that another does.
Graph read_ldbc_pair(const Text& nodes, const Text& edges, const ReadOptions& options);

/// A graph whose nodes are the ids that occur.
Graph read_edge_list(const Text& text, const ReadOptions& options);

}  // namespace monograph::io
