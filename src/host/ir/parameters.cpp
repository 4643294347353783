#include <algorithm>

#include "host/ir/program.h"

namespace monograph::ir {
namespace {

const Attr& attribute(const Node& n, std::string_view name) {
  const auto specs = ops::def(n.op).attrs;
  const auto it = std::find_if(specs.begin(), specs.end(), [&](const auto& s) { return s.name == name; });
  return n.attrs[static_cast<std::size_t>(it - specs.begin())];
}

std::vector<Constant> bound(const Attr& a) {
  const auto* c = std::get_if<Constant>(&a);
  return c ? std::vector<Constant>{*c} : std::vector<Constant>{};
}

ParameterDecl declaration(const Node& n) {
  const auto* doc = std::get_if<std::string>(&attribute(n, "doc"));
  return {.name = std::get<std::string>(attribute(n, "name")),
          .fallback = std::get<Constant>(attribute(n, "default")),
          .minimum = bound(attribute(n, "minimum")),
          .maximum = bound(attribute(n, "maximum")),
          .role = static_cast<ops::Role>(std::get<ops::EnumValue>(attribute(n, "role")).index),
          .doc = doc ? *doc : ""};
}

void collect(const Program& p, const Region& r, std::vector<ParameterDecl>& all) {
  for (const Node& n : r.nodes) {
    for (RegionIndex child : n.regions) collect(p, p.regions[child], all);
    if (n.op != OpId::Parameter) continue;
    ParameterDecl d = declaration(n);
    const auto same = [&](const ParameterDecl& other) { return other.name == d.name; };
    if (std::none_of(all.begin(), all.end(), same)) all.push_back(std::move(d));
  }
}

}  // namespace

std::vector<ParameterDecl> parameters(const Program& p) {
  std::vector<ParameterDecl> all;
  collect(p, p.entry(), all);
  return all;
}

}  // namespace monograph::ir
