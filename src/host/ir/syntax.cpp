#include "host/ir/syntax.h"

#include <array>
#include <utility>

#include "host/base/nearest.h"
#include "host/base/printable.h"

namespace monograph::ir {
namespace {

/// The character at the beginning of `text`, or a byte that is none; how many bytes.
std::size_t append_escaped(std::string& out, std::string_view text) {
  constexpr std::array<std::pair<char, char>, 5> kShort = {
      {{'"', '"'}, {'\\', '\\'}, {'\n', 'n'}, {'\t', 't'}, {'\r', 'r'}}};
  for (auto [raw, letter] : kShort)
    if (text[0] == raw) return out += '\\', out += letter, 1;
  const std::size_t size = base::character(text);
  if (size == 0) return base::append_hex(out, text[0]), 1;
  out += text.substr(0, size);
  return size;
}

std::vector<std::string_view> attr_names(const ops::OpDef& def) {
  std::vector<std::string_view> names;
  for (const ops::AttrSpec& a : def.attrs) names.push_back(a.name);
  return names;
}

std::string count_text(std::size_t n, std::string_view what) {
  return (n == 0 ? "no" : std::to_string(n)) + " " + std::string(what) + (n == 1 ? "" : "s");
}

/// "2 operands (a, b)", "at least 1 operand (x, more...; by name: weights)".
std::string operands_text(const ops::OpDef& def) {
  std::string plain, named;
  std::size_t required = 0;
  for (const ops::OperandSpec& o : def.operands) {
    std::string& list = o.kind == ops::OperandKind::Optional ? named : plain;
    list += (list.empty() ? "" : ", ") + std::string(o.name);
    if (o.kind == ops::OperandKind::Variadic) list += "...";
    required += o.kind == ops::OperandKind::Required;
  }
  if (!named.empty()) plain += (plain.empty() ? "by name: " : "; by name: ") + named;
  return (is_variadic(def) ? "at least " : "") + count_text(required, "operand") +
         (plain.empty() ? "" : " (" + plain + ")");
}

}  // namespace

std::string quote(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) text.remove_prefix(append_escaped(out, text));
  return out += '"';
}

std::string excerpt(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  if (text.size() <= kLongest) return quote(text);
  std::size_t end = kLongest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;  // not inside a character
  return quote(std::string(text.substr(0, end)) + "...");
}

std::string bare_excerpt(std::string_view text) {
  const std::string quoted = excerpt(text);
  return quoted.substr(1, quoted.size() - 2);
}

std::string choices(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " or " : ", ";
    out += names[i];
  }
  return out;
}

std::string did_you_mean(std::string_view name, std::span<const std::string_view> names) {
  const std::string_view near = base::nearest(name, names);
  return near.empty() ? "" : "; did you mean " + std::string(near) + "?";
}

std::string constant_text(const Constant& c) { return to_string(c) + ":" + std::string(to_string(c.type)); }

std::string attr_text(const ops::AttrSpec& spec, const Attr& a) {
  if (const auto* b = std::get_if<bool>(&a)) return *b ? "true" : "false";
  if (const auto* i = std::get_if<std::int64_t>(&a)) return std::to_string(*i);
  if (const auto* s = std::get_if<std::string>(&a)) return quote(*s);
  if (const auto* t = std::get_if<Type>(&a)) return to_string(*t);
  if (const auto* c = std::get_if<Constant>(&a)) return constant_text(*c);
  const auto* e = std::get_if<ops::EnumValue>(&a);
  return e ? std::string(spec.names[e->index]) : "";
}

bool read_constant(std::string_view text, Constant& out) {
  const std::size_t colon = text.rfind(':');
  Type type;
  return colon != text.npos && parse_type(text.substr(colon + 1), type) && type.domain == Domain::Scalar &&
         parse_constant(text.substr(0, colon), type.scalar, out);
}

ops::EnumValue read_enum(const ops::AttrSpec& spec, std::string_view name, const Location& at) {
  for (std::size_t i = 0; i < spec.names.size(); ++i)
    if (spec.names[i] == name) return {static_cast<std::uint8_t>(i)};
  throw CompileError(at, "attribute " + std::string(spec.name) + ": expected " + choices(spec.names) +
                             ", found " + excerpt(name) + did_you_mean(name, spec.names));
}

OpId read_op(std::string_view name, const Location& at) {
  if (const auto op = ops::find_op(name)) return *op;
  const std::string_view near = ops::nearest_op(name);
  throw CompileError(at, "expected an operation, found " + excerpt(name) +
                             (near.empty() ? "" : "; did you mean " + std::string(near) + "?"));
}

std::size_t fixed_operands(const ops::OpDef& def) {
  const bool variadic = !def.operands.empty() && def.operands.back().kind == ops::OperandKind::Variadic;
  return def.operands.size() - variadic;
}

std::string types_text(std::span<const Type> types) {
  std::string out;
  for (const Type& t : types) out += (out.empty() ? "" : ", ") + to_string(t);
  return out;
}

NodeDraft::NodeDraft(OpId op, Location where)
    : op_(op), def_(ops::def(op)), where_(std::move(where)), fixed_(fixed_operands(def_)) {
  attrs_.resize(def_.attrs.size());
}

void NodeDraft::fail(const Location& at, const std::string& expected, const std::string& found) const {
  throw CompileError(at, std::string(def_.name) + ": expected " + expected + ", found " + found);
}

void NodeDraft::fail_count() const {
  std::size_t given = positional_.size();
  for (ValueId v : fixed_) given += !v.is_none();
  fail(where_, operands_text(def_), std::to_string(given));
}

void NodeDraft::operand(std::string_view name, ValueId v, const Location& at) {
  std::vector<std::string_view> names;
  for (std::size_t i = 0; i < fixed_.size(); ++i) {
    names.push_back(def_.operands[i].name);
    if (names.back() != name) continue;
    if (!fixed_[i].is_none()) fail(at, "operand " + std::string(name) + " once", "it a second time");
    fixed_[i] = v;
    return;
  }
  fail(at, names.empty() ? "no operand by name" : "an operand named " + choices(names),
       excerpt(name) + did_you_mean(name, names));
}

const ops::AttrSpec& NodeDraft::attr_spec(std::string_view name, const Location& at) const {
  for (std::size_t i = 0; i < attrs_.size(); ++i) {
    if (def_.attrs[i].name != name) continue;
    if (!std::holds_alternative<std::monostate>(attrs_[i]))
      fail(at, "attribute " + std::string(name) + " once", "it a second time");
    return def_.attrs[i];
  }
  const auto names = attr_names(def_);
  fail(at, names.empty() ? "no attribute" : "an attribute named " + choices(names),
       excerpt(name) + did_you_mean(name, names));
}

void NodeDraft::attr(const ops::AttrSpec& spec, ops::Attr value) {
  attrs_[static_cast<std::size_t>(&spec - def_.attrs.data())] = std::move(value);
}

Node NodeDraft::finish() && {
  auto next = positional_.begin();
  std::vector<ValueId> operands = fixed_;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (def_.operands[i].kind != ops::OperandKind::Required || !operands[i].is_none()) continue;
    if (next == positional_.end()) fail_count();
    operands[i] = *next++;
  }
  if (next != positional_.end() && !is_variadic(def_)) fail_count();
  operands.insert(operands.end(), next, positional_.end());
  for (std::size_t i = 0; i < attrs_.size(); ++i) {
    if (!std::holds_alternative<std::monostate>(attrs_[i])) continue;
    if (def_.attrs[i].required) fail(where_, "attribute " + std::string(def_.attrs[i].name), "none");
    attrs_[i] = def_.attrs[i].fallback;
  }
  return {.op = op_,
          .operands = std::move(operands),
          .attrs = std::move(attrs_),
          .regions = {},
          .results = {},
          .where = {std::move(where_)}};
}

ValueId Assembler::emit(RegionIndex r, Node node, std::vector<Location> where) {
  const ValueId v = builder_.emit(r, std::move(node));
  if (!where.empty()) lines_.push_back({r, v.node, merge(where, {})});
  return v;
}

Program Assembler::finish(Places places) {
  Program p = builder_.finish();  // readers add regions in preorder, so their numbers stay
  if (places == Places::Forget)
    for (Region& r : p.regions)
      for (Node& n : r.nodes) n.where.clear();
  for (Lines& l : lines_) p.regions[l.region].nodes[l.node].where = std::move(l.where);
  return p;
}

}  // namespace monograph::ir
