#include "host/ir/program.h"

#include <algorithm>

namespace monograph::ir {
namespace {

void hash_type(base::Hasher& h, const Type& t) {
  h.add(static_cast<std::uint64_t>(t.scalar) | static_cast<std::uint64_t>(t.domain) << 8 |
        std::uint64_t{t.width} << 16 | std::uint64_t{t.graph} << 24);
  h.add(static_cast<std::uint64_t>(t.length));
}

void hash_attr(base::Hasher& h, const Attr& a) {
  h.add(a.index());
  if (const auto* b = std::get_if<bool>(&a))
    h.add(*b);
  else if (const auto* i = std::get_if<std::int64_t>(&a))
    h.add(static_cast<std::uint64_t>(*i));
  else if (const auto* s = std::get_if<std::string>(&a))
    h.add(*s);
  else if (const auto* t = std::get_if<Type>(&a))
    hash_type(h, *t);
  else if (const auto* c = std::get_if<Constant>(&a))
    h.add(static_cast<std::uint64_t>(c->type)), h.add(c->bits);
  else if (const auto* e = std::get_if<ops::EnumValue>(&a))
    h.add(e->index);
}

void hash_value(base::Hasher& h, ValueId v) { h.add(std::uint64_t{v.node} << 32 | v.result); }

void hash_region(base::Hasher& h, const Program& p, RegionIndex index);

void hash_node(base::Hasher& h, const Program& p, const Node& n) {
  h.add(ops::def(n.op).name);  // the name, not the number: adding an operation must not change hashes
  h.add(n.operands.size());
  for (ValueId v : n.operands) hash_value(h, v);
  for (const Attr& a : n.attrs) hash_attr(h, a);
  for (RegionIndex r : n.regions) hash_region(h, p, r);
  for (const Type& t : n.results) hash_type(h, t);
}

void hash_region(base::Hasher& h, const Program& p, RegionIndex index) {
  const Region& r = p.regions[index];
  h.add(r.args.size());
  for (const Type& t : r.args) hash_type(h, t);
  h.add(r.nodes.size());
  for (const Node& n : r.nodes) hash_node(h, p, n);
  h.add(r.results.size());
  for (ValueId v : r.results) hash_value(h, v);
}

}  // namespace

const Type& type_of(const Region& r, ValueId v) {
  return v.is_argument() ? r.args.at(v.result) : r.nodes.at(v.node).results.at(v.result);
}

std::vector<Type> infer(const Program& p, const Region& r, const Node& node) {
  const ops::OpDef& def = ops::def(node.op);
  std::vector<std::optional<Type>> operands;
  for (ValueId v : node.operands)
    operands.push_back(v.is_none() ? std::nullopt : std::optional(type_of(r, v)));
  std::vector<ops::RegionType> regions;
  for (RegionIndex i : node.regions) {
    ops::RegionType t{.args = p.regions.at(i).args, .results = {}};
    for (ValueId v : p.regions[i].results) t.results.push_back(type_of(p.regions[i], v));
    regions.push_back(std::move(t));
  }
  return def.infer(
      {.op = def, .operands = operands, .attrs = node.attrs, .regions = regions, .where = location_of(node)});
}

const Constant* constant_of(const Region& r, ValueId v) {
  if (v.is_none() || v.is_argument() || r.nodes[v.node].op != OpId::Constant) return nullptr;
  return &std::get<Constant>(r.nodes[v.node].attrs[0]);
}

Location location_of(const Node& node) { return node.where.empty() ? Location{} : node.where.front(); }

std::vector<Location> merge(const std::vector<Location>& a, const std::vector<Location>& b) {
  std::vector<Location> all = a;
  all.insert(all.end(), b.begin(), b.end());
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  return all;
}

void add_lines(std::vector<Location>& to, const std::vector<Location>& more) {
  for (const Location& l : more) {
    const auto at = std::lower_bound(to.begin(), to.end(), l);
    if (at == to.end() || *at != l) to.insert(at, l);
  }
}

base::Hash128 hash(const Program& p, RegionIndex region) {
  base::Hasher h;
  hash_region(h, p, region);
  return h.finish();
}

}  // namespace monograph::ir
