// The functions of monograph/program.h: each names an operation and hands its operands to the recorder.
#include <limits>

#include "host/ir/recorder.h"

namespace monograph {

using detail::Recorder;
using ops::EnumValue;

namespace {

template <class E>
ir::Attr choice(E e) {
  return EnumValue{static_cast<std::uint8_t>(e)};
}

Value scalar_op(ops::ScalarOp op, std::initializer_list<const Operand*> operands, ir::Attr attr = {}) {
  std::vector<Operand> list;
  for (const Operand* x : operands) list.push_back(*x);
  return Recorder::of(operands).scalar(op, list, std::move(attr));
}

Value reduction(std::string_view op, const Operand& x, const detail::NamedAttrs& attrs = {}) {
  return Recorder::of({&x}).emit(op, {{"x", x}}, attrs, x.where());
}

/// Bool operands take the logical operation, integers the bitwise one.
Value bit_or_logical(ops::ScalarOp logical, ops::ScalarOp bitwise, const Operand& a, const Operand& b) {
  const auto is_bool = [](const Operand& x) {
    const auto* v = std::get_if<Value>(&x.content());
    return v ? v->type().scalar == ScalarType::Bool : std::holds_alternative<bool>(x.content());
  };
  return scalar_op(is_bool(a) || is_bool(b) ? logical : bitwise, {&a, &b});
}

/// idiv and mod: the total operation beside a check of the divisor.
Value checked_division(ops::ScalarOp op, std::string_view name, const Operand& a, const Operand& b) {
  Recorder& r = Recorder::of({&a, &b});
  const auto* typed = std::get_if<Value>(&a.content());
  const Value divisor = r.value(b, typed ? std::optional(typed->type().scalar) : std::nullopt);
  const Operand d(divisor, b.where());
  r.emit("control.check", {{"bad", d == Operand(0, b.where())}},
         {{"what", std::string(name) + ": division by zero"}}, a.where());
  return scalar_op(op, {&a, &d});
}

}  // namespace

Operand::Operand(const Variable& v, Source where)
    : content_(v.recorder_->read(v.index_, detail::location(where))), where_(where) {}

Variable& Variable::operator=(const Operand& value) {
  recorder_->assign(index_, value);
  return *this;
}

Variable& Variable::operator=(const Variable& other) { return *this = Operand(other.value()); }

Value Variable::value() const { return recorder_->read(index_); }

void swap(Variable& a, Variable& b) {
  const Value old = a;
  a = Operand(b);
  b = Operand(old);
}

// ------------------------------------------------------------------------------------------------------
// element-wise

#define MONOGRAPH_IMPL_1_Same(Kind, ident) \
  Value ident(const Operand& a) { return scalar_op(ops::ScalarOp::Kind, {&a}); }
#define MONOGRAPH_IMPL_1_Bool MONOGRAPH_IMPL_1_Same
#define MONOGRAPH_IMPL_1_Sibling MONOGRAPH_IMPL_1_Same
#define MONOGRAPH_IMPL_1_Target(Kind, ident) \
  Value ident(const Operand& a, ScalarType to) { return scalar_op(ops::ScalarOp::Kind, {&a}, scalar_of(to)); }
#define MONOGRAPH_IMPL_2_Same(Kind, ident) \
  Value ident(const Operand& a, const Operand& b) { return scalar_op(ops::ScalarOp::Kind, {&a, &b}); }
#define MONOGRAPH_IMPL_2_Bool MONOGRAPH_IMPL_2_Same
#define MONOGRAPH_IMPL_2_Real MONOGRAPH_IMPL_2_Same
#define MONOGRAPH_IMPL_2_F64 MONOGRAPH_IMPL_2_Same
#define MONOGRAPH_IMPL_3_Same(Kind, ident)                            \
  Value ident(const Operand& a, const Operand& b, const Operand& c) { \
    return scalar_op(ops::ScalarOp::Kind, {&a, &b, &c});              \
  }
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity, operands, allowed, result, ...) \
  MONOGRAPH_IMPL_##arity##_##result(Kind, ident)
#include <monograph/scalar_ops.def>

Value idiv(const Operand& a, const Operand& b) { return checked_division(ops::ScalarOp::Idiv, "idiv", a, b); }
Value mod(const Operand& a, const Operand& b) { return checked_division(ops::ScalarOp::Mod, "mod", a, b); }
Value as_f64(const Operand& a) { return cast(a, ScalarType::F64); }
Value as_f32(const Operand& a) { return cast(a, ScalarType::F32); }
Value as_i64(const Operand& a) { return cast(a, ScalarType::I64); }
Value as_i32(const Operand& a) { return cast(a, ScalarType::I32); }
Value operator&(const Operand& a, const Operand& b) {
  return bit_or_logical(ops::ScalarOp::And, ops::ScalarOp::BitAnd, a, b);
}
Value operator|(const Operand& a, const Operand& b) {
  return bit_or_logical(ops::ScalarOp::Or, ops::ScalarOp::BitOr, a, b);
}
Value operator^(const Operand& a, const Operand& b) {
  return bit_or_logical(ops::ScalarOp::Xor, ops::ScalarOp::BitXor, a, b);
}

// --------------------------------------------------------------------------------------------------------
// reductions

Value reduce(const Operand& x, Monoid monoid) {
  return reduction("core.reduce", x, {{"monoid", choice(monoid)}});
}
Value sum(const Operand& x) { return reduce(x, Monoid::Sum); }
Value prod(const Operand& x) { return reduce(x, Monoid::Prod); }
Value reduce_min(const Operand& x) { return reduce(x, Monoid::Min); }
Value reduce_max(const Operand& x) { return reduce(x, Monoid::Max); }
Value any(const Operand& x) { return reduce(x, Monoid::Any); }
Value all(const Operand& x) { return reduce(x, Monoid::All); }
Value count(const Operand& x) { return reduction("core.count", x); }
Value argmin(const Operand& x) { return reduction("core.argmin", x); }
Value argmax(const Operand& x) { return reduction("core.argmax", x); }
Value mean(const Operand& x) { return reduction("core.mean", x); }
Value variance(const Operand& x) { return reduction("core.variance", x); }
Value std_dev(const Operand& x) { return reduction("core.std", x); }
Value norm_l1(const Operand& x) { return reduction("core.norm_l1", x); }
Value norm_l2(const Operand& x) { return reduction("core.norm_l2", x); }
Value norm_max(const Operand& x) { return reduction("core.norm_max", x); }
Value norm(const Operand& x, Norm which) {
  return which == Norm::L1 ? norm_l1(x) : which == Norm::L2 ? norm_l2(x) : norm_max(x);
}
Value normalize(const Operand& x, Normalize mode) {
  return reduction("core.normalize", x, {{"mode", choice(mode)}});
}
Value standardize(const Operand& x) { return reduction("core.standardize", x); }

// ---------------------------------------------------------------------------------------------------------
// the graph

Value GraphRef::node_count(Source where) const { return recorder_->emit("core.node_count", {}, {}, where); }
Value GraphRef::edge_count(Source where) const { return recorder_->emit("core.edge_count", {}, {}, where); }
Value GraphRef::node_index(Source where) const { return recorder_->emit("core.node_index", {}, {}, where); }
Value GraphRef::edge_src(Source where) const { return recorder_->emit("graph.edge_src", {}, {}, where); }
Value GraphRef::edge_dst(Source where) const { return recorder_->emit("graph.edge_dst", {}, {}, where); }

Value GraphRef::full(const Operand& x) const {
  const Value v = recorder_->value(x);
  return recorder_->emit("core.broadcast", {{"x", Operand(v, x.where())}},
                         {{"over", nodes_of(v.type().scalar)}}, x.where());
}

Value GraphRef::full_edges(const Operand& x) const {
  const Value v = recorder_->value(x);
  return recorder_->emit("core.broadcast", {{"x", Operand(v, x.where())}},
                         {{"over", edges_of(v.type().scalar)}}, x.where());
}

Value GraphRef::degree(Direction direction, Source where) const {
  return recorder_->emit("graph.degree", {}, {{"direction", choice(direction)}}, where);
}

Value GraphRef::degree(Direction direction, const Operand& weights) const {
  return recorder_->emit("graph.degree", {{"weights", weights}}, {{"direction", choice(direction)}},
                         weights.where());
}

Value GraphRef::gather_src(const Operand& x) const {
  return recorder_->emit("graph.gather_src", {{"x", x}}, {}, x.where());
}
Value GraphRef::gather_dst(const Operand& x) const {
  return recorder_->emit("graph.gather_dst", {{"x", x}}, {}, x.where());
}

Value GraphRef::reduce_edges(const Operand& e, EdgeEnd at, Monoid monoid, std::optional<Operand> fill) const {
  return recorder_->emit("graph.reduce_edges", {{"e", e}, {"fill", fill}},
                         {{"at", choice(at)}, {"monoid", choice(monoid)}}, e.where());
}

Value GraphRef::neighbor_agg(const Operand& x, Aggregate aggregate, const AggregateOptions& o) const {
  return recorder_->emit(
      "graph.neighbor_agg", {{"x", x}, {"weights", o.weights}, {"fill", o.fill}},
      {{"agg", choice(aggregate)}, {"direction", choice(o.direction)}, {"include_self", o.include_self}},
      x.where());
}

Value GraphRef::neighbor_mode(const Operand& labels, const ModeOptions& o) const {
  return recorder_->emit(
      "graph.neighbor_mode", {{"labels", labels}, {"weights", o.weights}},
      {{"direction", choice(o.direction)}, {"ties", choice(o.ties)}, {"include_self", o.include_self}},
      labels.where());
}

namespace {
Value load(Recorder& r, std::string_view op, const std::string& name, ScalarType type,
           const std::optional<Operand>& fallback, const Source& where) {
  detail::NamedAttrs attrs{{"name", name}, {"type", scalar_of(type)}};
  if (fallback) {
    Constant c;
    const auto& x = fallback->content();
    if (const auto* d = std::get_if<double>(&x); d && is_float(type))
      c = type == ScalarType::F64 ? Constant::of(*d) : Constant::of(static_cast<float>(*d));
    else if (std::holds_alternative<Value>(x))
      throw CompileError(detail::location(fallback->where()),
                         std::string(op) + ": expected a number as default, got a value");
    else {
      const std::string text = std::holds_alternative<bool>(x) ? (std::get<bool>(x) ? "true" : "false")
                               : std::holds_alternative<double>(x)
                                   ? to_string(Constant::of(std::get<double>(x)))
                                   : std::to_string(std::get<std::int64_t>(x));
      if (!parse_constant(text, type, c))
        throw CompileError(detail::location(fallback->where()),
                           std::string(op) + ": expected a default that fits " +
                               std::string(to_string(type)) + ", got " + text);
    }
    attrs.push_back({"default", c});
  }
  return r.emit(op, {}, attrs, where);
}
}  // namespace

Value GraphRef::load_node(const std::string& name, ScalarType type, std::optional<Operand> fallback,
                          Source where) const {
  return load(*recorder_, "attr.load_node", name, type, fallback, where);
}
Value GraphRef::load_edge(const std::string& name, ScalarType type, std::optional<Operand> fallback,
                          Source where) const {
  return load(*recorder_, "attr.load_edge", name, type, fallback, where);
}

Value take(const Operand& x, const Operand& index) {
  Recorder& r = Recorder::of({&x, &index});
  const Operand i(r.value(index), index.where());  // a number is an index, whatever x holds
  return r.emit("graph.take", {{"x", x}, {"index", i}}, {}, x.where());
}
Value scatter_reduce(const Operand& x, const Operand& index, Monoid monoid) {
  Recorder& r = Recorder::of({&x, &index});
  const Operand i(r.value(index), index.where());
  return r.emit("graph.scatter_reduce", {{"x", x}, {"index", i}}, {{"monoid", choice(monoid)}}, x.where());
}

}  // namespace monograph
