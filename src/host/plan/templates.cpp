#include "host/plan/templates.h"

#include <monograph/error.h>

#include <algorithm>

#include "host/passes/passes.h"

namespace monograph::plan {
namespace {

/// What a run binds and gives: parameters, attributes and outputs, one line each, in no order.
std::vector<std::string> interface_of(const ir::Program& program) {
  std::vector<std::string> lines;
  const auto name = [](const ir::Node& n) { return " \"" + std::get<std::string>(n.attrs[0]) + "\""; };
  for (const ir::Region& region : program.regions)
    for (const ir::Node& n : region.nodes) {
      std::string line(ops::def(n.op).name);
      switch (n.op) {
        case ir::OpId::Parameter:
          line += name(n) + " of " + to_string(std::get<Constant>(n.attrs[1]));
          break;
        case ir::OpId::Output:
        case ir::OpId::StoreNode:
        case ir::OpId::StoreEdge:
          line += name(n) + " of " + to_string(ir::type_of(region, n.operands[0]));
          break;
        case ir::OpId::LoadNode:
        case ir::OpId::LoadEdge:
          line += name(n) + " of " + to_string(n.results[0]);
          break;
        default:
          continue;
      }
      lines.push_back(std::move(line));
    }
  std::ranges::sort(lines);
  lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
  return lines;
}

std::string difference(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> only;
  std::ranges::set_difference(a, b, std::back_inserter(only));
  return only.empty() ? "nothing else" : only.front();
}

}  // namespace

base::Hash128 canonical_hash(const ir::Program& program) {
  return ir::hash(passes::dce(passes::cse(passes::canonicalise(passes::expand(program)))));
}

void Templates::add(std::string name, const ir::Program& known, ir::Program replacement) {
  ir::verify(known), ir::verify(replacement);
  const std::vector<std::string> asked = interface_of(known), given = interface_of(replacement);
  if (asked != given)
    throw CompileError({}, "template " + name + ": expected a replacement with " + difference(asked, given) +
                               ", found " + difference(given, asked));
  const base::Hash128 key = canonical_hash(known);
  for (const Template& t : all_)
    if (t.known == key)
      throw UsageError("template " + name + ": expected a program without a template, found the one of " +
                       t.name);
  all_.push_back({std::move(name), key, std::move(replacement)});
}

const Template* Templates::match(const ir::Program& program) const {
  if (all_.empty()) return nullptr;
  const auto found = std::ranges::find(all_, canonical_hash(program), &Template::known);
  return found == all_.end() ? nullptr : &*found;
}

}  // namespace monograph::plan
