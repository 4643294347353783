#include "host/ir/op_docs.h"

#include <array>
#include <vector>

#include "host/ir/syntax.h"

namespace monograph::ir {
namespace {

constexpr std::array<std::string_view, 8> kAccess = {
    "reads no column",
    "works element by element",
    "gathers elements chosen by the graph or an index",
    "scatters to elements chosen by the graph or an index",
    "gives one result per neighbourhood",
    "reads all elements at once",
    "works on whole columns, as a step of its own",
    "runs regions",
};
std::string_view effect_text(ops::Effect effect) {
  switch (effect) {
    case ops::Effect::Pure:
      return "";
    case ops::Effect::Report:
      return " At the top level its course is part of the run's result.";
    case ops::Effect::Check:
      return " May stop the run; keeps its place.";
    case ops::Effect::Write:
      return " Writes a result or an attribute; keeps its place.";
  }
  return "";
}

/// Text inside a table: a bar would end the cell, a line break the row.
std::string cell(std::string_view text) {
  std::string out;
  for (char c : text)
    if (c == '|')
      out += "\\|";
    else
      out += c == '\n' ? ' ' : c;
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& c : cells) out += " " + c + " |";
  return out + "\n";
}

std::string code(std::string_view text) { return "`" + std::string(text) + "`"; }

std::string_view operand_need(ops::OperandKind kind) {
  switch (kind) {
    case ops::OperandKind::Required:
      return "";
    case ops::OperandKind::Optional:
      return "optional, by name";
    case ops::OperandKind::Variadic:
      return "any number";
  }
  return "";
}

std::string kind_text(const ops::AttrSpec& a) {
  constexpr std::array<std::string_view, 6> kNames = {"bool", "integer", "string", "type", "constant", ""};
  return a.kind == ops::AttrKind::Enum ? choices(a.names)
                                       : std::string(kNames[static_cast<std::size_t>(a.kind)]);
}

std::string default_text(const ops::AttrSpec& a) {
  if (a.required) return "required";
  return std::holds_alternative<std::monostate>(a.fallback) ? "none" : code(attr_text(a, a.fallback));
}

std::string operand_table(const ops::OpDef& d) {
  if (d.operands.empty()) return {};
  std::string out = "\n| operand | | meaning |\n|---|---|---|\n";
  for (const ops::OperandSpec& o : d.operands)
    out += row({code(o.name), std::string(operand_need(o.kind)), cell(o.doc)});
  return out;
}

std::string attr_table(const ops::OpDef& d) {
  if (d.attrs.empty()) return {};
  std::string out = "\n| attribute | kind | default | meaning |\n|---|---|---|---|\n";
  for (const ops::AttrSpec& a : d.attrs)
    out += row({code(a.name), cell(kind_text(a)), cell(default_text(a)), cell(a.doc)});
  return out;
}

std::string section(const ops::OpDef& d) {
  std::string out = "\n### " + std::string(d.name) + "\n\n" + std::string(d.doc) + ".\n\n";
  out += "It " + std::string(kAccess[static_cast<std::size_t>(d.access)]) + ".";
  out += effect_text(d.effect);
  if (d.regions > 0) out += " Regions: " + std::to_string(d.regions) + ".";
  if (d.expand) out += " It is defined by its expansion into simpler operations.";
  return out + "\n" + operand_table(d) + attr_table(d);
}

std::string operand_pattern(const ops::ScalarInfo& s) {
  static constexpr std::array<std::string_view, 4> kUniform = {"", "a", "a, b", "a, b, c"};
  return s.operands == ops::Operands::Select ? "a: bool, b, c"
                                             : std::string(kUniform[static_cast<std::size_t>(s.arity)]);
}

std::string result_text(ops::ResultRule rule) {
  switch (rule) {
    case ops::ResultRule::Same:
      return "as the operands";
    case ops::ResultRule::Bool:
      return "bool";
    case ops::ResultRule::Real:
      return "as the operands; f64 for integers";
    case ops::ResultRule::F64:
      return "f64";
    case ops::ResultRule::Target:
      return "attribute `to`";
    case ops::ResultRule::Sibling:
      break;
  }
  return "integer of the float's size, or the reverse";
}

std::string traits_text(unsigned traits) {
  std::string out;
  const auto add = [&](unsigned trait, std::string_view name) {
    if (traits & trait) out += (out.empty() ? "" : ", ") + std::string(name);
  };
  add(ops::Commutative, "commutative");
  add(ops::Associative, "associative");
  add(ops::Idempotent, "idempotent");
  return out;
}

std::string scalar_table_text() {
  std::string out =
      "| operation | operands | elements | result | accuracy | laws | meaning "
      "|\n|---|---|---|---|---|---|---|\n";
  for (const ops::ScalarInfo& s : ops::scalar_table())
    out +=
        row({code("core." + std::string(s.name)), operand_pattern(s), std::string(ops::describe(s.allowed)),
             result_text(s.result), s.accuracy.ulp == 0 ? "exact" : std::to_string(s.accuracy.ulp) + " ulp",
             traits_text(s.traits), cell(s.doc)});
  return out;
}

std::string monoid_text() {
  std::string out = "| monoid | elements | meaning |\n|---|---|---|\n";
  for (const ops::MonoidInfo& m : ops::monoid_table())
    out += row({code(m.name), std::string(ops::describe(m.allowed)), cell(m.doc)});
  return out;
}

}  // namespace

std::string operations_markdown() {
  std::string out =
      "# Operations\n\nGenerated by `monograph list ops --markdown` from the definitions; do not edit.\n\n"
      "Types are written `f64`, `f64[V]` (one element per node), `f64[E]` (per stored edge), `f64[16]` (of "
      "fixed\n"
      "length). `docs/semantics.md` says what they mean; `docs/ir.md` how programs are written.\n\n"
      "## Element by element\n\nOperands are scalars or columns over one domain; a scalar counts for every "
      "element. "
      "All operands have one element\ntype. *exact*: the same bits on every backend.\n\n";
  out += scalar_table_text() + "\n## Monoids\n\n" + monoid_text() + "\n## Primitives\n";
  for (const ops::OpDef* d : ops::op_table())
    if (!d->scalar) out += section(*d);
  return out;
}

}  // namespace monograph::ir
