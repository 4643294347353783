// The serialised graphs of the GAP Benchmark Suite (Beamer, Asanovic, Patterson 2015): .sg, and .wsg with
// integer weights. In the byte order of the machine that wrote it, without padding:
//
//   1 byte   1: directed, 0: both directions of each edge are stored
//   i64      stored edges E
//   i64      nodes V
//   i64[V+1] row offsets
//   i32[E]   neighbours; in .wsg (i32 neighbour, i32 weight)[E]
//   of a directed graph offsets and neighbours once more, of the reversed edges
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include "host/io/binary.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

static_assert(std::endian::native == std::endian::little, "the files are written on little-endian machines");

constexpr std::size_t kHeader = 17;
constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();

struct Header {
  bool directed = false;
  std::int64_t edges = 0, nodes = 0;
};

/// Numbers that a header announces are checked before anything is allocated for them.
Header read_header(const Binary& file, std::size_t entry) {
  if (file.size() < kHeader)
    file.fail(file.size(), "a header of 17 bytes", "the end of the file", "is the file complete?");
  const auto directed = file.at<std::uint8_t>(0);
  if (directed > 1)
    file.fail(0, "0 or 1 (is the graph directed?)", std::to_string(directed), "is it a file of GAPBS?");
  const Header h{directed == 1, file.at<std::int64_t>(1), file.at<std::int64_t>(9)};
  if (h.edges < 0) file.fail(1, "a number of edges", std::to_string(h.edges));
  if (h.nodes < 0 || h.nodes > kMostNodes)
    file.fail(9, "a number of nodes in 0..2147483647", std::to_string(h.nodes));
  const auto room = static_cast<std::int64_t>(file.size() - kHeader);
  const std::int64_t halves = h.directed ? 2 : 1, index = (h.nodes + 1) * 8;
  const bool fits = h.edges <= room / static_cast<std::int64_t>(entry) &&
                    halves * (index + h.edges * static_cast<std::int64_t>(entry)) == room;
  if (!fits)
    file.fail(1,
              "a file as long as its " + std::to_string(h.nodes) + " nodes and " + std::to_string(h.edges) +
                  (h.directed ? " directed" : " undirected") + " edges",
              std::to_string(file.size()) + " bytes", "is the file complete, and .wsg if it has weights?");
  return h;
}

template <class T>
std::vector<T> values(const Binary& file, std::size_t offset, std::int64_t count) {
  std::vector<T> all(static_cast<std::size_t>(count));
  if (count > 0) std::memcpy(all.data(), file.bytes().data() + offset, all.size() * sizeof(T));
  return all;
}

Graph read(const Binary& file, const ReadOptions& options, bool weighted) {
  const std::size_t entry = weighted ? 8 : 4;
  const Header h = read_header(file, entry);
  const auto offsets = values<std::int64_t>(file, kHeader, h.nodes + 1);
  const std::size_t begin = kHeader + offsets.size() * 8;
  std::vector<std::int32_t> neighbors;
  StoredRows rows{
      .offsets = offsets, .neighbors = {}, .ids = NodeIds::dense(h.nodes), .undirected = !h.directed};
  if (weighted) {
    Column weight(ScalarType::I64, h.edges);
    const auto to = weight.span<std::int64_t>();
    neighbors.resize(to.size());
    for (std::size_t k = 0; k < to.size(); ++k) {
      neighbors[k] = file.at<std::int32_t>(begin + 8 * k);
      to[k] = file.at<std::int32_t>(begin + 8 * k + 4);
    }
    rows.edges.push_back({"weight", std::move(weight)});
  } else {
    neighbors = values<std::int32_t>(file, begin, h.edges);
  }
  rows.neighbors = neighbors;
  try {
    return make_graph(std::move(rows), options, file.poll());
  } catch (const InputError& e) {
    throw InputError({file.path()}, e.what());
  }
}

Graph read_sg(const Binary& file, const ReadOptions& options) { return read(file, options, false); }
Graph read_wsg(const Binary& file, const ReadOptions& options) { return read(file, options, true); }

template <class T>
void put(Output& out, T value) {
  out.text(std::string_view(reinterpret_cast<const char*>(&value), sizeof value));
}

std::int32_t weight_of(const std::string& path, const Column& column, std::int64_t edge) {
  const Constant c = column.at(edge);
  const double value = is_float(c.type) ? (c.type == ScalarType::F32 ? c.as<float>() : c.as<double>())
                       : c.type == ScalarType::I64 ? static_cast<double>(c.as<std::int64_t>())
                       : c.type == ScalarType::I32 ? c.as<std::int32_t>()
                                                   : c.as<bool>();
  if (!(value >= std::numeric_limits<std::int32_t>::min() && value <= kMostNodes) ||
      value != std::trunc(value))
    throw InputError({path}, "expected weights that are integers of 32 bits, found " + to_string(c) +
                                 " (a .wsg has no others; .mcsr has)");
  return static_cast<std::int32_t>(value);
}

void put_rows(Output& out, const std::string& path, const Adjacency& rows, const Column* weight) {
  for (const std::int64_t offset : rows.offsets) put(out, offset);
  for (std::size_t k = 0; k < rows.neighbors.size(); ++k) {
    put(out, rows.neighbors[k]);
    if (weight) put(out, weight_of(path, *weight, rows.edge(static_cast<std::int64_t>(k))));
  }
}

void write(const Graph& graph, const std::string& path, const Column* weight) {
  FileOutput out(path);
  put(out, static_cast<std::uint8_t>(!graph.undirected()));
  put(out, graph.edge_count());
  put(out, graph.node_count());
  put_rows(out, path, graph.out(), weight);
  if (!graph.undirected()) put_rows(out, path, graph.in(), weight);
  out.commit();
}

void write_sg(const Graph& graph, const std::string& path) { write(graph, path, nullptr); }
void write_wsg(const Graph& graph, const std::string& path) {
  const Column* weight = graph.edge_attribute("weight");
  if (!weight)
    throw InputError({path},
                     "expected a graph with the edge attribute 'weight', found one without (use .sg)");
  write(graph, path, weight);
}

constexpr Keeps kKeeps = {.nodes = true, .ids = false, .direction = true, .first_id = 0};
constexpr Keeps kKeepsNoWeights = {
    .nodes = true, .ids = false, .weights = false, .direction = true, .first_id = 0};

}  // namespace

constinit const Format sg_format = {"sg",
                                    ".sg",
                                    "GAP benchmark, serialised: rows without weights",
                                    nullptr,
                                    write_sg,
                                    nullptr,
                                    kKeepsNoWeights,
                                    read_sg};
constinit const Format wsg_format = {
    "wsg",  ".wsg",  "GAP benchmark, serialised: rows with integer weights", nullptr, write_wsg, nullptr,
    kKeeps, read_wsg};

}  // namespace monograph::io
