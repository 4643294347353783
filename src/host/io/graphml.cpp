// GraphML (Brandes, Eiglsperger, Herman, Himsolt, Marshall 2002): one graph, its numeric attributes, no
// nesting. XML is read by expat; entities of a file's own are refused, so no text grows while it is read.
#include <expat.h>

#include <cmath>
#include <exception>
#include <map>
#include <memory>
#include <new>
#include <optional>

#include "host/io/format.h"
#include "host/io/named_graph.h"

namespace monograph::io {
namespace {

constexpr int kDeepest = 32;
constexpr std::size_t kPiece = std::size_t{1} << 20;

/// An attribute that the file declares, of nodes, edges or both; null where it is of no number and left out.
struct Key {
  GrowingColumn *of_nodes = nullptr, *of_edges = nullptr;
};

std::optional<ScalarType> type_of(std::string_view name) {
  if (name == "boolean") return ScalarType::Bool;
  if (name == "int") return ScalarType::I32;
  if (name == "long") return ScalarType::I64;
  if (name == "float") return ScalarType::F32;
  if (name == "double") return ScalarType::F64;
  return {};
}

class Parser {
 public:
  Parser(const Text& text, const ReadOptions& options)
      : text_(text), options_(options), graph_(text.path()), xml_(XML_ParserCreate(nullptr), XML_ParserFree) {
    if (!xml_) throw std::bad_alloc();
    XML_SetUserData(xml_.get(), this);
    XML_SetElementHandler(xml_.get(), on_start, on_end);
    XML_SetCharacterDataHandler(xml_.get(), on_text);
    XML_SetEntityDeclHandler(xml_.get(), on_entity);
  }

  Graph run() {
    for (const char* at = text_.begin(); at <= text_.end(); at += kPiece) {
      const auto size = std::min<std::size_t>(kPiece, static_cast<std::size_t>(text_.end() - at));
      const bool last = at + size == text_.end();
      text_.progress().parsed(static_cast<double>(at - text_.begin()) /
                              static_cast<double>(text_.size() + 1));
      const auto status = XML_Parse(xml_.get(), at, static_cast<int>(size), last);
      if (error_) std::rethrow_exception(error_);
      if (status != XML_STATUS_OK) {
        if (XML_GetErrorCode(xml_.get()) == XML_ERROR_NO_MEMORY) throw std::bad_alloc();
        graph_.fail(here(),
                    std::string("expected XML, found: ") + XML_ErrorString(XML_GetErrorCode(xml_.get())));
      }
      if (last) break;
    }
    if (!seen_graph_) graph_.fail(here(), "expected a <graph>, found the end of the file");
    return graph_.make(options_, undirected_, text_.poll());
  }

 private:
  using Attributes = const XML_Char**;

  Place here() const {
    return {static_cast<std::uint32_t>(XML_GetCurrentLineNumber(xml_.get())),
            static_cast<std::uint32_t>(XML_GetCurrentColumnNumber(xml_.get()) + 1)};
  }

  static const char* find(Attributes attributes, std::string_view name) {
    for (; *attributes; attributes += 2)
      if (attributes[0] == name) return attributes[1];
    return nullptr;
  }
  const char* expect(Attributes attributes, const char* element, const char* name) const {
    const char* value = find(attributes, name);
    if (!value)
      graph_.fail(here(), std::string("expected <") + element + " " + name + "=\"...\">, found none");
    return value;
  }

  /// No exception passes through the library, which is C: it is kept, and the parser stopped.
  template <class F>
  static void guarded(void* self, F f) {
    auto& parser = *static_cast<Parser*>(self);
    if (parser.error_) return;
    try {
      f(parser);
    } catch (...) {
      parser.error_ = std::current_exception();
      XML_StopParser(parser.xml_.get(), XML_FALSE);
    }
  }
  static void XMLCALL on_start(void* self, const XML_Char* name, Attributes attributes) {
    guarded(self, [&](Parser& p) { p.start(name, attributes); });
  }
  static void XMLCALL on_end(void* self, const XML_Char* name) {
    guarded(self, [&](Parser& p) { p.end(name); });
  }
  static void XMLCALL on_text(void* self, const XML_Char* text, int size) {
    guarded(self, [&](Parser& p) {
      if (p.collecting_) p.collected_.append(text, static_cast<std::size_t>(size));
    });
  }
  static void XMLCALL on_entity(void* self, const XML_Char*, int, const XML_Char*, int, const XML_Char*,
                                const XML_Char*, const XML_Char*, const XML_Char*) {
    guarded(self, [](Parser& p) {
      p.graph_.fail(p.here(),
                    "expected no declaration of an entity, found one (GraphML has no use for them)");
    });
  }

  /// Prefixes of namespaces are left out.
  static std::string_view local(std::string_view name) {
    const auto colon = name.rfind(':');
    return colon == name.npos ? name : name.substr(colon + 1);
  }

  void start(std::string_view name, Attributes attributes) {
    name = local(name);
    if (depth_ == 0 && name != "graphml")
      graph_.fail(here(), "expected <graphml>, found <" + std::string(name) + ">");
    if (++depth_ > kDeepest)
      graph_.fail(here(),
                  "expected at most " + std::to_string(kDeepest) + " elements in each other, found more");
    if (name == "key") start_key(attributes);
    if (name == "graph") start_graph(attributes);
    if (name == "node") start_node(attributes);
    if (name == "edge") start_edge(attributes);
    if (name == "hyperedge") graph_.fail(here(), "expected edges between two nodes, found a <hyperedge>");
    if (name == "data") start_data(attributes);
    if (name == "default") collect();
  }

  void end(std::string_view name) {
    name = local(name);
    --depth_;
    if (name == "data") end_data();
    if (name == "default") end_default();
    if (name == "key") key_ = nullptr;
    if (name == "node" || name == "edge") row_ = {};
    if (name == "graph") inside_graph_ = false;
  }

  void collect() {
    collecting_ = true;
    collected_.clear();
    place_ = here();
  }

  void start_key(Attributes attributes) {
    const char *id = expect(attributes, "key", "id"), *type = find(attributes, "attr.type"),
               *name = find(attributes, "attr.name"), *of = find(attributes, "for");
    const auto scalar = type_of(type ? type : "string");
    const std::string_view target = of ? of : "all";
    Key key;
    if (scalar && name && (target == "node" || target == "all"))
      key.of_nodes = &graph_.node_column(name, *scalar);
    if (scalar && name && (target == "edge" || target == "all"))
      key.of_edges = &graph_.edge_column(name, *scalar);
    const auto [at, added] = keys_.emplace(id, key);
    if (!added) graph_.fail(here(), "expected each key once, found " + quoted(id) + " again");
    key_ = &at->second;
  }

  void end_default() {
    collecting_ = false;
    if (!key_) return;
    for (GrowingColumn* column : {key_->of_nodes, key_->of_edges})
      if (column) column->set_default(value_of(*column));
  }

  void start_graph(Attributes attributes) {
    if (inside_graph_ || row_.of) graph_.fail(here(), "expected no graph in another, found one");
    if (seen_graph_) graph_.fail(here(), "expected one graph, found a second");
    const std::string_view direction = expect(attributes, "graph", "edgedefault");
    if (direction != "directed" && direction != "undirected")
      graph_.fail(here(), "expected edgedefault=\"directed\" or \"undirected\", found " + quoted(direction));
    undirected_ = direction == "undirected";
    seen_graph_ = inside_graph_ = true;
  }

  void start_node(Attributes attributes) {
    const char* id = expect(attributes, "node", "id");
    row_ = {'n', graph_.add_node(id, here())};
  }

  void start_edge(Attributes attributes) {
    const char* directed = find(attributes, "directed");
    if (directed && (std::string_view(directed) == "true") == undirected_)
      graph_.fail(here(), "expected all edges of one kind, as edgedefault has it, found directed=" +
                              quoted(directed));
    const char *source = expect(attributes, "edge", "source"), *target = expect(attributes, "edge", "target");
    row_ = {'e', graph_.add_edge(source, target, here())};
  }

  void start_data(Attributes attributes) {
    const char* name = expect(attributes, "data", "key");
    const auto key = keys_.find(name);
    if (key == keys_.end())
      graph_.fail(here(), "expected a key that the file declares, found " + quoted(name));
    data_ = row_.of == 'n' ? key->second.of_nodes : row_.of == 'e' ? key->second.of_edges : nullptr;
    if (data_) collect();
  }

  void end_data() {
    if (data_) data_->set(row_.index, value_of(*data_));
    data_ = nullptr;
    collecting_ = false;
  }

  Constant value_of(const GrowingColumn& column) const {
    std::string_view text = collected_;
    const auto first = text.find_first_not_of(" \t\r\n");
    text = first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
    Constant value;
    if (!parse_value(text == "INF" ? "inf" : text == "-INF" ? "-inf" : text, column.type(), value))
      graph_.fail(place_, "expected a value of '" + column.name() + "', which is " +
                              std::string(to_string(column.type())) + ", found " + quoted(text));
    return value;
  }

  struct Row {
    char of = 0;  // 'n'ode, 'e'dge
    std::size_t index = 0;
  };

  const Text& text_;
  const ReadOptions& options_;
  NamedGraph graph_;
  std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> xml_;
  std::map<std::string, Key, std::less<>> keys_;
  Key* key_ = nullptr;
  Row row_;
  GrowingColumn* data_ = nullptr;
  std::string collected_;
  Place place_;
  bool collecting_ = false, seen_graph_ = false, inside_graph_ = false, undirected_ = false;
  int depth_ = 0;
  std::exception_ptr error_;
};

Graph read_graphml(const Text& text, const ReadOptions& options) { return Parser(text, options).run(); }

// Writing ------------------------------------------------------------------------------------------------

void put_escaped(Output& out, const std::string& path, std::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20)
      throw InputError(
          {path}, "the id or name " + quoted(text) + " has a control character in it: no XML can hold it");
    if (c == '&')
      out.text("&amp;");
    else if (c == '<')
      out.text("&lt;");
    else if (c == '"')
      out.text("&quot;");
    else
      out.text(c);
  }
}

std::string_view type_name(ScalarType type) {
  constexpr std::string_view kNames[] = {"boolean", "int", "long", "float", "double"};
  return kNames[static_cast<std::size_t>(type)];
}

struct Written {
  std::string key;
  const Column* column;
};

class Writer {
 public:
  Writer(const Graph& graph, const std::string& path) : graph_(graph), path_(path), out_(path) {}

  void run() {
    out_.text(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<graphml "
        "xmlns=\"http://graphml.graphdrawing.org/xmlns\">\n");
    for (const auto& name : graph_.node_attribute_names())
      put_key(nodes_, "node", name, *graph_.node_attribute(name));
    for (const auto& name : graph_.edge_attribute_names())
      put_key(edges_, "edge", name, *graph_.edge_attribute(name));
    out_.text("<graph edgedefault=\"").text(graph_.undirected() ? "undirected" : "directed").text("\">\n");
    for (std::int32_t v = 0; v < graph_.node_count(); ++v) {
      put_node(out_.text("<node id="), v);
      put_data(nodes_, v, "</node>\n");
    }
    for_each_written(graph_, Triangle::Upper,
                     [&](std::int32_t source, std::int32_t target, std::int64_t edge) {
                       put_node(out_.text("<edge source="), source);
                       put_node(out_.text(" target="), target);
                       put_data(edges_, edge, "</edge>\n");
                     });
    out_.text("</graph>\n</graphml>\n");
    out_.commit();
  }

 private:
  void put_key(std::vector<Written>& all, const char* of, const std::string& name, const Column& column) {
    all.push_back({of[0] + std::to_string(all.size()), &column});
    out_.text("<key id=\"").text(all.back().key).text("\" for=\"").text(of).text("\" attr.name=\"");
    put_escaped(out_, path_, name);
    out_.text("\" attr.type=\"").text(type_name(column.type())).text("\"/>\n");
  }
  void put_node(Output& out, std::int32_t v) {
    out.text('"');
    put_escaped(out, path_, graph_.ids().text(v));
    out.text('"');
  }
  void put_data(const std::vector<Written>& all, std::int64_t i, const char* end) {
    if (all.empty()) return void(out_.text("/>\n"));
    out_.text('>');
    for (const Written& w : all) {
      out_.text("<data key=\"").text(w.key).text("\">");
      put_value(w.column->at(i));
      out_.text("</data>");
    }
    out_.text(end);
  }
  void put_value(const Constant& value) {
    if (value.type == ScalarType::Bool) return void(out_.text(value.as<bool>() ? "true" : "false"));
    if (value.type == ScalarType::I32) return void(out_.number(std::int64_t{value.as<std::int32_t>()}));
    if (value.type == ScalarType::I64) return void(out_.number(value.as<std::int64_t>()));
    const double x = value.type == ScalarType::F32 ? value.as<float>() : value.as<double>();
    if (std::isinf(x)) return void(out_.text(x > 0 ? "INF" : "-INF"));
    if (value.type == ScalarType::F32)
      out_.number(value.as<float>());
    else
      out_.number(x);
  }

  const Graph& graph_;
  const std::string& path_;
  FileOutput out_;
  std::vector<Written> nodes_, edges_;
};

void write_graphml(const Graph& graph, const std::string& path) { Writer(graph, path).run(); }

}  // namespace

constinit const Format graphml_format = {
    "graphml",     ".graphml", "GraphML: one graph, ids and numeric attributes",      read_graphml,
    write_graphml, nullptr,    {.nodes = true, .direction = true, .attributes = true}};

}  // namespace monograph::io
