// monograph::Program: the public face of an ir::Program.
#include <monograph/program.h>

#include "host/ir/program.h"

namespace monograph {

Program::Program(ir::Program program) : program_(std::make_shared<const ir::Program>(std::move(program))) {}

const std::string& Program::name() const { return program_->name; }

std::vector<ParameterInfo> Program::parameters() const {
  std::vector<ParameterInfo> out;
  const auto bound = [](const std::vector<Constant>& c) {
    return c.empty() ? std::nullopt : std::optional(c[0]);
  };
  for (const ir::ParameterDecl& d : ir::parameters(*program_))
    out.push_back({.name = d.name,
                   .fallback = d.fallback,
                   .minimum = bound(d.minimum),
                   .maximum = bound(d.maximum),
                   .is_node = d.role == ops::Role::Node,
                   .doc = d.doc});
  return out;
}

std::vector<OutputInfo> Program::outputs() const {
  std::vector<OutputInfo> out;
  const auto op = ops::find_op("attr.output");
  const ir::Region& entry = program_->entry();
  for (const ir::Node& n : entry.nodes)
    if (n.op == op)
      out.push_back(
          {.name = std::get<std::string>(n.attrs[0]),
           .type = ir::type_of(entry, n.operands[0]),
           .is_node = std::get<ops::EnumValue>(n.attrs[1]).index == static_cast<int>(ops::Role::Node)});
  return out;
}

std::string Program::hash() const { return ir::hash(*program_).text(); }
std::string Program::to_text(bool with_locations) const { return ir::print(*program_, with_locations); }
Program Program::from_text(std::string_view text, const std::string& file) {
  return Program(ir::parse(text, file, ir::Places::Keep));
}
std::string Program::to_json() const { return ir::to_json(*program_); }
Program Program::from_json(std::string_view text, const std::string& file) {
  return Program(ir::from_json(text, file, ir::Places::Keep));
}
bool operator==(const Program& a, const Program& b) { return *a.program_ == *b.program_; }

}  // namespace monograph
