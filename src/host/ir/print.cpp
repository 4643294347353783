#include <string>

#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

class Printer {
 public:
  Printer(const Program& p, bool locations) : p_(p), locations_(locations) {}

  std::string run() {
    out_ = "program " + quote(p_.name) + " {\n";
    body(p_.entry(), 1);
    return out_ + "}\n";
  }

 private:
  static std::string indent(int depth) { return std::string(static_cast<std::size_t>(depth) * 2, ' '); }

  std::string value(const Region& r, ValueId v) const {
    if (v.is_argument()) return "%a" + std::to_string(v.result);
    const std::string node = "%" + std::to_string(v.node);
    return r.nodes[v.node].results.size() == 1 ? node : node + ":" + std::to_string(v.result);
  }

  void body(const Region& r, int depth) {
    for (std::size_t i = 0; i < r.nodes.size(); ++i) {
      out_ += indent(depth);
      if (!r.nodes[i].results.empty()) out_ += "%" + std::to_string(i) + " = ";
      node(r, r.nodes[i], depth);
      out_ += "\n";
    }
  }

  void node(const Region& r, const Node& n, int depth) {
    const ops::OpDef& def = ops::def(n.op);
    out_ += def.name;
    operands(r, n, def);
    for (std::size_t i = 0; i < n.attrs.size(); ++i)
      if (!std::holds_alternative<std::monostate>(n.attrs[i]))
        out_ += " " + std::string(def.attrs[i].name) + "=" + attr_text(def.attrs[i], n.attrs[i]);
    if (!n.results.empty()) out_ += " : " + types_text(n.results);
    if (!n.regions.empty()) regions(n, depth);
    if (locations_) where(n);
  }

  void operands(const Region& r, const Node& n, const ops::OpDef& def) {
    const char* separator = " ";
    for (std::size_t i = 0; i < n.operands.size(); ++i) {
      if (n.operands[i].is_none()) continue;
      out_ += separator;
      separator = ", ";
      if (i < fixed_operands(def) && def.operands[i].kind == ops::OperandKind::Optional)
        out_ += std::string(def.operands[i].name) + "=";
      out_ += value(r, n.operands[i]);
    }
  }

  void regions(const Node& n, int depth) {
    out_ += " {\n";
    for (RegionIndex index : n.regions) {
      const Region& r = p_.regions[index];
      out_ += indent(depth + 1) + "(";
      for (std::size_t i = 0; i < r.args.size(); ++i)
        out_ += (i ? ", %a" : "%a") + std::to_string(i) + ": " + to_string(r.args[i]);
      out_ += ") {\n";
      body(r, depth + 2);
      results(r, depth + 2);
      out_ += indent(depth + 1) + "}\n";
    }
    out_ += indent(depth) + "}";
  }

  void results(const Region& r, int depth) {
    if (r.results.empty()) return;
    out_ += indent(depth) + "yield";
    for (std::size_t i = 0; i < r.results.size(); ++i) out_ += (i ? ", " : " ") + value(r, r.results[i]);
    out_ += "\n";
  }

  void where(const Node& n) {
    const char* separator = " @ ";
    for (const Location& l : n.where) {
      out_ += separator + quote(l.file);
      if (l.line || l.column) out_ += ":" + std::to_string(l.line);
      if (l.column) out_ += ":" + std::to_string(l.column);
      separator = ", ";
    }
  }

  const Program& p_;
  bool locations_;
  std::string out_;
};

}  // namespace

std::string print(const Program& p, bool locations) { return Printer(p, locations).run(); }

}  // namespace monograph::ir
