#include "host/ir/json_document.h"
#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

using Json = nlohmann::ordered_json;  // keys in the order in which a person reads them

Json attr_json(const ops::AttrSpec& spec, const Attr& a) {
  if (const auto* b = std::get_if<bool>(&a)) return *b;
  if (const auto* i = std::get_if<std::int64_t>(&a)) return *i;
  if (const auto* s = std::get_if<std::string>(&a)) return *s;
  if (const auto* t = std::get_if<Type>(&a)) return to_string(*t);
  if (const auto* c = std::get_if<Constant>(&a)) return constant_text(*c);
  return spec.names[std::get<ops::EnumValue>(a).index];
}

std::string value(const Region& r, ValueId v) {
  if (v.is_argument()) return "a" + std::to_string(v.result);
  const std::string node = std::to_string(v.node);
  return r.nodes[v.node].results.size() == 1 ? node : node + ":" + std::to_string(v.result);
}

/// A list where every operand before the variadic ones is required, else an object by name.
Json operands(const Region& r, const Node& n, const ops::OpDef& def) {
  const std::size_t fixed = fixed_operands(def);
  bool by_name = false;
  for (std::size_t i = 0; i < fixed; ++i)
    by_name |= def.operands[i].kind == ops::OperandKind::Optional && !n.operands[i].is_none();
  Json list = Json::array(), named = Json::object();
  for (std::size_t i = 0; i < n.operands.size(); ++i) {
    if (n.operands[i].is_none()) continue;
    list.push_back(value(r, n.operands[i]));
    Json& slot = named[std::string(def.operands[std::min(i, fixed)].name)];
    i < fixed ? slot = list.back() : (slot.push_back(list.back()), slot);
  }
  return by_name ? named : list;
}

Json where_json(const std::vector<Location>& where) {
  Json all = Json::array();
  for (const Location& l : where) {
    Json& one = all.emplace_back(Json{{"file", l.file}});
    if (l.line) one["line"] = l.line;
    if (l.column) one["column"] = l.column;
  }
  return all;
}

Json body_json(const Program& p, const Region& r);

Json region_json(const Program& p, const Region& r) {
  Json args = Json::array(), yield = Json::array();
  for (std::size_t i = 0; i < r.args.size(); ++i)
    args.push_back({{"id", "a" + std::to_string(i)}, {"type", to_string(r.args[i])}});
  for (ValueId v : r.results) yield.push_back(value(r, v));
  return {{"args", std::move(args)}, {"body", body_json(p, r)}, {"yield", std::move(yield)}};
}

void types_json(const std::vector<Type>& results, Json& node) {
  if (results.size() == 1) node["type"] = to_string(results[0]);
  if (results.size() < 2) return;
  for (const Type& t : results) node["types"].push_back(to_string(t));
}

Json node_json(const Program& p, const Region& r, std::size_t index) {
  const Node& n = r.nodes[index];
  const ops::OpDef& def = ops::def(n.op);
  Json node;
  if (!n.results.empty()) node["id"] = std::to_string(index);
  node["op"] = def.name;
  if (Json in = operands(r, n, def); !in.empty()) node["in"] = std::move(in);
  for (std::size_t i = 0; i < n.attrs.size(); ++i)
    if (!std::holds_alternative<std::monostate>(n.attrs[i]))
      node["attrs"][std::string(def.attrs[i].name)] = attr_json(def.attrs[i], n.attrs[i]);
  for (RegionIndex child : n.regions) node["regions"].push_back(region_json(p, p.regions[child]));
  types_json(n.results, node);
  if (!n.where.empty()) node["where"] = where_json(n.where);
  return node;
}

Json body_json(const Program& p, const Region& r) {
  Json body = Json::array();
  for (std::size_t i = 0; i < r.nodes.size(); ++i) body.push_back(node_json(p, r, i));
  return body;
}

}  // namespace

std::string to_json(const Program& p) {
  return write_json({{"monograph", "program"},
                     {"version", kJsonVersion},
                     {"name", p.name},
                     {"body", body_json(p, p.entry())}});
}

}  // namespace monograph::ir
