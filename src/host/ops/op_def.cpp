#include "host/ops/op_def.h"

#include <algorithm>
#include <array>
#include <deque>
#include <string>
#include <unordered_map>

#include "host/base/nearest.h"

namespace monograph::ops {

#define MONOGRAPH_OP(Kind, symbol) extern const OpDef symbol;
#include "host/ops/op_list.def"

namespace {

constexpr OperandSpec kOperands[] = {{"a", "first operand"}, {"b", "second operand"}, {"c", "third operand"}};
constexpr AttrSpec kCastAttrs[] = {
    {.name = "to", .kind = AttrKind::Type, .doc = "the element type to convert to"}};

/// The domain of an element-wise result: columns agree, scalars broadcast.
Type join_domains(const InferContext& c) {
  Type joined = scalar_of(c.operand(0).scalar);
  std::size_t from = 0;
  for (std::size_t i = 0; i < c.operands.size(); ++i) {
    const Type& t = c.operand(i);
    if (t.domain == Domain::Scalar) continue;
    if (joined.domain != Domain::Scalar && with_scalar(joined, t.scalar) != t)
      c.fail("operands over the same domain (a scalar broadcasts; gather_src/gather_dst turn [V] into [E])",
             to_string(c.operand(from)) + " and " + to_string(t));
    if (joined.domain == Domain::Scalar) joined = t, from = i;
  }
  return joined;
}

/// T of the row: the one type of all operands (but the condition of `where`).
ScalarType operand_type(const InferContext& c, const ScalarInfo& row) {
  const std::size_t first = row.operands == Operands::Select ? 1 : 0;
  const ScalarType t = c.operand(first).scalar;
  if (first == 1 && c.operand(0).scalar != ScalarType::Bool)
    c.fail("a bool condition as operand a", to_string(c.operand(0)));
  for (std::size_t i = first + 1; i < c.operands.size(); ++i)
    if (c.operand(i).scalar != t)
      c.fail("operands of one element type (convert one with cast)",
             to_string(c.operand(first)) + " and " + to_string(c.operand(i)));
  if (!allows(row.allowed, t))
    c.fail("elements of " + std::string(describe(row.allowed)), to_string(c.operand(first)));
  return t;
}

std::vector<Type> infer_scalar(const InferContext& c) {
  const ScalarInfo& row = info(*c.op.scalar);
  const ScalarType t = operand_type(c, row);
  std::optional<ScalarType> target;
  if (row.result == ResultRule::Target) {
    const Type& to = std::get<Type>(c.attrs[0]);
    if (to.domain != Domain::Scalar) c.fail("an element type as attribute to", to_string(to));
    target = to.scalar;
  }
  return {with_scalar(join_domains(c), result_type(row, t, target))};
}

void evaluate_row(EvalContext& c) {
  const ScalarInfo& row = info(*c.op.scalar);
  std::array<ScalarOperand, 3> in;
  for (std::size_t i = 0; i < c.operands.size(); ++i)
    in[i] = {c.in(i).column.data(), c.in(i).type.domain == Domain::Scalar ? 0 : 1};
  const ScalarType t = c.in(row.operands == Operands::Select ? 1 : 0).type.scalar;
  Column& out = c.results[0].column;
  evaluate_scalar(row.op, t, out.type(), std::span(in).first(c.operands.size()), out.data(), out.size());
}

/// All definitions and their names, made once and never changed.
struct Registry {
  std::deque<std::string> names;
  std::deque<OpDef> scalars;
  std::vector<const OpDef*> table;
  std::unordered_map<std::string_view, OpId> by_name;

  Registry() {
#define MONOGRAPH_OP(Kind, symbol) table.push_back(&symbol);
#include "host/ops/op_list.def"
    for (const ScalarInfo& row : scalar_table()) {
      OpDef d{.name = names.emplace_back("core." + std::string(row.name)), .doc = row.doc};
      d.operands = std::span(kOperands).first(static_cast<std::size_t>(row.arity));
      if (row.result == ResultRule::Target) d.attrs = kCastAttrs;
      d.infer = infer_scalar;
      d.evaluate = evaluate_row;
      d.scalar = row.op;
      table.push_back(&scalars.emplace_back(d));
    }
    for (std::size_t i = 0; i < table.size(); ++i) by_name.emplace(table[i]->name, static_cast<OpId>(i));
  }
};

const Registry& registry() {
  static const Registry r;
  return r;
}

}  // namespace

const Type& InferContext::operand(std::size_t i) const {
  if (!has(i))
    fail("operand " + (i < op.operands.size() ? std::string(op.operands[i].name) : std::to_string(i)),
         "nothing");
  return *operands[i];
}

void InferContext::fail(const std::string& expected, const std::string& got) const {
  throw CompileError(where, std::string(op.name) + ": expected " + expected + ", got " + got);
}

void InferContext::expect(bool ok, const std::string& expected, std::size_t i) const {
  const std::string name = i < op.operands.size() ? std::string(op.operands[i].name) : std::to_string(i);
  if (!ok) fail(expected + " as operand " + name, to_string(operand(i)));
}

void EvalContext::fail(const std::string& what) const {
  std::string at = to_string(where);
  throw RuntimeError((at.empty() ? "" : at + ": ") + std::string(op.name) + ": " + what + run.loop_context());
}

Expansion::Handle Expansion::scalar(ScalarOp op_, std::vector<Handle> operands) {
  return op(scalar_id(op_), {operands.begin(), operands.end()});
}

Expansion::Handle Expansion::cast(Handle value, ScalarType to) {
  if (type(value).scalar == to) return value;
  return op(scalar_id(ScalarOp::Cast), {value}, {scalar_of(to)});
}

std::span<const OpDef* const> op_table() { return registry().table; }
const OpDef& def(OpId id) { return *registry().table[static_cast<std::size_t>(id)]; }

std::optional<OpId> find_op(std::string_view name) {
  const auto it = registry().by_name.find(name);
  return it == registry().by_name.end() ? std::nullopt : std::optional(it->second);
}

std::string_view nearest_op(std::string_view name) {
  std::vector<std::string_view> names;
  for (const OpDef* d : op_table()) names.push_back(d->name);
  return base::nearest(name, names);
}

std::optional<Direction> walked(const OpDef& op, std::span<const Attr> attrs) {
  if (!op.walks) return {};
  for (std::size_t i = 0; i < op.attrs.size(); ++i)
    if (op.attrs[i].name == "direction") return static_cast<Direction>(std::get<EnumValue>(attrs[i]).index);
  return Direction::Both;
}

std::int64_t element_count(const Type& t, std::int64_t nodes, std::int64_t edges) {
  switch (t.domain) {
    case Domain::Scalar:
      return 1;
    case Domain::Nodes:
      return nodes;
    case Domain::Edges:
      return edges;
    case Domain::Fixed:
      return t.length;
  }
  return 0;
}

}  // namespace monograph::ops
