// LDBC Graphalytics: X.v lists the nodes, X.e the edges "source target [weight]".
#include <sys/stat.h>

#include <algorithm>
#include <tuple>

#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph::io {
namespace {

bool exists(const std::string& path) {
  struct stat status;
  return ::stat(path.c_str(), &status) == 0;
}

/// X of "X.v", "X.e.gz" and the like; the path itself (without such an end) when it ends otherwise.
std::string stem_of(const std::string& path) {
  const auto plain = without_compression(path);
  return std::string(plain.ends_with(".v") || plain.ends_with(".e") ? plain.substr(0, plain.size() - 2)
                                                                    : plain);
}

/// The other file of the pair: compressed like `path` where there is such a file, or else otherwise; "" for
/// none.
std::string sibling(const std::string& path, const std::string& extension) {
  for (const std::string_view end :
       {compression_of(path), std::string_view(""), std::string_view(".gz"), std::string_view(".zst")})
    if (auto candidate = stem_of(path) + extension + std::string(end); exists(candidate)) return candidate;
  return "";
}

/// The place of the second line that lists an id which is listed twice.
template <class Id>
[[noreturn]] void fail_twice(const Text& text, const Id& twice) {
  Cursor cursor(text);
  std::deque<std::string> storage;
  for (bool seen = false; cursor.next_line(); cursor.skip_line()) {
    const char* const place = cursor.place();
    if (read_id<Id>(cursor, storage) != twice) continue;
    if (seen) cursor.fail_at(place, "each node once", "an earlier line lists it too");
    seen = true;
  }
  throw InternalError("a repeated node id was not found again");
}

template <class Index>
Index read_nodes(const Text& text, std::deque<std::string>& storage) {
  using Id = typename Index::Id;
  std::vector<Id> ids;
  for (Cursor cursor(text); cursor.next_line(); cursor.skip_line()) {
    ids.push_back(read_id<Id>(cursor, storage));
    if (!cursor.at_line_end()) cursor.fail("the end of the line", "a .v file lists one node in each line");
  }
  check_node_count(ids.size(), text);
  if (!std::ranges::is_sorted(ids)) std::ranges::sort(ids);
  const auto twice = std::ranges::adjacent_find(ids);
  if (twice != ids.end()) fail_twice(text, *twice);
  return Index(std::move(ids));
}

template <class Index>
Graph read_pair(const Text& nodes, const Text& edges, const ReadOptions& options) {
  using Id = typename Index::Id;
  std::deque<std::string> storage;
  const auto index = read_nodes<Index>(nodes, storage);
  auto listed = list_edges<std::vector<std::int32_t>>(edges, options, [&](Cursor& cursor) {
    const char* const place = cursor.place();
    thread_local std::deque<std::string> own;  // several threads read
    const auto found = index.find(read_id<Id>(cursor, own));
    own.clear();
    if (found < 0) cursor.fail_at(place, "a node that " + nodes.path() + " lists");
    return found;
  });
  EdgeList list;
  list.source = std::move(listed.source);
  list.target = std::move(listed.target);
  list.ids = index.node_ids();
  add_weights(list, listed.weighted, listed.weight);
  return make_graph(std::move(list), options, edges.poll());
}

}  // namespace

Graph read_ldbc_pair(const Text& nodes, const Text& edges, const ReadOptions& options) {
  return options.ids == Ids::Text ? read_pair<TextIndex>(nodes, edges, options)
                                  : read_pair<NumberIndex>(nodes, edges, options);
}

namespace {

Graph read_ldbc(const Text& text, const ReadOptions& options) {
  const bool is_nodes = without_compression(text.path()).ends_with(".v");
  const auto other = sibling(text.path(), is_nodes ? ".e" : ".v");
  if (other.empty() && is_nodes)
    throw InputError({text.path()}, "expected the edges beside it, found no " + stem_of(text.path()) +
                                        ".e (an LDBC graph is a .v and a .e file)");
  if (other.empty()) return read_edge_list(text, options);
  const Text second(other, options);
  const auto& [nodes, edges] = is_nodes ? std::tie(text, second) : std::tie(second, text);
  return read_ldbc_pair(nodes, edges, options);
}

void write_ldbc(const Graph& graph, const std::string& path) {
  const std::string end(compression_of(path));
  FileOutput nodes(stem_of(path) + ".v" + end), edges(stem_of(path) + ".e" + end);
  for (std::int32_t v = 0; v < graph.node_count(); ++v) {
    put_id(nodes, graph.ids(), v);
    nodes.text('\n');
  }
  const Column* weight = graph.edge_attribute("weight");
  for_each_written(graph, Triangle::Upper, [&](std::int32_t source, std::int32_t target, std::int64_t edge) {
    put_id(edges, graph.ids(), source);
    put_id(edges.text(' '), graph.ids(), target);
    if (weight) put_element(edges.text(' '), *weight, edge);
    edges.text('\n');
  });
  edges.complete();
  nodes.complete();
  edges.publish();
  nodes.publish();
}

}  // namespace

constinit const Format ldbc_format = {
    "ldbc",         ".e .v",    "LDBC Graphalytics: X.e lists edges, X.v beside it all nodes",
    read_ldbc,      write_ldbc, nullptr,
    {.nodes = true}};

}  // namespace monograph::io
