#include "host/ir/recorder.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace monograph::detail {
namespace {

using ir::OpId;
using ir::ValueId;

std::string literal_text(const Operand& x) {
  if (const auto* d = std::get_if<double>(&x.content())) return to_string(Constant::of(*d));
  if (const auto* i = std::get_if<std::int64_t>(&x.content())) return std::to_string(*i);
  return std::get<bool>(x.content()) ? "true" : "false";
}

std::optional<Constant> integer_constant(std::int64_t v, ScalarType t) {
  switch (t) {
    case ScalarType::Bool:
      return std::nullopt;
    case ScalarType::I32:
      if (v < std::numeric_limits<std::int32_t>::min() || v > std::numeric_limits<std::int32_t>::max())
        return std::nullopt;
      return Constant::of(static_cast<std::int32_t>(v));
    case ScalarType::I64:
      return Constant::of(v);
    case ScalarType::F32:
      return Constant::of(static_cast<float>(v));
    case ScalarType::F64:
      return Constant::of(static_cast<double>(v));
  }
  return std::nullopt;
}

/// A number of the user's source as a constant of type `t`; a fraction never becomes an integer.
std::optional<Constant> adapt(const Operand& x, ScalarType t) {
  if (const auto* b = std::get_if<bool>(&x.content()))
    return t == ScalarType::Bool ? std::optional(Constant::of(*b)) : std::nullopt;
  if (const auto* i = std::get_if<std::int64_t>(&x.content())) return integer_constant(*i, t);
  const double d = std::get<double>(x.content());
  if (t == ScalarType::F64) return Constant::of(d);
  if (t == ScalarType::F32) return Constant::of(static_cast<float>(d));
  const bool whole = std::abs(d) < 9.2e18 && d == std::trunc(d);
  return whole ? integer_constant(static_cast<std::int64_t>(d), t) : std::nullopt;
}

ScalarType natural_type(const Operand& x) {
  if (std::holds_alternative<bool>(x.content())) return ScalarType::Bool;
  return std::holds_alternative<std::int64_t>(x.content()) ? ScalarType::I64 : ScalarType::F64;
}

}  // namespace

Location location(const Source& where) { return {where.file_name(), where.line(), where.column()}; }

Recorder::Recorder(std::string name) : builder_(std::move(name)) {
  stack_.push_back({.serial = next_serial_++, .kind = Kind::Entry, .region = 0});
}

Recorder& Recorder::of(std::initializer_list<const Operand*> operands) {
  Recorder* found = nullptr;
  for (const Operand* x : operands) {
    const auto* v = std::get_if<Value>(&x->content());
    if (!v) continue;
    if (found && found != v->recorder_.get())
      throw CompileError(location(x->where()),
                         "expected operands of one program, got values of two builders");
    found = v->recorder_.get();
  }
  if (!found)
    throw CompileError(location((*operands.begin())->where()),
                       "expected at least one value, got only numbers");
  return *found;
}

Value Recorder::wrap(ValueId v, const Scope& scope) {
  Value out;
  out.recorder_ = shared_from_this();
  out.type_ = builder_.type(scope.region, v);
  out.scope_ = scope.serial;
  out.node_ = v.node;
  out.result_ = v.result;
  return out;
}

Value Recorder::wrap(ValueId v) { return wrap(v, top()); }

ValueId Recorder::capture(std::size_t scope, ValueId parent_value) {
  Scope& s = stack_[scope];
  const ir::Region& parent = builder_.region(stack_[scope - 1].region);
  if (const Constant* c = ir::constant_of(parent, parent_value)) {  // cheaper made again than passed in
    const Constant copy = *c;
    return builder_.constant(s.region, copy, parent.nodes[parent_value.node].where);
  }
  const auto known = s.captures.find(parent_value);
  if (known != s.captures.end()) return ValueId::argument(known->second);
  ir::Region& region = builder_.region(s.region);
  region.args.push_back(ir::type_of(parent, parent_value));
  s.sources.push_back(parent_value);
  const auto index = static_cast<std::uint32_t>(region.args.size() - 1);
  s.captures.emplace(parent_value, index);
  return ValueId::argument(index);
}

ValueId Recorder::resolve(const Value& v, const Source& where) {
  if (v.recorder_.get() != this)
    throw CompileError(location(where), "expected a value of this program, got one of another builder");
  std::size_t home = stack_.size();
  while (home > 0 && stack_[home - 1].serial != v.scope_) --home;
  if (home == 0)
    throw CompileError(location(where),
                       "expected a value that is computed here or further out, got one from inside a loop or "
                       "branch that has ended "
                       "(assign it to a Variable there)");
  ValueId id{v.node_, v.result_};
  for (std::size_t s = home; s < stack_.size(); ++s) id = capture(s, id);
  return id;
}

Value Recorder::constant(Constant c, const Source& where) {
  return wrap(builder_.constant(top().region, c, {location(where)}));
}

Value Recorder::value(const Operand& x, std::optional<ScalarType> wanted) {
  if (const auto* v = std::get_if<Value>(&x.content())) return wrap(resolve(*v, x.where()));
  const ScalarType t = wanted.value_or(natural_type(x));
  const auto c = adapt(x, t);
  if (!c)
    throw CompileError(location(x.where()), "expected a number that fits " + std::string(to_string(t)) +
                                                ", got " + literal_text(x));
  return constant(*c, x.where());
}

Value Recorder::count_value(const Operand& x) {
  const Value v = value(x, ScalarType::I64);
  return v.type() == scalar_of(ScalarType::I32)
             ? scalar(ops::ScalarOp::Cast, {Operand(v, x.where())}, scalar_of(ScalarType::I64))
             : v;
}

Value Recorder::emit(std::string_view name, const NamedOperands& operands, const NamedAttrs& attrs,
                     const Source& where) {
  const auto id = ops::find_op(name);
  if (!id) throw InternalError("the DSL names no such operation: " + std::string(name));
  const ops::OpDef& def = ops::def(*id);
  if (def.effect == ops::Effect::Write && stack_.size() != 1)
    throw CompileError(
        location(where),
        std::string(name) + ": expected at the top level of the program, got it inside a loop or branch");
  ir::Node node{.op = *id,
                .operands = std::vector<ValueId>(def.operands.size()),
                .attrs = {},
                .regions = {},
                .results = {},
                .where = {location(where)}};
  for (const ops::AttrSpec& spec : def.attrs) node.attrs.push_back(spec.fallback);
  std::optional<ScalarType> element;  // of the first column: what numbers adapt to
  for (const auto& [operand, x] : operands) {
    const auto spec = std::find_if(def.operands.begin(), def.operands.end(),
                                   [&, wanted = operand](const auto& s) { return s.name == wanted; });
    if (spec == def.operands.end())
      throw InternalError(std::string(name) + " has no operand " + std::string(operand));
    if (!x) continue;
    const Value v = value(*x, element);
    if (!element) element = v.type().scalar;
    node.operands[static_cast<std::size_t>(spec - def.operands.begin())] = resolve(v, x->where());
  }
  for (const auto& [attr, x] : attrs) {
    const auto spec = std::find_if(def.attrs.begin(), def.attrs.end(),
                                   [&, wanted = attr](const auto& s) { return s.name == wanted; });
    if (spec == def.attrs.end())
      throw InternalError(std::string(name) + " has no attribute " + std::string(attr));
    node.attrs[static_cast<std::size_t>(spec - def.attrs.begin())] = x;
  }
  const ValueId v = builder_.emit(top().region, std::move(node));
  if (builder_.region(top().region).nodes[v.node].results.empty()) return {};
  return wrap(v);
}

Value Recorder::scalar(ops::ScalarOp op, const std::vector<Operand>& operands, ir::Attr attr) {
  const ops::ScalarInfo& row = ops::info(op);
  const std::size_t first = row.operands == ops::Operands::Select ? 1 : 0;
  std::optional<ScalarType> element;
  for (std::size_t i = first; i < operands.size() && !element; ++i)
    if (const auto* v = std::get_if<Value>(&operands[i].content())) element = v->type().scalar;
  const bool fraction =
      std::any_of(operands.begin() + static_cast<std::ptrdiff_t>(first), operands.end(),
                  [](const Operand& x) { return std::holds_alternative<double>(x.content()); });
  if (!element)
    element = fraction ? ScalarType::F64 : natural_type(operands[first]);  // where(c, 1, 2.5): all numbers
  std::vector<ValueId> in;
  for (std::size_t i = 0; i < operands.size(); ++i)
    in.push_back(resolve(value(operands[i], i < first ? ScalarType::Bool : *element), operands[i].where()));
  std::vector<ir::Attr> attrs;
  if (!ops::def(ops::scalar_id(op)).attrs.empty()) attrs.push_back(std::move(attr));
  return wrap(builder_.emit(top().region, ops::scalar_id(op), std::move(in), std::move(attrs),
                            {location(operands[0].where())}));
}

// -------------------------------------------------------------------------------------------------------
// variables

std::uint32_t Recorder::declare(const Operand& initial) {
  const Value v = value(initial);
  variables_.push_back({v.type(), top().serial});
  const auto index = static_cast<std::uint32_t>(variables_.size() - 1);
  top().bindings[index] = resolve(v, initial.where());
  return index;
}

std::uint32_t Recorder::declare_hidden(std::size_t scope) {
  Scope& s = stack_[scope];
  variables_.push_back({scalar_of(ScalarType::Bool), s.serial});
  const auto index = static_cast<std::uint32_t>(variables_.size() - 1);
  s.bindings[index] = builder_.constant(s.region, Constant::of(false));
  return index;
}

ValueId Recorder::read_in(std::size_t scope, std::uint32_t variable) {
  Scope& s = stack_[scope];
  const auto bound = s.bindings.find(variable);
  if (bound != s.bindings.end()) return bound->second;
  const ValueId outside = read_in(scope - 1, variable);
  // an argument of its own, not a shared capture: assigned later, it becomes a carried value
  ir::Region& region = builder_.region(s.region);
  region.args.push_back(variables_[variable].type);
  s.sources.push_back(outside);
  const auto index = static_cast<std::uint32_t>(region.args.size() - 1);
  s.entering[variable] = index;
  return s.bindings[variable] = ValueId::argument(index);
}

Value Recorder::read(std::uint32_t variable, const Location& where) {
  const bool open = std::any_of(stack_.begin(), stack_.end(),
                                [&](const Scope& s) { return s.serial == variables_[variable].scope; });
  if (!open)
    throw CompileError(where,
                       "expected a variable that is declared here or further out, got one of a loop or "
                       "branch that has ended");
  return wrap(read_in(stack_.size() - 1, variable));
}

void Recorder::bind(std::uint32_t variable, ValueId v) {
  if (top().serial != variables_[variable].scope)
    read_in(stack_.size() - 1, variable);  // so that it has an argument
  top().bindings[variable] = v;
}

void Recorder::assign(std::uint32_t variable, const Operand& x) {
  const Type& type = variables_[variable].type;
  const Value v = value(x, type.scalar);
  if (v.type() != type)
    throw CompileError(
        location(x.where()),
        "variable: expected " + to_string(type) + " (the type of its first value), got " +
            to_string(v.type()) +
            (v.type().domain == Domain::Scalar ? " (graph.full makes a column of a scalar)" : ""));
  read(variable, location(x.where()));  // reports a variable that is no longer alive
  bind(variable, resolve(v, x.where()));
}

ir::Program Recorder::build(const Source& where) const {
  if (stack_.size() != 1)
    throw CompileError(location(where),
                       "build: expected to be called outside of loops and branches, got it inside one");
  const auto& nodes = builder_.region(0).nodes;
  const bool writes = std::any_of(nodes.begin(), nodes.end(), [](const ir::Node& n) {
    return ops::def(n.op).effect == ops::Effect::Write;
  });
  if (!writes) throw CompileError(location(where), "build: expected at least one output or store, got none");
  ir::Builder copy = builder_;
  return copy.finish();
}

}  // namespace monograph::detail
