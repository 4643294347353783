#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include "host/ir/json_document.h"
#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

using Json = nlohmann::json;
using Names = std::initializer_list<std::string_view>;

std::string found(const Json& j) {
  if (j.is_string()) return excerpt(j.get_ref<const std::string&>());
  if (j.is_array()) return "an array";
  if (j.is_object()) return "an object";
  return j.dump();
}

/// A part of the document and the way to it: "/body/3/in/0".
struct Part {
  const Json& json;
  std::string path;
  const std::string& file;

  Location where() const { return {.file = path.empty() ? file : file + ": " + path}; }
  [[noreturn]] void fail(const std::string& expected) const { fail(expected, found(json)); }
  [[noreturn]] void fail(const std::string& expected, const std::string& found) const {
    throw CompileError(where(), "expected " + expected + ", found " + found);
  }

  bool has(const char* key) const { return json.contains(key); }
  Part at(const std::string& key) const {
    const auto it = json.find(key);
    if (it == json.end()) fail("key " + quote(key), "none");
    return {*it, path + "/" + bare_excerpt(key), file};
  }
  Part at(std::size_t i) const { return {json[i], path + "/" + std::to_string(i), file}; }

  std::size_t array(const std::string& what) const {
    if (!json.is_array()) fail(what);
    return json.size();
  }
  /// An object with no keys but these.
  void object(const std::string& what, Names keys) const {
    if (!json.is_object()) fail(what);
    for (const auto& [key, value] : json.items())
      if (std::find(keys.begin(), keys.end(), key) == keys.end())
        fail("a key out of " + choices(keys), excerpt(key) + did_you_mean(key, keys));
  }
  const std::string& string(const std::string& what) const {
    if (!json.is_string()) fail(what);
    return json.get_ref<const std::string&>();
  }
  template <class T>
  T integer(const std::string& what) const {
    if (json.is_number_unsigned() ? std::in_range<T>(json.get<std::uint64_t>())
                                  : json.is_number_integer() && std::in_range<T>(json.get<std::int64_t>()))
      return json.get<T>();
    fail(what);
  }
  Type type() const {
    Type t;
    if (!parse_type(string("a type such as \"f64\", \"i64[V]\" or \"bool[E]\""), t))
      fail("a type such as \"f64\", \"i64[V]\" or \"bool[E]\"");
    return t;
  }
  /// An id, or a reference to one: a string, or a number that stands for its digits.
  std::string id(const std::string& what) const {
    if (json.is_number_unsigned()) return std::to_string(json.get<std::uint64_t>());
    return string(what);
  }
};

Constant constant(const Part& p) {
  if (p.json.is_boolean()) return Constant::of(p.json.get<bool>());
  if (p.json.is_number_float()) return Constant::of(p.json.get<double>());
  if (p.json.is_number()) return Constant::of(p.integer<std::int64_t>("an integer of 64 bits"));
  Constant c;
  constexpr const char* kExpected = "a number, true, false or a constant with its type such as \"0.85:f64\"";
  if (!read_constant(p.string(kExpected), c)) p.fail(kExpected);
  return c;
}

Attr attribute(const Part& p, const ops::AttrSpec& spec) {
  switch (spec.kind) {
    case ops::AttrKind::Bool:
      return p.json.is_boolean() ? p.json.get<bool>() : (p.fail("true or false"), false);
    case ops::AttrKind::Int:
      return p.integer<std::int64_t>("an integer of 64 bits");
    case ops::AttrKind::String:
      return p.string("a string");
    case ops::AttrKind::Type:
      return p.type();
    case ops::AttrKind::Constant:
      return constant(p);
    case ops::AttrKind::Enum:
      break;
  }
  return read_enum(spec, p.string(choices(spec.names)), p.where());
}

/// A value by the name it has in the document: an id, and which result.
using Key = std::pair<std::string, std::uint32_t>;

/// A node whose regions are being read, and what they have taken from outside so far.
struct Owner {
  Node& node;
  std::vector<Type> taken;             ///< types, in the order of the block arguments added
  std::map<Key, std::size_t> numbers;  ///< position in `taken`
};

/// A region being read.
struct Frame {
  RegionIndex region = 0;
  Frame* outer = nullptr;
  Owner* owner = nullptr;
  std::size_t written_args = 0;                     ///< block arguments that the document lists
  std::unordered_set<std::string> ids;              ///< of the whole region
  std::unordered_map<std::string, ValueId> values;  ///< of what was read so far
};

class Reader {
 public:
  Reader(const Json& json, const std::string& file) : root_{json, "", file}, out_("") {}

  Program run(Places places) {
    if (!root_.json.is_object()) root_.fail("a program: an object");
    if (const Part kind = root_.at("monograph"); kind.json != "program") kind.fail("\"program\"");
    const auto version = root_.at("version").integer<std::int64_t>("a version: 1");
    if (version < 1) root_.at("version").fail("a version: 1");
    if (version > kJsonVersion)
      root_.at("version").fail("version " + std::to_string(kJsonVersion) + ", the newest this library reads");
    root_.object("a program: an object", {"monograph", "version", "name", "body"});
    out_ = Assembler(root_.at("name").string("the program's name: a string"));
    Frame entry;
    body(entry, root_.at("body"));
    return out_.finish(places);
  }

 private:
  static void declare(Frame& f, const Part& id) {
    const std::string name = id.id("an id: a string or a number");
    if (!f.ids.insert(name).second) id.fail("a new id", excerpt(name) + " a second time");
  }

  void body(Frame& f, const Part& list) {
    const std::size_t n = list.array("operations: an array");
    for (std::size_t i = 0; i < n; ++i) {
      const Part p = list.at(i);
      p.object("an operation: an object", {"id", "op", "in", "attrs", "type", "types", "regions", "where"});
      if (p.has("id")) declare(f, p.at("id"));
    }
    for (std::size_t i = 0; i < n; ++i) node(f, list.at(i));
  }

  void node(Frame& f, const Part& p) {
    const Part op = p.at("op");
    std::vector<Location> lines = where(p);
    NodeDraft draft(read_op(op.string("the name of an operation"), op.where()), place(p, lines));
    const ops::OpDef& def = draft.def();
    if (p.has("in")) operands(f, p.at("in"), draft);
    if (p.has("attrs")) attributes(p.at("attrs"), draft);
    Node node = std::move(draft).finish();
    regions(f, p, def, node);
    const ValueId v = out_.emit(f.region, std::move(node), std::move(lines));
    const std::vector<Type>& results = out_.region(f.region).nodes[v.node].results;
    check_types(p, def, results);
    if (!p.has("id")) return;
    if (results.empty()) p.at("id").fail("no id for " + std::string(def.name) + ", which has no results");
    f.values.emplace(p.at("id").id(""), v);
  }

  void operands(Frame& f, const Part& in, NodeDraft& draft) {
    if (!in.json.is_object()) {
      const std::size_t n = in.array("operands: an array of ids, or an object of ids by name");
      for (std::size_t i = 0; i < n; ++i) draft.operand(value(f, in.at(i)));
      return;
    }
    const ops::OpDef& def = draft.def();
    for (const auto& [name, unused] : in.json.items()) {
      const Part one = in.at(name);
      if (!is_variadic(def) || name != def.operands.back().name)
        draft.operand(name, value(f, one), one.where());
      else
        for (std::size_t i = 0, n = one.array("an array of ids"); i < n; ++i)
          draft.operand(value(f, one.at(i)));
    }
  }

  static void attributes(const Part& attrs, NodeDraft& draft) {
    if (!attrs.json.is_object()) attrs.fail("attributes: an object");
    for (const auto& [name, unused] : attrs.json.items()) {
      const Part one = attrs.at(name);
      const ops::AttrSpec& spec = draft.attr_spec(name, one.where());
      draft.attr(spec, attribute(one, spec));
    }
  }

  void regions(Frame& f, const Part& p, const ops::OpDef& def, Node& node) {
    const auto expected = static_cast<std::size_t>(def.regions);
    const std::size_t count = p.has("regions") ? p.at("regions").array("regions: an array") : 0;
    if (count != expected)
      p.fail(std::string(def.name) + " to have " + std::to_string(expected) + " regions",
             std::to_string(count));
    Owner owner{.node = node, .taken = {}, .numbers = {}};
    for (std::size_t i = 0; i < count; ++i) region(f, p.at("regions").at(i), owner);
  }

  void region(Frame& outer, const Part& p, Owner& owner) {
    if (++depth_ > kMaxNesting)
      p.fail("regions nested at most " + std::to_string(kMaxNesting) + " deep", "one more");
    p.object("a region: an object", {"args", "body", "yield"});
    Frame f;
    f.outer = &outer, f.owner = &owner;
    std::vector<Type> types = p.has("args") ? arguments(f, p.at("args")) : std::vector<Type>{};
    f.written_args = types.size();
    types.insert(types.end(), owner.taken.begin(), owner.taken.end());
    f.region = out_.add_region(std::move(types));
    owner.node.regions.push_back(f.region);
    body(f, p.at("body"));
    if (p.has("yield")) out_.region(f.region).results = results(f, p.at("yield"));
    --depth_;
  }

  static std::vector<Type> arguments(Frame& f, const Part& list) {
    std::vector<Type> types;
    const std::size_t n = list.array("block arguments: an array");
    for (std::uint32_t i = 0; i < n; ++i) {
      const Part p = list.at(i);
      p.object("a block argument: an object", {"id", "type"});
      declare(f, p.at("id"));
      f.values.emplace(p.at("id").id(""), ValueId::argument(i));
      types.push_back(p.at("type").type());
    }
    return types;
  }

  std::vector<ValueId> results(Frame& f, const Part& list) {
    std::vector<ValueId> values;
    for (std::size_t i = 0, n = list.array("results: an array of ids"); i < n; ++i)
      values.push_back(value(f, list.at(i)));
    return values;
  }

  ValueId value(Frame& f, const Part& p) {
    const std::string text = p.id("the id of a value: a string or a number");
    if (const auto v = find(f, key(f, text), p)) return *v;
    p.fail("the id of a value", excerpt(text) + ", which is not defined");
  }

  /// "loop:1" is result 1 of "loop", unless that whole text is an id.
  static Key key(const Frame& f, const std::string& text) {
    const std::size_t colon = text.rfind(':');
    for (const Frame* at = &f; at; at = at->outer)
      if (colon == text.npos || at->ids.contains(text)) return {text, 0};
    std::uint32_t result = 0;
    const auto [end, error] = std::from_chars(text.data() + colon + 1, text.data() + text.size(), result);
    if (error != std::errc{} || end != text.data() + text.size()) return {text, 0};
    return {text.substr(0, colon), result};
  }

  std::optional<ValueId> find(Frame& f, const Key& key, const Part& p) {
    if (const auto own = f.values.find(key.first); own != f.values.end())
      return result_of(f, own->second, key, p);
    if (f.ids.contains(key.first))
      p.fail("a value defined above", excerpt(key.first) + ", which is defined further down");
    if (!f.outer) return std::nullopt;
    if (const auto taken = f.owner->numbers.find(key); taken != f.owner->numbers.end())
      return ValueId::argument(static_cast<std::uint32_t>(f.written_args + taken->second));
    const auto outside = find(*f.outer, key, p);
    if (!outside) return std::nullopt;
    return take(f, key, *outside, p);
  }

  ValueId result_of(const Frame& f, ValueId v, const Key& key, const Part& p) const {
    if (key.second == 0) return v;
    const std::size_t count = v.is_argument() ? 1 : out_.region(f.region).nodes[v.node].results.size();
    if (key.second >= count)
      p.fail("a result of " + excerpt(key.first) + " within 0.." + std::to_string(count - 1),
             std::to_string(key.second));
    v.result = key.second;
    return v;
  }

  /// Brings a value of the enclosing region in: a constant is made again, anything else becomes one more
  /// operand of the owner and one more block argument of each of its regions.
  ValueId take(Frame& f, const Key& key, ValueId outside, const Part& p) {
    if (const Constant* c = constant_of(out_.region(f.outer->region), outside)) {
      Node copy{.op = OpId::Constant,
                .operands = {},
                .attrs = {*c},
                .regions = {},
                .results = {},
                .where = {p.where()}};
      return f.values[key.first] = out_.emit(f.region, std::move(copy));
    }
    Node& owner = f.owner->node;
    if (!is_variadic(ops::def(owner.op)))
      p.fail("a value of this region", excerpt(key.first) + " of an enclosing one");
    const Type type = out_.type(f.outer->region, outside);
    owner.operands.push_back(outside);
    for (RegionIndex r : owner.regions) out_.region(r).args.push_back(type);
    f.owner->numbers.emplace(key, f.owner->taken.size());
    f.owner->taken.push_back(type);
    return ValueId::argument(static_cast<std::uint32_t>(f.written_args + f.owner->taken.size() - 1));
  }

  static void check_types(const Part& p, const ops::OpDef& def, const std::vector<Type>& inferred) {
    if (p.has("type") && p.has("types")) p.fail("\"type\" or \"types\"", "both");
    std::vector<Type> given;
    if (p.has("type")) given.push_back(p.at("type").type());
    const std::size_t n = p.has("types") ? p.at("types").array("types: an array") : 0;
    for (std::size_t i = 0; i < n; ++i) given.push_back(p.at("types").at(i).type());
    if ((p.has("type") || p.has("types")) && given != inferred)
      p.at(p.has("type") ? "type" : "types")
          .fail(std::string(def.name) + " to have " +
                    (inferred.empty() ? "no result" : "type " + types_text(inferred)) + " (inferred)",
                given.empty() ? "none" : types_text(given));
  }

  /// Where an operation is in the document and, where that is known, in the source that wrote it.
  static Location place(const Part& p, const std::vector<Location>& lines) {
    Location l = p.where();
    if (!lines.empty()) l.file += " (" + to_string(lines.front()) + ")";
    return l;
  }

  static std::vector<Location> where(const Part& p) {
    std::vector<Location> all;
    if (!p.has("where")) return all;
    const Part list = p.at("where");
    for (std::size_t i = 0, n = list.array("source lines: an array"); i < n; ++i) {
      const Part one = list.at(i);
      one.object("a source line: an object", {"file", "line", "column"});
      Location l{.file = one.at("file").string("a file name: a string")};
      if (one.has("line")) l.line = one.at("line").integer<std::uint32_t>("a line number");
      if (one.has("column")) l.column = one.at("column").integer<std::uint32_t>("a column number");
      all.push_back(std::move(l));
    }
    return all;
  }

  Part root_;
  Assembler out_;
  int depth_ = 0;
};

}  // namespace

Program from_json(std::string_view text, const std::string& file, Places places) {
  return Reader(read_json(text, file), file).run(places);
}

}  // namespace monograph::ir
