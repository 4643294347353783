// LDBC Graphalytics `.properties`: names the .v and .e of a graph, whether it is directed, and the parameters
// of the algorithms. Lines "graph.NAME.KEY = VALUE" (Graphalytics 1.0.3, section 2.6).
#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <new>

#include "host/io/edge_lines.h"
#include "host/io/format.h"

namespace monograph {
namespace io {
namespace {

struct Value {
  std::string_view text;
  const char* place = nullptr;
};

/// What a file says, by KEY of "graph.NAME.KEY".
class Properties {
 public:
  explicit Properties(const Text& text) : text_(text) {
    for (Cursor cursor(text); cursor.next_line(); cursor.skip_line()) add(cursor);
    if (graph_.empty())
      text.fail(text.begin(), "expected a line \"graph.NAME.edge-file = FILE\", found none");
  }

  /// Null when there is none.
  const Value* find(std::string_view key) const {
    const auto at = values_.find(key);
    return at == values_.end() ? nullptr : &at->second;
  }
  const Value& expect(std::string_view key) const {
    const Value* value = find(key);
    if (!value)
      text_.fail(text_.begin(),
                 "expected a line \"graph." + graph_ + "." + std::string(key) + " = ...\", found none");
    if (value->text.empty())
      text_.fail(value->place, "expected a value of " + std::string(key) + ", found the end of the line");
    return *value;
  }
  bool boolean(std::string_view key) const {
    const Value& value = expect(key);
    if (value.text != "true" && value.text != "false")
      text_.fail(value.place, "expected true or false, found " + quoted(value.text));
    return value.text == "true";
  }

 private:
  void add(Cursor& cursor) {
    const std::string_view line = cursor.rest_of_line();
    const auto equals = line.find('=');
    if (equals == line.npos) cursor.fail("\"KEY = VALUE\"");
    std::string_view key = trimmed(line.substr(0, equals)), value = trimmed(line.substr(equals + 1));
    const char* const place = value.empty() ? line.data() + line.size() : value.data();
    if (key.starts_with("benchmark.") || !key.starts_with("graph."))
      return;  // of the harness, not of a graph
    key.remove_prefix(6);
    if (graph_.empty()) {
      const auto end = std::min(
          {key.find(".vertex-file"), key.find(".edge-file"), key.find(".meta."), key.find(".directed")});
      graph_ = key.substr(0, end == key.npos ? key.find('.') : end);
    }
    if (!key.starts_with(graph_ + "."))
      cursor.fail("\"graph." + graph_ + ".\", of which the lines before are", "a file describes one graph");
    key.remove_prefix(graph_.size() + 1);
    if (!values_.emplace(key, Value{value, place}).second)
      cursor.fail(std::string(key) + " once", "an earlier line has it too");
  }

  static std::string_view trimmed(std::string_view s) {
    const auto first = s.find_first_not_of(" \t");
    return first == s.npos ? s.substr(s.size()) : s.substr(first, s.find_last_not_of(" \t") + 1 - first);
  }

  const Text& text_;
  std::string graph_;
  std::map<std::string, Value, std::less<>> values_;
};

/// A file that is named relative to the one that names it, also where only a compressed one is there.
std::string named_file(const Text& text, const Value& name) {
  const auto path = (std::filesystem::path(text.path()).parent_path() / std::string(name.text)).string();
  for (const std::string end : {"", ".gz", ".zst"})
    if (std::filesystem::exists(path + end)) return path + end;
  text.fail(name.place,
            "expected the name of a file, found " + quoted(name.text) + " (there is no " + path + ")");
}

void check_edge_properties(const Text& text, const Properties& properties, const Graph& graph) {
  const Value* names = properties.find("edge-properties.names");
  const bool weighted = names && !names->text.empty();
  if (weighted && names->text.find(',') != std::string_view::npos)
    text.fail(names->place,
              "expected one edge property, found " + quoted(names->text) + " (keep the weight only)");
  if (graph.edge_count() > 0 && weighted != (graph.edge_attribute("weight") != nullptr))
    text.fail(
        weighted ? names->place : text.begin(),
        weighted ? "expected edges with the property " + quoted(names->text) + ", found none in the edge file"
                 : std::string("expected edges without a property, found a third column in the edge file "
                               "(edge-properties.names says what it is)"));
}

Graph read_properties(const Text& text, const ReadOptions& options) {
  const Properties properties(text);
  ReadOptions own = options;
  if (!own.undirected) own.undirected = !properties.boolean("directed");
  const Text nodes(named_file(text, properties.expect("vertex-file")), options);
  const Text edges(named_file(text, properties.expect("edge-file")), options);
  Graph graph = read_ldbc_pair(nodes, edges, own);
  check_edge_properties(text, properties, graph);
  return graph;
}

/// What a key of the file is in the library.
struct Known {
  std::string_view key, algorithm, parameter;
};
constexpr auto kKnown = std::to_array<Known>({{"bfs.source-vertex", "bfs", "source"},
                                              {"cdlp.max-iterations", "cdlp", "max_iterations"},
                                              {"pr.damping-factor", "pagerank", "damping"},
                                              {"pr.num-iterations", "pagerank", "max_iterations"},
                                              {"sssp.source-vertex", "sssp", "source"}});

std::vector<StatedParameter> read_parameters(const std::string& path) {
  const Text text(path, {});
  const Properties properties(text);
  std::vector<StatedParameter> stated;
  for (const Known& k : kKnown) {
    if (!properties.find(k.key)) continue;
    stated.push_back(
        {std::string(k.algorithm), std::string(k.parameter), std::string(properties.expect(k.key).text)});
    if (k.key == "pr.num-iterations") stated.push_back({"pagerank", "tolerance", "0"});  // exactly so many
  }
  return stated;
}

}  // namespace

constinit const Format properties_format = {
    "graphalytics",
    ".properties",
    "LDBC Graphalytics: names the .v and .e of a graph, with parameters of algorithms",
    read_properties,
    nullptr,
    nullptr};

}  // namespace io

std::vector<StatedParameter> stated_parameters(const std::string& path) {
  if (!io::without_compression(path).ends_with(".properties")) return {};
  try {
    return io::read_parameters(path);
  } catch (const std::bad_alloc&) {
    throw MemoryError("out of memory while reading " + path);
  }
}

}  // namespace monograph
