// METIS graphs (Karypis, METIS 5 manual, section 4.1.1): "NODES EDGES [FMT [NCON]]", then a line for each
// node, of its neighbours counted from 1. FMT is up to three digits: sizes of nodes, weights of nodes,
// weights of edges. Every edge is in the lines of both its ends; a line without words is a node without
// edges.
#include <cstring>
#include <limits>

#include "host/io/cursor.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();
constexpr const char* kForm = "the first line is \"NODES EDGES [FMT [NCON]]\"";

struct Header {
  std::int64_t nodes = 0, edges = 0, constraints = 0;
  bool sizes = false, node_weights = false, edge_weights = false;
};

std::int64_t count(Cursor& cursor, const char* what) {
  if (cursor.at_line_end()) cursor.fail(what, kForm);
  return cursor.index();
}

void read_form(Cursor& cursor, Header& header) {
  std::deque<std::string> storage;
  const char* const place = cursor.place();
  const std::string_view form = cursor.word(storage);
  if (form.size() > 3 || form.find_first_not_of("01") != form.npos)
    cursor.fail_at(place, "up to three digits 0 or 1", "weights of edges 1, of nodes 10, sizes of nodes 100");
  const auto digit = [&](std::size_t from_right) {
    return form.size() >= from_right && form[form.size() - from_right] == '1';
  };
  header.edge_weights = digit(1);
  header.node_weights = digit(2);
  header.sizes = digit(3);
  header.constraints = header.node_weights;
}

Header read_header(Cursor& cursor) {
  if (!cursor.next_line(false)) cursor.fail("\"NODES EDGES [FMT [NCON]]\"");
  const char* const line = cursor.place();
  Header header;
  header.nodes = count(cursor, "the number of nodes");
  header.edges = count(cursor, "the number of edges");
  if (!cursor.at_line_end()) read_form(cursor, header);
  if (!cursor.at_line_end()) {
    const char* const place = cursor.place();
    header.constraints = cursor.index();
    if (header.constraints > 64 || (header.constraints > 0) != header.node_weights)
      cursor.fail_at(place, "as many weights of a node as FMT says, at most 64");
  }
  if (!cursor.at_line_end()) cursor.fail("the end of the line", kForm);
  cursor.skip_line();
  const auto& text = cursor.text();
  const auto room = static_cast<std::int64_t>(text.end() - cursor.place()) + 1;
  if (header.nodes > kMostNodes || header.nodes > room)
    text.fail(line, "expected at most " + std::to_string(std::min(kMostNodes, room)) +
                        " nodes, which have a line each in the " + std::to_string(room - 1) +
                        " bytes that follow, found " + std::to_string(header.nodes));
  if (header.edges > room)
    text.fail(line, "expected at most " + std::to_string(room) + " edges in the " + std::to_string(room - 1) +
                        " bytes that follow, found " + std::to_string(header.edges));
  return header;
}

struct Rows {
  std::vector<std::int64_t> offsets{0}, edge_weight, sizes;
  std::vector<std::int32_t> neighbors;
  std::vector<std::vector<std::int64_t>> node_weights;
};

std::int64_t value(Cursor& cursor, const char* what) {
  if (cursor.at_line_end()) cursor.fail(what);
  return cursor.index(what);
}

void read_row(Cursor& cursor, const Header& header, Rows& rows) {
  if (header.sizes) rows.sizes.push_back(value(cursor, "the size of the node"));
  for (auto& weights : rows.node_weights) weights.push_back(value(cursor, "a weight of the node"));
  while (!cursor.at_line_end()) {
    const char* const place = cursor.place();
    const auto index = cursor.index();
    if (index < 1 || index > header.nodes)
      cursor.fail_at(place, "a node in 1.." + std::to_string(header.nodes), "nodes are counted from 1");
    rows.neighbors.push_back(static_cast<std::int32_t>(index - 1));
    if (header.edge_weights) rows.edge_weight.push_back(value(cursor, "the weight of the edge"));
  }
  rows.offsets.push_back(static_cast<std::int64_t>(rows.neighbors.size()));
}

Rows read_rows(Cursor& cursor, const Header& header) {
  Rows rows;
  rows.node_weights.resize(static_cast<std::size_t>(header.constraints));
  const char* const end = cursor.text().end();
  for (std::int64_t v = 0; v < header.nodes;) {
    if (v % 65536 == 0)
      cursor.text().progress().parsed(static_cast<double>(cursor.place() - cursor.text().begin()) /
                                      static_cast<double>(cursor.text().size() + 1));
    if (cursor.place() >= end && v + 1 < header.nodes)
      cursor.fail("a line for each of " + std::to_string(header.nodes) + " nodes",
                  "there are " + std::to_string(v) + "; is the file complete?");
    if (*cursor.place() != '%') {
      read_row(cursor, header, rows);
      ++v;
    }
    cursor.skip_line();
  }
  if (cursor.next_line(false))
    cursor.fail("the end of the file after the lines of " + std::to_string(header.nodes) + " nodes");
  return rows;
}

Graph read_metis(const Text& text, const ReadOptions& options) {
  Cursor cursor(text);
  for (int i = 0; i < options.skip_lines; ++i) cursor.skip_line();
  const Header header = read_header(cursor);
  const Rows rows = read_rows(cursor, header);
  if (static_cast<std::int64_t>(rows.neighbors.size()) != 2 * header.edges)
    text.fail(text.begin(), "expected " + std::to_string(2 * header.edges) + " neighbours for " +
                                std::to_string(header.edges) + " edges, each at both ends, found " +
                                std::to_string(rows.neighbors.size()));
  StoredRows stored{.offsets = rows.offsets,
                    .neighbors = rows.neighbors,
                    .ids = NodeIds::dense(header.nodes, 1),
                    .undirected = true};
  if (header.edge_weights) stored.edges.push_back({"weight", Column::of<std::int64_t>(rows.edge_weight)});
  try {
    Graph graph = make_graph(std::move(stored), options, text.poll());
    if (header.sizes) graph.set_node_attribute("size", Column::of<std::int64_t>(rows.sizes));
    for (std::size_t i = 0; i < rows.node_weights.size(); ++i)
      graph.set_node_attribute(i == 0 ? "weight" : "weight" + std::to_string(i + 1),
                               Column::of<std::int64_t>(rows.node_weights[i]));
    return graph;
  } catch (const InputError& e) {
    throw InputError({text.path()}, e.what());
  }
}

const Column* weights(const Column* column, const std::string& path, const char* of) {
  if (!column) return nullptr;
  if (!is_integer(column->type()))
    throw InputError({path}, "expected integer weights of " + std::string(of) + ", found " +
                                 std::string(to_string(column->type())) + " (METIS has no others)");
  for (std::int64_t i = 0; i < column->size(); ++i) {
    const Constant c = column->at(i);
    if ((c.type == ScalarType::I32 ? c.as<std::int32_t>() : c.as<std::int64_t>()) < 0)
      throw InputError({path},
                       "expected weights of " + std::string(of) + " from 0 on, found " + to_string(c));
  }
  return column;
}

void write_metis(const Graph& graph, const std::string& path) {
  if (!graph.undirected())
    throw InputError({path},
                     "expected an undirected graph, found a directed one (METIS has no others; --undirected "
                     "mirrors edges)");
  const Column* edge_weight = weights(graph.edge_attribute("weight"), path, "edges");
  const Column* node_weight = weights(graph.node_attribute("weight"), path, "nodes");
  const auto out = graph.out();
  for (std::int64_t v = 0; v < graph.node_count(); ++v)
    for (auto k = out.offsets[static_cast<std::size_t>(v)]; k < out.offsets[static_cast<std::size_t>(v) + 1];
         ++k)
      if (out.neighbors[static_cast<std::size_t>(k)] == v)
        throw InputError({path}, "expected no edge from a node to itself, found one at " +
                                     graph.ids().text(static_cast<std::int32_t>(v)) +
                                     " (METIS has none; --self-loops drop leaves them out)");
  FileOutput file(path);
  file.number(graph.node_count()).text(' ').number(graph.edge_count() / 2);
  if (edge_weight || node_weight) file.text(node_weight ? " 01" : " 00").text(edge_weight ? '1' : '0');
  file.text('\n');
  for (std::int64_t v = 0; v < graph.node_count(); ++v) {
    const char* separator = "";
    if (node_weight) put_element(file, *node_weight, v), separator = " ";
    for (auto k = out.offsets[static_cast<std::size_t>(v)]; k < out.offsets[static_cast<std::size_t>(v) + 1];
         ++k) {
      file.text(separator).number(std::int64_t{out.neighbors[static_cast<std::size_t>(k)]} + 1);
      if (edge_weight) put_element(file.text(' '), *edge_weight, k);
      separator = " ";
    }
    file.text('\n');
  }
  file.commit();
}

}  // namespace

constinit const Format metis_format = {
    "metis",
    ".metis .graph",
    "METIS: a line of neighbours for each node, undirected, integer weights",
    read_metis,
    write_metis,
    nullptr,
    {.nodes = true, .ids = false, .direction = true, .node_attributes = "weight"}};

}  // namespace monograph::io
