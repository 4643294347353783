#include <charconv>
#include <unordered_map>

#include "host/ir/scanner.h"
#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

/// The names of one region's values.
struct Scope {
  RegionIndex region;
  const Scope* outer;
  const ops::OpDef* owner;
  std::unordered_map<std::string_view, ValueId> values;
};

class Parser {
 public:
  Parser(std::string_view text, const std::string& file) : in_(text, file), out_("") {}

  Program run(Places places) {
    const Location at = in_.here();
    if (const auto keyword = in_.name(); keyword != "program")
      keyword.empty() ? in_.fail("program \"name\" {") : in_.fail(at, "program \"name\" {", excerpt(keyword));
    out_ = Assembler(in_.string("the program's name in quotes"));
    Scope entry{.region = 0, .outer = nullptr, .owner = nullptr, .values = {}};
    in_.expect('{', "{");
    body(entry);
    in_.expect('}', "an operation or }");
    if (!in_.at_end()) in_.fail("nothing after the end of the program");
    return out_.finish(places);
  }

 private:
  /// Nodes, up to `}` or `yield`.
  void body(Scope& scope) {
    for (;;) {
      const char next = in_.peek();
      if (next == '%')
        in_.label_and_equals() ? node(scope) : in_.fail("%name = operation, yield or }");
      else if (!at_name() || at_yield())
        return;
      else
        node(scope);
    }
  }

  bool at_name() const { return !Scanner(in_).name().empty(); }
  bool at_yield() const { return Scanner(in_).name() == "yield"; }

  void node(Scope& scope) {
    const Location start = in_.here();
    std::string_view label;
    if (in_.peek() == '%') {
      label = in_.label();
      in_.expect('=', "=");
      if (scope.values.contains(label))
        in_.fail(start, "a new name", "%" + bare_excerpt(label) + " a second time");
    }
    const Location at = in_.here();
    const std::string_view name = in_.name();
    if (name.empty()) in_.fail("an operation");
    NodeDraft draft(read_op(name, at), at);
    items(scope, draft);
    const ops::OpDef& def = draft.def();
    const ValueId v = finish_node(scope, std::move(draft));
    const bool yields = !out_.region(scope.region).nodes[v.node].results.empty();
    if (label.empty()) return;
    if (!yields)
      in_.fail(start, "no name for " + std::string(def.name) + ", which has no results",
               "%" + bare_excerpt(label));
    scope.values.emplace(label, v);
  }

  /// Operands and attributes, in any order.
  void items(Scope& scope, NodeDraft& draft) {
    for (bool comma = false;; comma = in_.accept(',')) {
      if (in_.peek() == '%' && (comma || !in_.label_and_equals()))
        draft.operand(value(scope));
      else if (in_.name_and_equals())
        named(scope, draft);
      else if (comma)
        in_.fail("an operand");
      else
        return;
    }
  }

  void named(Scope& scope, NodeDraft& draft) {
    const Location at = in_.here();
    const std::string_view name = in_.name();
    in_.expect('=', "=");
    if (in_.peek() == '%') return draft.operand(name, value(scope), at);
    const ops::AttrSpec& spec = draft.attr_spec(name, at);
    draft.attr(spec, attr(spec));
  }

  Attr attr(const ops::AttrSpec& spec) {
    const Location at = in_.here();
    switch (spec.kind) {
      case ops::AttrKind::String:
        return in_.string("a string in quotes for attribute " + std::string(spec.name));
      case ops::AttrKind::Type:
        return in_.type();
      default:
        break;
    }
    const std::string_view text = in_.word(spec.kind == ops::AttrKind::Constant ? "+-.:" : "+-.");
    if (spec.kind == ops::AttrKind::Enum && !text.empty()) return read_enum(spec, text, at);
    Attr out;
    if (read_plain(spec.kind, text, out)) return out;
    const std::string expected = describe(spec);
    text.empty() ? in_.fail(expected) : in_.fail(at, expected, excerpt(text));
  }

  static bool read_plain(ops::AttrKind kind, std::string_view text, Attr& out) {
    if (kind == ops::AttrKind::Bool) return out = text == "true", text == "true" || text == "false";
    if (kind == ops::AttrKind::Constant) {
      Constant c;
      return read_constant(text, c) && (out = c, true);
    }
    std::int64_t i = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), i);
    out = i;
    return kind == ops::AttrKind::Int && error == std::errc{} && end == text.data() + text.size();
  }

  static std::string describe(const ops::AttrSpec& spec) {
    const std::string of = " for attribute " + std::string(spec.name);
    if (spec.kind == ops::AttrKind::Bool) return "true or false" + of;
    if (spec.kind == ops::AttrKind::Int) return "an integer of 64 bits" + of;
    if (spec.kind == ops::AttrKind::Constant) return "a constant with its type, such as 0.85:f64," + of;
    return choices(spec.names) + of;
  }

  /// Types, regions and source lines: what follows the operands and attributes.
  ValueId finish_node(Scope& scope, NodeDraft draft) {
    const ops::OpDef& def = draft.def();
    const Location at = draft.where();
    Node node = std::move(draft).finish();
    const Location types_at = in_.here();
    const std::vector<Type> types = this->types();
    regions(scope, def, at, node);
    const ValueId v = out_.emit(scope.region, std::move(node), lines());
    const std::vector<Type>& inferred = out_.region(scope.region).nodes[v.node].results;
    if (!types.empty() && types != inferred)
      throw CompileError(types_at, std::string(def.name) + ": expected " +
                                       (inferred.empty() ? "no result" : "type " + types_text(inferred)) +
                                       " (inferred), found " + types_text(types));
    return v;
  }

  std::vector<Type> types() {
    std::vector<Type> types;
    for (bool more = in_.accept(':'); more; more = in_.accept(',')) types.push_back(in_.type());
    return types;
  }

  void regions(const Scope& scope, const ops::OpDef& def, const Location& at, Node& node) {
    if (def.regions == 0 && in_.peek() != '{') return;
    const auto count = static_cast<std::size_t>(def.regions);
    if (count == 0) in_.fail(std::string(def.name) + " to have no regions");
    in_.expect('{', "{ and " + region_count(count) + " of " + std::string(def.name));
    while (in_.peek() == '(') {
      if (node.regions.size() == count) fail_regions(def, at, "more");
      node.regions.push_back(region(scope, def));
    }
    in_.expect('}', node.regions.size() < count ? "( of a region's arguments" : "} after the last region");
    if (node.regions.size() != count) fail_regions(def, at, std::to_string(node.regions.size()));
  }

  static std::string region_count(std::size_t n) {
    return std::to_string(n) + (n == 1 ? " region" : " regions");
  }

  [[noreturn]] static void fail_regions(const ops::OpDef& def, const Location& at, const std::string& found) {
    throw CompileError(at, std::string(def.name) + ": expected " +
                               region_count(static_cast<std::size_t>(def.regions)) + ", found " + found);
  }

  RegionIndex region(const Scope& outer, const ops::OpDef& owner) {
    if (++depth_ > kMaxNesting)
      in_.fail(in_.here(), "regions nested at most " + std::to_string(kMaxNesting) + " deep", "one more");
    Scope scope{.region = 0, .outer = &outer, .owner = &owner, .values = {}};
    scope.region = out_.add_region(arguments(scope));
    in_.expect('{', "{ of the region");
    body(scope);
    if (at_yield()) {
      in_.name();
      out_.region(scope.region).results = results(scope);
    }
    in_.expect('}', "an operation, yield or }");
    --depth_;
    return scope.region;
  }

  std::vector<Type> arguments(Scope& scope) {
    std::vector<Type> types;
    in_.expect('(', "(");
    if (in_.accept(')')) return types;
    do {
      const Location at = in_.here();
      const std::string_view label = in_.label();
      const auto i = static_cast<std::uint32_t>(types.size());
      if (!scope.values.emplace(label, ValueId::argument(i)).second)
        in_.fail(at, "a new name", "%" + bare_excerpt(label) + " a second time");
      in_.expect(':', ": and the type of %" + bare_excerpt(label));
      types.push_back(in_.type());
    } while (in_.accept(','));
    in_.expect(')', ", or ) after the arguments");
    return types;
  }

  std::vector<ValueId> results(const Scope& scope) {
    std::vector<ValueId> values;
    if (in_.peek() != '%') return values;
    do values.push_back(value(scope));
    while (in_.accept(','));
    return values;
  }

  ValueId value(const Scope& scope) {
    const Location at = in_.here();
    const std::string_view label = in_.label();
    const std::uint32_t result = in_.result_number();
    const auto known = scope.values.find(label);
    if (known == scope.values.end()) undefined(scope, label, at);
    ValueId v = known->second;
    if (result == 0) return v;
    const std::size_t count = v.is_argument() ? 1 : out_.region(scope.region).nodes[v.node].results.size();
    if (result >= count)
      in_.fail(at, "a result of %" + bare_excerpt(label) + " within 0.." + std::to_string(count - 1),
               std::to_string(result));
    v.result = result;
    return v;
  }

  [[noreturn]] void undefined(const Scope& scope, std::string_view label, const Location& at) const {
    std::string found = "%" + bare_excerpt(label) + ", which is not defined";
    if (in_.defined_below(label))
      found = "%" + bare_excerpt(label) + ", which is defined further down";
    else
      for (const Scope* s = scope.outer; s; s = s->outer)
        if (s->values.contains(label))
          found = "%" + bare_excerpt(label) + " of an enclosing region (pass it to " +
                  std::string(scope.owner->name) + " as an operand and name it as a block argument)";
    in_.fail(at, "a value defined above in this region", found);
  }

  std::vector<Location> lines() {
    std::vector<Location> where;
    if (!in_.accept('@')) return where;
    do {
      Location l{.file = in_.string("a source file in quotes")};
      if (in_.accept(':')) l.line = in_.number("a line number");
      if (in_.accept(':')) l.column = in_.number("a column number");
      where.push_back(std::move(l));
    } while (in_.accept(','));
    return where;
  }

  Scanner in_;
  Assembler out_;
  int depth_ = 0;
};

}  // namespace

Program parse(std::string_view text, const std::string& file, Places places) {
  return Parser(text, file).run(places);
}

}  // namespace monograph::ir
