// ProgramBuilder: parameters, variables, control flow, outputs.
#include <cmath>
#include <limits>

#include "host/ir/recorder.h"

namespace monograph {

using detail::Recorder;

ProgramBuilder::ProgramBuilder(std::string name) : recorder_(std::make_shared<Recorder>(std::move(name))) {}

namespace {

/// A bound given as a number, as a constant of the parameter's type.
ir::Attr bound(const std::optional<double>& value, ScalarType type, const Source& where) {
  if (!value) return {};
  if (type == ScalarType::F64) return Constant::of(*value);
  constexpr double kLimit = 9223372036854775808.0;  // 2^63
  if (!(*value >= -kLimit && *value < kLimit) || *value != std::trunc(*value))
    throw CompileError(
        detail::location(where),
        "core.parameter: expected a whole number as bound of an i64, got " + to_string(Constant::of(*value)));
  return Constant::of(static_cast<std::int64_t>(*value));
}

Value declare_parameter(Recorder& r, const std::string& name, Constant fallback, const ParameterOptions& o,
                        const Source& where) {
  return r.emit("core.parameter", {},
                {{"name", name},
                 {"default", fallback},
                 {"minimum", bound(o.minimum, fallback.type, where)},
                 {"maximum", bound(o.maximum, fallback.type, where)},
                 {"doc", o.doc}},
                where);
}

}  // namespace

Value ProgramBuilder::parameter(const std::string& name, double fallback, const ParameterOptions& o,
                                Source where) {
  return declare_parameter(*recorder_, name, Constant::of(fallback), o, where);
}
Value ProgramBuilder::parameter(const std::string& name, std::int64_t fallback, const ParameterOptions& o,
                                Source where) {
  return declare_parameter(*recorder_, name, Constant::of(fallback), o, where);
}
Value ProgramBuilder::parameter(const std::string& name, int fallback, const ParameterOptions& o,
                                Source where) {
  return parameter(name, std::int64_t{fallback}, o, where);
}
Value ProgramBuilder::parameter(const std::string& name, bool fallback, const ParameterOptions& o,
                                Source where) {
  if (o.minimum || o.maximum)
    throw CompileError(detail::location(where), "core.parameter: expected no bounds on a bool, got some");
  return declare_parameter(*recorder_, name, Constant::of(fallback), o, where);
}
Value ProgramBuilder::node_parameter(const std::string& name, const std::string& doc, Source where) {
  return recorder_->emit("core.parameter", {},
                         {{"name", name},
                          {"default", Constant::of(std::int32_t{0})},
                          {"role", ops::EnumValue{static_cast<std::uint8_t>(ops::Role::Node)}},
                          {"doc", doc}},
                         where);
}

Value ProgramBuilder::constant(Constant value, Source where) { return recorder_->constant(value, where); }
Value ProgramBuilder::constant(const Operand& value) { return recorder_->value(value); }
Value ProgramBuilder::iota(std::int64_t length, Source where) {
  return recorder_->emit("core.iota", {}, {{"length", length}}, where);
}
Variable ProgramBuilder::variable(const Operand& initial) {
  return Variable(recorder_, recorder_->declare(initial));
}

LoopResult ProgramBuilder::loop(const Operand& count, const Body& body) {
  return recorder_->loop({.go = recorder_->constant(Constant::of(true), count.where()),
                          .max_iterations = recorder_->count_value(count),
                          .body = body,
                          .again = {}},
                         count.where());
}

LoopResult ProgramBuilder::while_loop(const std::function<Value()>& condition, const Operand& max_iterations,
                                      const Body& body, Source where) {
  const auto again = [&] { return recorder_->condition(condition); };
  const Value go = again();
  return recorder_->loop(
      {.go = go, .max_iterations = recorder_->count_value(max_iterations), .body = body, .again = again},
      where);
}

LoopResult ProgramBuilder::until_converged(const Variable& variable, const ConvergenceOptions& o,
                                           const Body& body, Source where) {
  if (o.check_every < 1)
    throw CompileError(detail::location(where), "until_converged: expected check_every of at least 1, got " +
                                                    std::to_string(o.check_every));
  Value before;
  const auto at = [&](const auto& x) { return Operand(x, where); };
  const auto moved_enough = [&] {
    const auto real = [&](const Value& v) { return is_float(v.type().scalar) ? v : as_f64(at(v)); };
    const Value change = norm(at(sub(at(real(variable)), at(real(before)))), o.norm);
    const Value tolerance = recorder_->value(o.tolerance, change.type().scalar);
    return logical_not(at(lt(at(change), at(tolerance))));  // a NaN change goes on: it has not converged
  };
  const auto again = [&] {
    if (o.check_every == 1) return moved_enough();
    Variable go = this->variable(at(true));
    const Value next = add(at(iteration(where)), at(1));
    recorder_->branch(at(eq(at(safe_mod(at(next), at(o.check_every))), at(0))),
                      [&] { go = at(moved_enough()); }, {});
    return go.value();
  };
  const Body body_and_before = [&] {
    before = variable.value();
    body();
  };
  return recorder_->loop({.go = recorder_->constant(Constant::of(true), where),
                          .max_iterations = recorder_->count_value(o.max_iterations),
                          .body = body_and_before,
                          .again = again},
                         where);
}

void ProgramBuilder::if_else(const Operand& condition, const Body& then_body, const Body& else_body) {
  recorder_->branch(condition, then_body, else_body);
}
void ProgramBuilder::break_if(const Operand& condition) { recorder_->escape(condition, true, "break_if"); }
void ProgramBuilder::continue_if(const Operand& condition) {
  recorder_->escape(condition, false, "continue_if");
}
Value ProgramBuilder::iteration(Source where) { return recorder_->iteration(where); }

void ProgramBuilder::check(const Operand& bad, const std::string& what) {
  recorder_->emit("control.check", {{"bad", bad}}, {{"what", what}}, bad.where());
}
void ProgramBuilder::output(const std::string& name, const Operand& x) {
  recorder_->emit("attr.output", {{"x", x}}, {{"name", name}}, x.where());
}
void ProgramBuilder::output_nodes(const std::string& name, const Operand& x) {
  recorder_->emit("attr.output", {{"x", x}},
                  {{"name", name}, {"role", ops::EnumValue{static_cast<std::uint8_t>(ops::Role::Node)}}},
                  x.where());
}
void ProgramBuilder::store_node(const std::string& name, const Operand& x) {
  recorder_->emit("attr.store_node", {{"x", x}}, {{"name", name}}, x.where());
}
void ProgramBuilder::store_edge(const std::string& name, const Operand& x) {
  recorder_->emit("attr.store_edge", {{"x", x}}, {{"name", name}}, x.where());
}

Program ProgramBuilder::build(Source where) { return Program(recorder_->build(where)); }

}  // namespace monograph
