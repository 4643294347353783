// GML (Himsolt 1997): lists "key value", values being integers, floats, "text" and lists in brackets. Of a
// graph: nodes with an id, edges with source and target, and their numbers as attributes; all else is left
// out.
#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>

#include "host/io/format.h"
#include "host/io/named_graph.h"

namespace monograph::io {
namespace {

constexpr int kDeepest = 64;

enum class Kind { Key, Number, Text, Open, Close, End };
struct Token {
  Kind kind = Kind::End;
  std::string_view text;  // of a text: without quotes
  const char* place = nullptr;
};

/// Words of the file; '#' begins a comment where a line does.
class Scanner {
 public:
  explicit Scanner(const Text& text) : text_(text), p_(text.begin()), report_at_(p_) {}

  Token next() {
    skip();
    Token token{Kind::End, {}, p_};
    if (p_ == text_.end()) return token;
    if (*p_ == '[' || *p_ == ']') {
      token.kind = *p_++ == '[' ? Kind::Open : Kind::Close;
    } else if (*p_ == '"') {
      return quoted_text();
    } else {
      const char* const begin = p_;
      while (p_ < text_.end() && !std::isspace(static_cast<unsigned char>(*p_)) && *p_ != '[' && *p_ != ']' &&
             *p_ != '"')
        ++p_;
      token.text = {begin, static_cast<std::size_t>(p_ - begin)};
      token.kind =
          std::isalpha(static_cast<unsigned char>(*begin)) || *begin == '_' ? Kind::Key : Kind::Number;
    }
    return token;
  }

  [[noreturn]] void fail(const Token& token, const std::string& expected,
                         const std::string& hint = "") const {
    const std::string found = token.kind == Kind::End     ? "the end of the file"
                              : token.kind == Kind::Open  ? "\"[\""
                              : token.kind == Kind::Close ? "\"]\""
                                                          : quoted(token.text);
    text_.fail(token.place,
               "expected " + expected + ", found " + found + (hint.empty() ? "" : " (" + hint + ")"));
  }
  /// Line and column, told without walking the text from its beginning for each token.
  Place place(const Token& token) {
    for (; counted_ < token.place; ++counted_)
      if (*counted_ == '\n') ++line_, line_begin_ = counted_ + 1;
    return {line_, static_cast<std::uint32_t>(token.place - line_begin_ + 1)};
  }

 private:
  void skip() {
    if (p_ >= report_at_) {
      text_.progress().parsed(static_cast<double>(p_ - text_.begin()) /
                              static_cast<double>(text_.size() + 1));
      report_at_ = p_ + (1 << 20);
    }
    for (; p_ < text_.end(); ++p_) {
      if (*p_ == '#' && (p_ == text_.begin() || p_[-1] == '\n'))
        while (p_ < text_.end() && *p_ != '\n') ++p_;
      if (p_ < text_.end() && !std::isspace(static_cast<unsigned char>(*p_))) return;
      if (p_ == text_.end()) return;
    }
  }

  Token quoted_text() {
    Token token{Kind::Text, {}, p_};
    const std::string_view rest(p_ + 1, static_cast<std::size_t>(text_.end() - p_ - 1));
    const auto close = rest.find('"');
    if (close == rest.npos) text_.fail(p_, "expected a closing quote, found the end of the file");
    token.text = rest.substr(0, close);
    p_ += close + 2;
    return token;
  }

  const Text& text_;
  const char *p_, *report_at_;
  const char *counted_ = text_.begin(), *line_begin_ = counted_;
  std::uint32_t line_ = 1;
};

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto rest = text.substr(i);
    const bool amp = rest.starts_with("&amp;"), quot = rest.starts_with("&quot;");
    out += quot ? '"' : text[i];
    i += amp ? 4 : quot ? 5 : 0;
  }
  return out;
}

/// The numbers of a node or an edge, and the values that name it.
struct Item {
  Token id, label, source, target;
  std::vector<std::pair<Token, Constant>> numbers;
};

class Reader {
 public:
  Reader(const Text& text, const ReadOptions& options)
      : text_(text), options_(options), scan_(text), graph_(text.path()) {}

  Graph read() {
    for (Token key = scan_.next(); key.kind != Kind::End; key = scan_.next()) {
      expect_key(key);
      if (key.text == "graph")
        read_graph(key);
      else
        skip_value(scan_.next(), 0);
    }
    if (!seen_) scan_.fail({Kind::End, {}, text_.end()}, "\"graph [\"");
    return graph_.make(options_, !directed_, text_.poll());
  }

 private:
  void expect_key(const Token& token) const {
    if (token.kind != Kind::Key) scan_.fail(token, "a key", "lists are \"key value\"");
  }
  void expect_open(const Token& key) {
    const Token open = scan_.next();
    if (open.kind != Kind::Open) scan_.fail(open, "\"[\" after " + std::string(key.text));
  }

  void read_graph(const Token& graph) {
    if (seen_) scan_.fail(graph, "one graph");
    seen_ = true;
    expect_open(graph);
    for (Token key = scan_.next(); key.kind != Kind::Close; key = scan_.next()) {
      expect_key(key);
      if (key.text == "directed")
        directed_ = integer(scan_.next()) != 0;
      else if (key.text == "node")
        add_node(read_item(key));
      else if (key.text == "edge")
        add_edge(read_item(key));
      else
        skip_value(scan_.next(), 0);
    }
  }

  Item read_item(const Token& of) {
    expect_open(of);
    Item item;
    item.id.place = of.place;
    for (Token key = scan_.next(); key.kind != Kind::Close; key = scan_.next()) {
      expect_key(key);
      const Token value = scan_.next();
      if (key.text == "id" && of.text == "node")
        integer(item.id = value);
      else if (key.text == "source" || key.text == "target")
        integer((key.text == "source" ? item.source : item.target) = value);
      else if (key.text == "label" && value.kind == Kind::Text)
        item.label = value;
      else if (value.kind == Kind::Number)
        item.numbers.emplace_back(key, number(value));
      else
        skip_value(value, 0);
    }
    return item;
  }

  std::int64_t integer(const Token& token) const {
    std::int64_t value = 0;
    const char* const end = token.text.data() + token.text.size();
    const auto r = std::from_chars(token.text.data(), end, value);
    if (token.kind != Kind::Number || r.ec != std::errc{} || r.ptr != end) scan_.fail(token, "integer");
    return value;
  }
  Constant number(const Token& token) const {
    Constant value;
    if (!parse_value(token.text, ScalarType::I64, value) && !parse_value(token.text, ScalarType::F64, value))
      scan_.fail(token, "number");
    return value;
  }

  void skip_value(const Token& value, int depth) {
    if (value.kind == Kind::End || value.kind == Kind::Close || value.kind == Kind::Key)
      scan_.fail(value, "a value", "text stands in quotes");
    if (value.kind != Kind::Open) return;
    if (depth == kDeepest) scan_.fail(value, "at most " + std::to_string(kDeepest) + " lists in each other");
    for (Token key = scan_.next(); key.kind != Kind::Close; key = scan_.next()) {
      expect_key(key);
      skip_value(scan_.next(), depth + 1);
    }
  }

  /// Ids that are text are labels; the file's own numbers then only tell which is which.
  void add_node(const Item& item) {
    if (item.id.text.empty()) scan_.fail({Kind::Key, "node", item.id.place}, "a node with an id");
    const std::string id(item.id.text);
    const bool labels = options_.ids == Ids::Text;
    if (labels && item.label.kind != Kind::Text)
      scan_.fail({Kind::Key, "node", item.id.place}, "a node with a label", "which is its id as text");
    if (labels && !labels_.emplace(id, unescaped(item.label.text)).second)
      graph_.fail(scan_.place(item.id), "expected each node once, found " + quoted(id) + " again");
    const std::size_t row =
        graph_.add_node(labels ? std::string_view(labels_.at(id)) : id, scan_.place(item.id));
    for (const auto& [key, value] : item.numbers) graph_.node_column(key.text, value.type).set(row, value);
  }

  void add_edge(const Item& item) {
    if (item.source.text.empty() || item.target.text.empty())
      scan_.fail({Kind::Key, "edge", item.id.place}, "an edge with source and target");
    const Place place = scan_.place({Kind::Key, {}, item.id.place});
    const std::size_t row = graph_.add_edge(named(item.source), named(item.target), place);
    for (const auto& [key, value] : item.numbers) graph_.edge_column(key.text, value.type).set(row, value);
  }
  std::string_view named(const Token& id) const {
    if (options_.ids != Ids::Text) return id.text;
    const auto label = labels_.find(id.text);
    if (label == labels_.end()) scan_.fail(id, "a node that is listed before its edges");
    return label->second;
  }

  const Text& text_;
  const ReadOptions& options_;
  Scanner scan_;
  NamedGraph graph_;
  std::map<std::string, std::string, std::less<>> labels_;
  bool directed_ = false, seen_ = false;
};

Graph read_gml(const Text& text, const ReadOptions& options) { return Reader(text, options).read(); }

// Writing ------------------------------------------------------------------------------------------------

void put_label(Output& out, const std::string& path, std::string_view label) {
  out.text('"');
  for (const char c : label) {
    if (static_cast<unsigned char>(c) < 0x20)
      throw InputError({path},
                       "the id " + quoted(label) + " has a control character in it: no GML can hold it");
    out.text(c == '"'   ? std::string_view("&quot;")
             : c == '&' ? std::string_view("&amp;")
                        : std::string_view(&c, 1));
  }
  out.text('"');
}

void check_key(const std::string& path, const std::string& name) {
  const auto is_word = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; };
  const bool reserved = name == "id" || name == "label" || name == "source" || name == "target";
  if (name.empty() || reserved || std::isdigit(static_cast<unsigned char>(name[0])) ||
      !std::all_of(name.begin(), name.end(), is_word))
    throw InputError(
        {path},
        "expected attributes named by letters, digits and _, and not id, label, source or target, found " +
            quoted(name) + " (GML has no others)");
}

/// A float has a point or an exponent, so that it is read back as one; what is not a number is left out.
void put_number(Output& out, const std::string& path, const std::string& name, const Column& column,
                std::int64_t i) {
  const Constant c = column.at(i);
  if (is_float(c.type)) {
    const double x = c.type == ScalarType::F32 ? c.as<float>() : c.as<double>();
    if (std::isnan(x)) return;
    if (std::isinf(x))
      throw InputError({path}, "expected finite numbers, found an infinity in '" + name + "' (GML has none)");
  }
  StringOutput number;
  put_element(number, column, i);
  std::string text = number.take();
  if (is_float(c.type) && text.find_first_of(".e") == text.npos) text += ".0";
  out.text(' ').text(name).text(' ').text(text);
}

void put_numbers(Output& out, const std::string& path, const std::vector<Attribute>& attributes,
                 std::int64_t i) {
  for (const Attribute& a : attributes) put_number(out, path, a.name, a.column, i);
  out.text(" ]\n");
}

void write_gml(const Graph& graph, const std::string& path) {
  std::vector<Attribute> nodes, edges;
  for (const auto& name : graph.node_attribute_names()) nodes.push_back({name, *graph.node_attribute(name)});
  for (const auto& name : graph.edge_attribute_names()) edges.push_back({name, *graph.edge_attribute(name)});
  for (const auto* all : {&nodes, &edges})
    for (const Attribute& a : *all) check_key(path, a.name);
  const NodeIds& ids = graph.ids();
  const auto number = [&](std::int32_t v) { return ids.is_text() ? std::int64_t{v} : ids.number(v); };
  FileOutput out(path);
  out.text("graph [\n  directed ").text(graph.undirected() ? '0' : '1').text('\n');
  for (std::int32_t v = 0; v < graph.node_count(); ++v) {
    out.text("  node [ id ").number(number(v));
    if (ids.is_text()) put_label(out.text(" label "), path, ids.text(v));
    put_numbers(out, path, nodes, v);
  }
  for_each_written(graph, Triangle::Upper, [&](std::int32_t source, std::int32_t target, std::int64_t edge) {
    out.text("  edge [ source ").number(number(source)).text(" target ").number(number(target));
    put_numbers(out, path, edges, edge);
  });
  out.text("]\n");
  out.commit();
}

}  // namespace

constinit const Format gml_format = {
    "gml",     ".gml",  "GML: one graph, ids or (as text) labels, numeric attributes", read_gml,
    write_gml, nullptr, {.nodes = true, .direction = true, .attributes = true}};

}  // namespace monograph::io
