// Graphs and results as files: readers, writers, generators, and the comparison with a reference result.
#pragma once

#include <monograph/graph.h>

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

// Reading graphs -----------------------------------------------------------------------------------------

/// How node ids of a file are read.
enum class Ids : std::uint8_t {
  Number,  ///< integers 0 .. 2^63-1; anything else is an error
  Text,    ///< any text: nodes are ordered by the bytes of their ids
};

struct ReadOptions {
  /// A name of `formats()`; "" decides by extension (before ".gz" or ".zst") or, for Matrix Market, by
  /// content.
  std::string format = {};
  /// true mirrors each listed edge once; false keeps a symmetric matrix as a directed graph with both
  /// directions; without a value a graph is directed unless its header says that it is symmetric.
  std::optional<bool> undirected = {};
  MultiEdges multi_edges = MultiEdges::Keep;
  SelfLoops self_loops = SelfLoops::Keep;
  Ids ids = Ids::Number;
  /// Lines to leave out at the start of the file (of a `.e`, not of its `.v`).
  int skip_lines = 0;
  /// Between columns of an edge list: ',', ';', '\t', ' ' (any run of blanks) or another; 0 looks at the
  /// first line.
  char delimiter = 0;
  /// How many threads read text, 0: one for each core. The graph is the same for any number.
  int threads = 0;
  /// Called now and then with the work done so far, in bytes of the file, and the size of the file (0: not
  /// known); of a generator, in bytes of the edges' ends. What it throws ends the reading, also while rows
  /// are made of what was read.
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};
};

/// Reads a graph from a file (see `formats()`; each also compressed as `.gz` or `.zst`), or makes one:
/// "gen:NAME:..." (see `generators()`). Weights become the edge attribute "weight": i64 where the format has
/// integers (Matrix Market "integer", DIMACS, METIS, .wsg), f64 otherwise, 1 for a pattern Matrix Market
/// file. An edge list without a weight column has no such attribute. What else each format has:
/// docs/formats.md.
///
/// Node indices follow the order of the ids. The nodes are: 1..N of a Matrix Market, DIMACS or METIS file;
/// 0..N-1 of a `.sg` or `.npz`; those of the `.v` beside an LDBC `.e`; those that GraphML, GML and `.mcsr`
/// list; otherwise those that occur. An edge list without edges is a graph without nodes.
///
/// A `.mcsr` that is not compressed is mapped, not read: columns are pages of the file. It is walked through
/// once, for its checksums and rows. While such a graph is in use nobody may write into the file or shorten
/// it (replacing it, as `write_graph` does, is fine).
///
/// Files are not trusted. Nothing is allocated because a file announces it: a matrix may have more rows than
/// it has lines, but at most 2^24 or 8 for each byte of the file.
///
/// InputError, as "file:line:column: expected ..., found ... (hint)": what cannot be read, is damaged, or
/// changes while it is read. UsageError: an unknown format or generator, or options that do not fit.
/// MemoryError.
Graph read_graph(const std::string& path_or_generator, const ReadOptions& options = {});

/// A column of numbers from a NumPy file (`.npy`, also compressed): one dimension, bool, i4, i8, f4 or f8 of
/// either byte order; smaller integers become i32, unsigned ones the next larger type. InputError: anything
/// else.
Column read_column(const std::string& path);

/// A parameter of an algorithm that a file states beside its graph.
struct StatedParameter {
  std::string algorithm;  ///< a name of `algorithms()`
  std::string name, value;
};
/// What an LDBC Graphalytics `.properties` file says of the algorithms' parameters; empty for any other path.
/// InputError: cannot be read, or is damaged.
std::vector<StatedParameter> stated_parameters(const std::string& path);

// Writing ------------------------------------------------------------------------------------------------
// Every writer fills a file beside the target and renames it when it is complete: on an error the target is
// as it was and no other file remains. Of an LDBC pair both files are complete before the `.e` and then the
// `.v` is renamed: only if the second renaming fails, or the machine stops between the two, does a new `.e`
// stand beside the old `.v`. What is no regular file (a pipe, a device) is written directly. A path that ends
// in ".gz" or ".zst" is compressed.

/// Writes `graph` in the format named, or by the path's extension. An undirected graph has each edge once: a
/// Matrix Market file and others say so, edge lists are read back with `undirected = true`. What each format
/// keeps: `losses`, and docs/formats.md. UsageError: unknown format. InputError: the graph does not fit the
/// format, or the file cannot be written.
void write_graph(const Graph& graph, const std::string& path, const std::string& format = "");
/// What of `graph` such a file does not say, a phrase each: nodes without edges, ids, weights, attributes,
/// that it is undirected. Ids 0..V-1 or 1..V are not named where a format counts nodes itself. UsageError,
/// InputError: as write_graph.
std::vector<std::string> losses(const Graph& graph, const std::string& path, const std::string& format = "");

/// What the elements of a result column are.
enum class Role : std::uint8_t {
  Value,  ///< numbers
  Node,   ///< node indices (i32 or i64), printed as the user's ids; -1 (none) prints -1
};

/// A named column of a result: one element per node.
struct ResultColumn {
  std::string name;
  Column column;
  Role role = Role::Value;
};

/// Writes one row per node, in index order: its id, then its element of each column. Formats: text ("id
/// value" lines as LDBC's reference outputs), csv and tsv (with a header row), json (an array of objects),
/// npy (one column, without ids: NumPy), npz (the array "id" and one for each column). Bool and integer
/// elements print as integers, floats with the fewest digits that read back the same, and Infinity,
/// -Infinity, NaN (strings in JSON). InputError: a column has another length than there are nodes, or holds a
/// node index out of range; the file cannot be written. UsageError: unknown format.
void write_result(std::ostream& stream, const NodeIds& ids, std::span<const ResultColumn> columns,
                  const std::string& format = "text");
/// The same into a file; "" decides by extension (.txt .csv .tsv .json .npy .npz), and for others is text.
void write_result(const std::string& path, const NodeIds& ids, std::span<const ResultColumn> columns,
                  const std::string& format = "");

/// Writes a file whole, or leaves what was there. InputError: cannot be written.
void write_file(const std::string& path, std::string_view bytes);

/// The text `write_result` gives for element `i`.
std::string element_text(const NodeIds& ids, const ResultColumn& column, std::int64_t i);

// What there is ------------------------------------------------------------------------------------------

/// A file format.
struct FormatInfo {
  std::string_view name;
  std::string_view extensions;  ///< with dots, separated by spaces; "" when it must be named
  std::string_view doc;         ///< one line
  bool reads_graph, writes_graph, writes_result;
};
std::span<const FormatInfo> formats();

/// A way to make a graph. The same specification gives the same graph on every machine; ":seed=S" is 0 where
/// it is left out. ":weights=LOW..HIGH" adds the edge attribute "weight": f64, uniform in [LOW, HIGH), drawn
/// for each edge from the seed (every generator then takes one), and the same in both directions of an
/// undirected edge.
struct GeneratorInfo {
  std::string_view name;
  std::string_view syntax;  ///< "gen:rmat:SCALE:DEGREE[:seed=S][:weights=LOW..HIGH]"
  std::string_view doc;     ///< one line
};
std::span<const GeneratorInfo> generators();

// Comparing results --------------------------------------------------------------------------------------

/// Values by node id, as text. Sorted by id; ids are distinct.
struct ValueTable {
  struct Entry {
    std::string_view id, value;
  };
  std::vector<Entry> entries;
  std::shared_ptr<const void> storage;  ///< owns the text
};

/// Reads "id value" lines (blanks or one comma or semicolon between; comments and a header row "id,..." are
/// left out), also compressed. InputError: not such a file, or an id appears twice.
ValueTable read_values(const std::string& path);
/// The text that `write_result` gives for `column`.
ValueTable values_of(const NodeIds& ids, const ResultColumn& column);

/// "exact", "equivalence", "epsilon".
std::string_view to_string(Match match);
/// UsageError when there is no such match.
Match parse_match(std::string_view name);

struct Comparison {
  struct Difference {
    std::string id, expected, actual;  ///< "" where the id is missing
  };
  std::int64_t compared = 0;    ///< ids in both
  std::int64_t mismatched = 0;  ///< ids in both with values that do not match
  std::int64_t missing = 0;     ///< expected ids that the actual values lack
  std::int64_t extra = 0;       ///< actual ids that nobody expected
  double worst_error = 0;  ///< largest |actual - expected| / |expected| (infinite where that is not a number)
  std::vector<Difference> first;  ///< the first few, by id
  bool ok() const { return mismatched == 0 && missing == 0 && extra == 0; }
};
/// Compares by the rules of LDBC Graphalytics. `tolerance` is for Epsilon only.
Comparison compare_values(const ValueTable& expected, const ValueTable& actual, Match match,
                          double tolerance = 1e-4);

}  // namespace monograph
