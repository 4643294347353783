#include <map>
#include <set>
#include <string>

#include "host/ir/program.h"

namespace monograph::ir {
namespace {

class Verifier {
 public:
  explicit Verifier(const Program& p) : p_(p) {}

  void run() {
    if (p_.regions.empty()) throw InternalError("verify: a program has at least one region");
    if (!p_.entry().args.empty() || !p_.entry().results.empty())
      throw InternalError("verify: region 0 has no arguments and no results");
    region(0);
    if (next_ != p_.regions.size())
      throw InternalError("verify: region " + std::to_string(next_) + " has no owner");
  }

 private:
  static bool is_known(OpId op) { return static_cast<std::size_t>(op) < ops::op_table().size(); }

  [[noreturn]] void fail(const std::string& what) const {
    const auto& nodes = p_.regions[region_].nodes;
    const bool named = node_ < nodes.size() && is_known(nodes[node_].op);
    const std::string op = named ? " (" + std::string(ops::def(nodes[node_].op).name) + ")" : "";
    throw InternalError("verify: region " + std::to_string(region_) + ", %" + std::to_string(node_) + op +
                        ": " + what);
  }

  void region(RegionIndex index) {
    if (index != next_ || index >= p_.regions.size())
      fail("regions are not in preorder, or one has two owners");
    ++next_;
    if (depth_ > kMaxNesting) fail("regions are nested more than " + std::to_string(kMaxNesting) + " deep");
    const Region& r = p_.regions[index];
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      region_ = index, node_ = i;
      node(r, r.nodes[i]);
    }
    region_ = index, node_ = r.nodes.size();
    for (ValueId v : r.results) value(r, v, "result");
    for (const Type& t : r.args) type(t);
  }

  void node(const Region& r, const Node& n) {
    if (!is_known(n.op)) fail("unknown operation");
    const ops::OpDef& def = ops::def(n.op);
    operands(r, n, def);
    attributes(n, def);
    if (n.regions.size() != static_cast<std::size_t>(def.regions)) fail("wrong number of regions");
    if (n.op == OpId::Fused && n.regions[0] < p_.regions.size()) group(p_.regions[n.regions[0]]);
    const RegionIndex home = region_;
    const std::size_t at = node_;
    const int deeper = n.op == OpId::Fused ? 0 : 1;  // a group does not nest any further
    depth_ += deeper;
    for (RegionIndex child : n.regions) region(child);
    depth_ -= deeper;
    region_ = home, node_ = at;
    if (infer(p_, r, n) != n.results) fail("recorded result types are not the inferred ones");
    for (const Type& t : n.results) type(t);
    effects(n, def);
  }

  /// Before its region is entered: groups are not counted as depth, so one may not hold another.
  void group(const Region& inside) const {
    for (const Node& n : inside.nodes) {
      if (!is_known(n.op)) fail("unknown operation");
      const ops::Effect effect = ops::def(n.op).effect;
      if (!n.regions.empty() || (effect != ops::Effect::Pure && effect != ops::Effect::Check))
        fail("a fused group holds " + std::string(ops::def(n.op).name));
    }
  }

  void value(const Region& r, ValueId v, const std::string& what) const {
    if (v.is_none()) fail(what + " is missing");
    if (v.is_argument() ? v.result >= r.args.size()
                        : v.node >= node_ || v.result >= r.nodes[v.node].results.size())
      fail(what + " names no argument and no earlier value of this region");
  }

  void operands(const Region& r, const Node& n, const ops::OpDef& def) const {
    const bool variadic = !def.operands.empty() && def.operands.back().kind == ops::OperandKind::Variadic;
    const std::size_t fixed = def.operands.size() - variadic;
    if (n.operands.size() < fixed || (!variadic && n.operands.size() > fixed))
      fail("wrong number of operands");
    for (std::size_t i = 0; i < n.operands.size(); ++i) {
      const bool optional = i < fixed && def.operands[i].kind == ops::OperandKind::Optional;
      if (optional && n.operands[i].is_none()) continue;
      value(r, n.operands[i], "operand " + std::to_string(i));
    }
  }

  static bool matches(const ops::AttrSpec& spec, const Attr& a) {
    if (std::holds_alternative<std::monostate>(a))  // a default is stored: text that omits it means it
      return !spec.required && std::holds_alternative<std::monostate>(spec.fallback);
    switch (spec.kind) {
      case ops::AttrKind::Bool:
        return std::holds_alternative<bool>(a);
      case ops::AttrKind::Int:
        return std::holds_alternative<std::int64_t>(a);
      case ops::AttrKind::String:
        return std::holds_alternative<std::string>(a);
      case ops::AttrKind::Type:
        return std::holds_alternative<Type>(a);
      case ops::AttrKind::Constant:
        return std::holds_alternative<Constant>(a);
      case ops::AttrKind::Enum:
        return std::holds_alternative<ops::EnumValue>(a) &&
               std::get<ops::EnumValue>(a).index < spec.names.size();
    }
    return false;
  }

  void attributes(const Node& n, const ops::OpDef& def) const {
    if (n.attrs.size() != def.attrs.size()) fail("wrong number of attributes");
    for (std::size_t i = 0; i < n.attrs.size(); ++i)
      if (!matches(def.attrs[i], n.attrs[i]))
        fail("attribute " + std::string(def.attrs[i].name) + " is missing or of the wrong kind");
  }

  void type(const Type& t) const {
    if (t.width != 1 || t.graph != 0) fail("only width 1 and graph 0 are used");
    if (t.domain == Domain::Fixed ? t.length < 0 : t.length != 0) fail("a length belongs to a fixed domain");
  }

  void effects(const Node& n, const ops::OpDef& def) {
    if (def.effect == ops::Effect::Write) {
      if (region_ != 0)
        throw CompileError(location_of(n),
                           std::string(def.name) +
                               ": expected at the top level of the program, got it inside a loop or branch");
      if (!written_.insert({n.op, std::get<std::string>(n.attrs[0])}).second)
        throw CompileError(location_of(n), std::string(def.name) + ": expected a new name, got \"" +
                                               std::get<std::string>(n.attrs[0]) + "\" a second time");
    }
    if (n.op != OpId::Parameter) return;
    const auto [known, fresh] = parameters_.emplace(std::get<std::string>(n.attrs[0]), n.attrs);
    if (!fresh && known->second != n.attrs)
      throw CompileError(location_of(n), "core.parameter: expected one declaration of \"" + known->first +
                                             "\", got two that differ");
  }

  const Program& p_;
  RegionIndex next_ = 0, region_ = 0;
  int depth_ = 0;
  std::size_t node_ = 0;
  std::set<std::pair<OpId, std::string>> written_;
  std::map<std::string, std::vector<Attr>> parameters_;
};

}  // namespace

void verify(const Program& p) { Verifier(p).run(); }

}  // namespace monograph::ir
