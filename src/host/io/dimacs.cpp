// Shortest-path instances of the 9th DIMACS Implementation Challenge: X.gr has "p sp NODES ARCS" and arcs
// "a SOURCE TARGET WEIGHT" counted from 1, X.co beside it the coordinates "v NODE X Y" after "p aux sp co
// NODES".
#include <filesystem>
#include <limits>

#include "host/io/cursor.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

constexpr std::int64_t kMostNodes = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t kFreeNodes = 1 << 24;  // a graph may have this many nodes however small its file is
constexpr const char* kCounted = "nodes are counted from 1";

/// The next line that is no comment ("c ..."); its first word, with the cursor behind it. "" at the end.
std::string_view next_word(Cursor& cursor) {
  std::deque<std::string> storage;
  for (; cursor.next_line(false); cursor.skip_line())
    if (cursor.peek() != "c") return cursor.word(storage);
  return "";
}

void expect_first(Cursor& cursor, const char* form) {
  const std::string_view word = next_word(cursor);
  if (word != "p") cursor.fail_at(word.empty() ? cursor.place() : word.data(), "\"p\"", form);
}

std::int64_t number(Cursor& cursor, const char* what) {
  if (!cursor.next_field()) cursor.fail(what);
  return cursor.integer();
}

void expect_word(Cursor& cursor, std::string_view word, const char* form) {
  std::deque<std::string> storage;
  if (!cursor.next_field() || cursor.peek() != word) cursor.fail("\"" + std::string(word) + "\"", form);
  cursor.word(storage);
}

void expect_end(Cursor& cursor, const char* form) {
  if (!cursor.at_line_end()) cursor.fail("the end of the line", form);
  cursor.skip_line();
}

std::int32_t node(Cursor& cursor, std::int64_t nodes) {
  if (!cursor.next_field()) cursor.fail("a node in 1.." + std::to_string(nodes));
  const char* const place = cursor.place();
  const auto index = cursor.integer();
  if (index < 1 || index > nodes) cursor.fail_at(place, "a node in 1.." + std::to_string(nodes), kCounted);
  return static_cast<std::int32_t>(index - 1);
}

/// The number of nodes, checked before anything is allocated for them.
std::int64_t node_count(Cursor& cursor, const char* form) {
  if (!cursor.next_field()) cursor.fail("the number of nodes", form);
  const char* const place = cursor.place();
  const auto nodes = cursor.integer();
  const auto bytes = static_cast<std::int64_t>(cursor.text().size());
  const auto most = std::min(kMostNodes, std::max(kFreeNodes, 8 * bytes));
  if (nodes < 0 || nodes > most)
    cursor.fail_at(place, "a number of nodes in 0.." + std::to_string(most),
                   "judged by the size of the file");
  return nodes;
}

constexpr const char* kProblem = "the first line is \"p sp NODES ARCS\"";
constexpr const char* kArc = "an arc is \"a SOURCE TARGET WEIGHT\"";

Graph read_arcs(const Text& text, const ReadOptions& options) {
  Cursor cursor(text);
  for (int i = 0; i < options.skip_lines; ++i) cursor.skip_line();
  expect_first(cursor, kProblem);
  expect_word(cursor, "sp", kProblem);
  const auto nodes = node_count(cursor, kProblem);
  const auto arcs = number(cursor, "the number of arcs");
  expect_end(cursor, kProblem);
  EdgeList list;
  list.ids = NodeIds::dense(nodes, 1);
  std::vector<std::int64_t> weight;
  for (std::string_view word = next_word(cursor); !word.empty(); word = next_word(cursor)) {
    if (word != "a") cursor.fail_at(word.data(), "\"a\" or \"c\"", kArc);
    if (static_cast<std::int64_t>(weight.size()) == arcs)
      cursor.fail_at(word.data(), "the end of the file after " + std::to_string(arcs) + " arcs",
                     "the first line announces fewer than there are");
    list.source.push_back(node(cursor, nodes));
    list.target.push_back(node(cursor, nodes));
    weight.push_back(number(cursor, "the weight"));
    expect_end(cursor, kArc);
  }
  if (static_cast<std::int64_t>(weight.size()) != arcs)
    cursor.fail(std::to_string(arcs) + " arcs",
                "there are " + std::to_string(weight.size()) + "; is the file complete?");
  list.attributes = {{"weight", Column::of<std::int64_t>(weight)}};
  return make_graph(std::move(list), options, text.poll());
}

/// Adds the coordinates, one pair for each node.
void add_coordinates(Graph& graph, const Text& text) {
  constexpr const char* kForm = "the first line is \"p aux sp co NODES\"";
  Cursor cursor(text);
  expect_first(cursor, kForm);
  for (const char* word : {"aux", "sp", "co"}) expect_word(cursor, word, kForm);
  const char* const place = cursor.place();
  if (node_count(cursor, kForm) != graph.node_count())
    cursor.fail_at(place + 1, std::to_string(graph.node_count()) + " nodes, as in the .gr");
  expect_end(cursor, kForm);
  Column x(ScalarType::I64, graph.node_count()), y(ScalarType::I64, graph.node_count());
  const auto xs = x.span<std::int64_t>(), ys = y.span<std::int64_t>();
  std::vector<bool> seen(xs.size());
  for (std::string_view word = next_word(cursor); !word.empty(); word = next_word(cursor)) {
    if (word != "v") cursor.fail_at(word.data(), "\"v\" or \"c\"", "a node is \"v NODE X Y\"");
    const auto v = static_cast<std::size_t>(node(cursor, graph.node_count()));
    if (seen[v]) cursor.fail_at(word.data(), "each node once", "an earlier line has it too");
    seen[v] = true;
    xs[v] = number(cursor, "the first coordinate");
    ys[v] = number(cursor, "the second coordinate");
    expect_end(cursor, "a node is \"v NODE X Y\"");
  }
  for (std::size_t v = 0; v < seen.size(); ++v)
    if (!seen[v]) cursor.fail("a line for node " + std::to_string(v + 1), "is the file complete?");
  graph.set_node_attribute("x", std::move(x));
  graph.set_node_attribute("y", std::move(y));
}

std::string coordinates_beside(const std::string& path) {
  const std::string_view plain = without_compression(path);
  if (!plain.ends_with(".gr")) return "";
  for (const std::string_view end :
       {compression_of(path), std::string_view(""), std::string_view(".gz"), std::string_view(".zst")})
    if (auto other = std::string(plain.substr(0, plain.size() - 2)) + "co" + std::string(end);
        std::filesystem::exists(other))
      return other;
  return "";
}

Graph read_dimacs(const Text& text, const ReadOptions& options) {
  Graph graph = read_arcs(text, options);
  if (const auto other = coordinates_beside(text.path()); !other.empty())
    add_coordinates(graph, Text(other, options));
  return graph;
}

const Column* integers(const Column* column) {
  return column && is_integer(column->type()) ? column : nullptr;
}

void write_coordinates(FileOutput& out, const Graph& graph, const Column& x, const Column& y) {
  out.text("p aux sp co ").number(graph.node_count()).text('\n');
  for (std::int64_t v = 0; v < graph.node_count(); ++v) {
    out.text("v ").number(v + 1);
    put_element(out.text(' '), x, v);
    put_element(out.text(' '), y, v);
    out.text('\n');
  }
}

/// Arcs have weights, 1 where the graph has none, and both directions of an undirected edge are arcs.
void write_dimacs(const Graph& graph, const std::string& path) {
  const Column* weight = graph.edge_attribute("weight");
  if (weight && !is_integer(weight->type()))
    throw InputError({path}, "expected integer weights, found " + std::string(to_string(weight->type())) +
                                 " (a .gr has no others; .wel and .mtx have)");
  const Column *x = integers(graph.node_attribute("x")), *y = integers(graph.node_attribute("y"));
  const std::string_view plain = without_compression(path), end = compression_of(path);
  FileOutput arcs(path);
  const auto out = graph.out();
  arcs.text("p sp ").number(graph.node_count()).text(' ').number(graph.edge_count()).text('\n');
  for (std::int64_t v = 0; v < graph.node_count(); ++v)
    for (auto k = out.offsets[static_cast<std::size_t>(v)]; k < out.offsets[static_cast<std::size_t>(v) + 1];
         ++k) {
      arcs.text("a ").number(v + 1).text(' ').number(
          std::int64_t{out.neighbors[static_cast<std::size_t>(k)]} + 1);
      if (weight)
        put_element(arcs.text(' '), *weight, k);
      else
        arcs.text(" 1");
      arcs.text('\n');
    }
  if (!x || !y || !plain.ends_with(".gr")) return arcs.commit();
  FileOutput nodes(std::string(plain.substr(0, plain.size() - 2)) + "co" + std::string(end));
  write_coordinates(nodes, graph, *x, *y);
  arcs.complete();
  nodes.complete();
  arcs.publish();
  nodes.publish();
}

}  // namespace

constinit const Format dimacs_format = {
    "dimacs",
    ".gr",
    "DIMACS shortest paths: arcs with integer weights; X.co beside X.gr has coordinates",
    read_dimacs,
    write_dimacs,
    nullptr,
    {.nodes = true, .ids = false, .both_directions = true, .node_attributes = "x y"}};

}  // namespace monograph::io
