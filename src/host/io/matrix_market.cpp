// Matrix Market coordinate files (Boisvert, Pozo, Remington 1996). Row = source, column = target, counted
// from 1.
#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <numeric>
#include <optional>

#include "host/io/cursor.h"
#include "host/io/format.h"
#include "host/io/pieces.h"

namespace monograph::io {
namespace {

constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kFreeNodes = 1 << 24;  // a matrix may have this many rows however small its file is

enum class Field { Pattern, Integer, Real };
enum class Symmetry { General, Symmetric, Skew };
struct Header {
  Field field;
  Symmetry symmetry;
  std::int64_t nodes = 0, entries = 0;
};

template <class T>
struct Word {
  std::string_view text;
  T value;
};
constexpr auto kFields = std::to_array<Word<Field>>({{"pattern", Field::Pattern},
                                                     {"integer", Field::Integer},
                                                     {"real", Field::Real},
                                                     {"double", Field::Real}});
constexpr auto kSymmetries = std::to_array<Word<Symmetry>>(
    {{"general", Symmetry::General}, {"symmetric", Symmetry::Symmetric}, {"skew-symmetric", Symmetry::Skew}});

std::string lower(std::string_view text) {
  std::string s(text);
  for (char& c : s)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  return s;
}

/// Reads the word at the cursor, which has to be one of `words`.
template <class T, std::size_t N>
T expect_word(Cursor& cursor, const std::array<Word<T>, N>& words, const std::string& expected,
              const std::string& hint) {
  std::deque<std::string> storage;
  const auto found = lower(cursor.peek());
  for (const auto& w : words)
    if (found == w.text) {
      cursor.word(storage);
      cursor.next_field();
      return w.value;
    }
  cursor.fail(expected, hint);
}

Header read_banner(Cursor& cursor) {
  const std::string form = "the first line is \"%%MatrixMarket matrix coordinate FIELD SYMMETRY\"";
  expect_word(cursor, std::array<Word<int>, 1>{{{"%%matrixmarket", 0}}}, "\"%%MatrixMarket\"", form);
  expect_word(cursor, std::array<Word<int>, 1>{{{"matrix", 0}}}, "\"matrix\"", form);
  expect_word(cursor, std::array<Word<int>, 1>{{{"coordinate", 0}}}, "\"coordinate\"",
              "a graph is a sparse matrix; dense ones, array, are not read");
  Header header;
  header.field = expect_word(cursor, kFields, "\"pattern\", \"integer\" or \"real\"",
                             "complex weights have no order and are not read");
  const char* const symmetry = cursor.place();
  header.symmetry = expect_word(cursor, kSymmetries, "\"general\", \"symmetric\" or \"skew-symmetric\"",
                                "a hermitian matrix is complex");
  if (header.symmetry == Symmetry::Skew && header.field == Field::Pattern)
    cursor.fail_at(symmetry, "\"general\" or \"symmetric\"", "a pattern has no signs to be skew-symmetric");
  if (!cursor.at_line_end()) cursor.fail("the end of the line", form);
  return header;
}

std::int64_t read_count(Cursor& cursor, const char* name) {
  if (cursor.at_line_end()) cursor.fail(name, "the size line is \"ROWS COLUMNS ENTRIES\"");
  return cursor.index();
}

/// Numbers that a header announces are checked before anything is allocated for them.
void check_sizes(const Cursor& cursor, const char* line, const Header& header) {
  const auto& text = cursor.text();
  const auto bytes = static_cast<std::int64_t>(text.size());
  if (header.nodes > kMostNodes)
    text.fail(line, "expected at most 2147483647 nodes, found " + std::to_string(header.nodes) +
                        " (nodes are indexed with 32 bits)");
  if (header.nodes > kFreeNodes && header.nodes / 8 > bytes)
    text.fail(line, "expected at most " + std::to_string(std::max(kFreeNodes, 8 * bytes)) +
                        " nodes in a file of " + std::to_string(bytes) + " bytes, found " +
                        std::to_string(header.nodes) +
                        " (is the size line right? nearly all would be without edges)");
  const auto room = text.end() - cursor.place();
  const std::int64_t shortest = header.field == Field::Pattern ? 4 : 6;  // "1 1\n", "1 1 1\n"
  if (header.entries > (room + 1) / shortest)
    text.fail(line, "expected at most " + std::to_string((room + 1) / shortest) + " entries in the " +
                        std::to_string(room) + " bytes that follow, found " + std::to_string(header.entries) +
                        " announced (is the file complete?)");
}

Header read_header(Cursor& cursor) {
  Header header = read_banner(cursor);
  cursor.skip_line();
  if (!cursor.next_line(false)) cursor.fail("the size line \"ROWS COLUMNS ENTRIES\"");
  const char* const line = cursor.place();
  header.nodes = read_count(cursor, "the number of rows");
  const auto columns = read_count(cursor, "the number of columns");
  header.entries = read_count(cursor, "the number of entries");
  if (!cursor.at_line_end()) cursor.fail("the end of the line", "the size line is \"ROWS COLUMNS ENTRIES\"");
  if (columns != header.nodes)
    cursor.text().fail(line,
                       "expected a square matrix, found " + std::to_string(header.nodes) + " rows and " +
                           std::to_string(columns) +
                           " columns (a graph's adjacency matrix has a row and a column for each node)");
  check_sizes(cursor, line, header);
  cursor.skip_line();
  return header;
}

/// What the entries say, before symmetry.
struct Entries {
  UnsetVector<std::int32_t> row, column;
  UnsetVector<double> real;
  UnsetVector<std::int64_t> integer;

  void resize(std::size_t count, Field field) {
    row.resize(count);
    column.resize(count);
    if (field == Field::Integer) integer.resize(count);
    if (field == Field::Real) real.resize(count);
  }
};

std::int32_t read_index(Cursor& cursor, std::int64_t nodes) {
  if (cursor.at_line_end()) cursor.fail("an index in 1.." + std::to_string(nodes));
  const char* const place = cursor.place();
  const auto index = cursor.index("an entry is \"ROW COLUMN [VALUE]\", counted from 1");
  if (index < 1 || index > nodes)
    cursor.fail_at(place, "an index in 1.." + std::to_string(nodes),
                   index == 0 ? "Matrix Market counts from 1" : "the size line says how many rows there are");
  return static_cast<std::int32_t>(index - 1);
}

void read_value(Cursor& cursor, Field field, Entries& entries, std::size_t at) {
  if (field == Field::Pattern) return;
  if (cursor.at_line_end())
    cursor.fail(field == Field::Integer ? "integer" : "number", "each entry is \"ROW COLUMN VALUE\"");
  if (field == Field::Integer)
    entries.integer[at] = cursor.integer();
  else
    entries.real[at] = cursor.number();
}

void read_entry(Cursor& cursor, const Header& header, Entries& entries, std::size_t at) {
  const char* const line = cursor.place();
  entries.row[at] = read_index(cursor, header.nodes);
  entries.column[at] = read_index(cursor, header.nodes);
  read_value(cursor, header.field, entries, at);
  if (!cursor.at_line_end())
    cursor.fail("the end of the line", header.field == Field::Pattern
                                           ? "entries of a pattern are \"ROW COLUMN\""
                                           : "each entry is \"ROW COLUMN VALUE\"");
  if (header.symmetry == Symmetry::Skew && entries.row[at] == entries.column[at])
    cursor.text().fail(line,
                       "expected no entry on the diagonal of a skew-symmetric matrix, found row and column " +
                           std::to_string(entries.row[at] + 1));
  cursor.skip_line();
}

/// One line after the other: for what is wrong with a file, the first place where it is.
Entries read_entries(Cursor& cursor, const Header& header) {
  Entries entries;
  const auto count = static_cast<std::size_t>(header.entries);
  entries.resize(count, header.field);
  for (std::size_t i = 0; i < count; ++i) {
    if (!cursor.next_line(false))
      cursor.fail(std::to_string(count) + " entries",
                  "there are " + std::to_string(i) + "; is the file complete?");
    read_entry(cursor, header, entries, i);
  }
  if (cursor.next_line(false))
    cursor.fail("the end of the file after " + std::to_string(count) + " entries",
                "the size line announces fewer than there are");
  return entries;
}

/// The same on several threads; nothing where a line is wrong, or their number.
std::optional<Entries> read_entries_in_pieces(const Cursor& cursor, const Header& header,
                                              const ReadOptions& options) {
  const std::size_t shortest = header.field == Field::Pattern ? 4 : 6;
  const Pieces pieces(cursor.text(), cursor.place(), shortest, options);
  Entries entries;
  entries.resize(pieces.room(), header.field);
  std::vector<std::size_t> count(pieces.size());
  std::atomic<bool> wrong = false;
  pieces.run([&](std::size_t i) {
    try {
      Cursor own(cursor.text(), pieces[i], 0);
      std::size_t at = pieces.first(i);
      for (; own.next_line(false); ++at) read_entry(own, header, entries, at);
      count[i] = at - pieces.first(i);
    } catch (const InputError&) {
      wrong = true;
    }
  });
  if (wrong || std::accumulate(count.begin(), count.end(), std::int64_t{0}) != header.entries) return {};
  pieces.close_gaps(entries.row, count);
  pieces.close_gaps(entries.column, count);
  if (header.field == Field::Integer) pieces.close_gaps(entries.integer, count);
  if (header.field == Field::Real) pieces.close_gaps(entries.real, count);
  return entries;
}

std::int64_t negated(std::int64_t value) {
  return static_cast<std::int64_t>(-static_cast<std::uint64_t>(value));
}

/// Adds the other triangle, with opposite values for a skew-symmetric matrix.
void complete(Entries& entries, Symmetry symmetry) {
  const bool skew = symmetry == Symmetry::Skew;
  const auto count = entries.row.size();
  for (std::size_t i = 0; i < count; ++i) {
    if (entries.row[i] == entries.column[i]) continue;
    entries.row.push_back(entries.column[i]);
    entries.column.push_back(entries.row[i]);
    if (!entries.real.empty()) entries.real.push_back(skew ? -entries.real[i] : entries.real[i]);
    if (!entries.integer.empty())
      entries.integer.push_back(skew ? negated(entries.integer[i]) : entries.integer[i]);
  }
}

Column weights(const Entries& entries, Field field) {
  if (field == Field::Integer) return Column::of<std::int64_t>(std::span(entries.integer));
  if (field == Field::Real) return Column::of<double>(std::span(entries.real));
  Column ones(ScalarType::F64, static_cast<std::int64_t>(entries.row.size()));
  std::ranges::fill(ones.span<double>(), 1.0);
  return ones;
}

Graph read_matrix_market(const Text& text, const ReadOptions& options) {
  Cursor cursor(text);
  for (int i = 0; i < options.skip_lines; ++i) cursor.skip_line();
  const Header header = read_header(cursor);
  if (header.symmetry == Symmetry::Skew && options.undirected.value_or(false))
    throw InputError({text.path(), 1},
                     "a skew-symmetric matrix has opposite weights in the two directions, so its graph is "
                     "not undirected (read it as directed)");
  auto read = read_entries_in_pieces(cursor, header, options);
  Entries entries = read ? std::move(*read) : read_entries(cursor, header);
  const bool undirected = options.undirected.value_or(header.symmetry == Symmetry::Symmetric);
  if (header.symmetry != Symmetry::General && !undirected) complete(entries, header.symmetry);
  EdgeList edges;
  edges.ids = NodeIds::dense(header.nodes, 1);
  edges.attributes = {{"weight", weights(entries, header.field)}};
  edges.source.assign(entries.row.begin(), entries.row.end());
  edges.target.assign(entries.column.begin(), entries.column.end());
  edges.undirected = undirected;
  return make_graph(std::move(edges), options, text.poll());
}

std::string_view field_of(const Column* weight) {
  if (!weight) return "pattern";
  return is_float(weight->type()) ? "real" : "integer";
}

void write_matrix_market(const Graph& graph, const std::string& path) {
  const Column* weight = graph.edge_attribute("weight");
  std::int64_t entries = 0;
  for_each_written(graph, Triangle::Lower, [&](auto, auto, auto) { ++entries; });
  FileOutput out(path);
  out.text("%%MatrixMarket matrix coordinate ")
      .text(field_of(weight))
      .text(graph.undirected() ? " symmetric\n" : " general\n");
  out.number(graph.node_count()).text(' ').number(graph.node_count()).text(' ').number(entries).text('\n');
  for_each_written(graph, Triangle::Lower, [&](std::int32_t row, std::int32_t column, std::int64_t edge) {
    out.number(std::int64_t{row} + 1).text(' ').number(std::int64_t{column} + 1);
    if (weight) put_element(out.text(' '), *weight, edge);
    out.text('\n');
  });
  out.commit();
}

}  // namespace

constinit const Format matrix_market_format = {
    "mtx",
    ".mtx",
    "Matrix Market coordinate: general, symmetric or skew-symmetric; pattern, integer or real",
    read_matrix_market,
    write_matrix_market,
    nullptr,
    {.nodes = true, .ids = false, .direction = true}};

}  // namespace monograph::io
