// Loops, branches, and the desugaring of break and continue into branches.
#include <algorithm>
#include <set>
#include <utility>

#include "host/ir/recorder.h"

namespace monograph::detail {

using ir::ValueId;

void Recorder::open(Kind kind, const Location& where, std::vector<Type> args) {
  if (stack_.size() > static_cast<std::size_t>(ir::kMaxNesting))
    throw CompileError(where,
                       "expected loops, branches, breaks and continues nested at most " +
                           std::to_string(ir::kMaxNesting) +
                           " deep (each break_if and continue_if nests the rest of its body), got one more");
  const ir::RegionIndex region = builder_.add_region(std::move(args));
  stack_.push_back({.serial = next_serial_++, .kind = kind, .region = region});
  stack_.back().sources.resize(builder_.region(region).args.size());
}

Recorder::Scope Recorder::pop() {
  Scope s = std::move(stack_.back());
  stack_.pop_back();
  return s;
}

/// Variables of outer scopes that were given another value in `s`, in order of declaration.
std::vector<std::uint32_t> Recorder::assigned(const Scope& s) const {
  std::vector<std::uint32_t> out;
  for (const auto& [variable, v] : s.bindings) {
    if (variables_[variable].scope == s.serial) continue;
    const auto entering = s.entering.find(variable);
    if (entering == s.entering.end() || v != ValueId::argument(entering->second)) out.push_back(variable);
  }
  return out;
}

/// Block argument i of the scope's region becomes argument number[i]; the region then has the arguments
/// `args`.
void Recorder::renumber_arguments(const Scope& s, const std::vector<std::uint32_t>& number,
                                  std::vector<Type> args) {
  ir::Region& region = builder_.region(s.region);
  const auto moved = [&](ValueId& v) {
    if (v.is_argument()) v.result = number[v.result];
  };
  for (ir::Node& n : region.nodes) std::for_each(n.operands.begin(), n.operands.end(), moved);
  std::for_each(region.results.begin(), region.results.end(), moved);
  region.args = std::move(args);
}

// ---------------------------------------------------------------------------------------------------------
// branches

void Recorder::finish_branch(ValueId condition, Scope then_scope, Scope else_scope,
                             std::vector<Location> where) {
  std::set<std::uint32_t> changed;
  for (const Scope* s : {&then_scope, &else_scope}) {
    const auto a = assigned(*s);
    changed.insert(a.begin(), a.end());
  }
  std::vector<ValueId> operands{condition};
  std::map<ValueId, std::uint32_t> position;  // one block argument per captured value, in both regions
  const auto argument_for = [&](ValueId source) {
    const auto [it, fresh] = position.emplace(source, static_cast<std::uint32_t>(position.size()));
    if (fresh) operands.push_back(source);
    return it->second;
  };
  std::vector<std::vector<std::uint32_t>> numbers;
  for (Scope* s : {&then_scope, &else_scope}) {
    ir::Region& region = builder_.region(s->region);
    for (std::uint32_t variable : changed) {  // a side that leaves it alone passes it through
      if (!s->bindings.contains(variable)) {
        const ValueId outside = read_in(stack_.size() - 1, variable);
        region.args.push_back(variables_[variable].type);
        s->sources.push_back(outside);
        s->bindings[variable] = ValueId::argument(static_cast<std::uint32_t>(region.args.size() - 1));
      }
      region.results.push_back(s->bindings[variable]);
    }
    std::vector<std::uint32_t>& number = numbers.emplace_back();
    for (ValueId source : s->sources) number.push_back(argument_for(source));
  }
  std::vector<Type> args;
  for (std::size_t i = 1; i < operands.size(); ++i) args.push_back(builder_.type(top().region, operands[i]));
  renumber_arguments(then_scope, numbers[0], args);
  renumber_arguments(else_scope, numbers[1], args);
  ir::Node node{.op = *ops::find_op("control.if"),
                .operands = std::move(operands),
                .attrs = {},
                .regions = {then_scope.region, else_scope.region},
                .results = {},
                .where = std::move(where)};
  const ValueId first = builder_.emit(top().region, std::move(node));
  std::uint32_t result = 0;
  for (std::uint32_t variable : changed) bind(variable, {first.node, result++});
}

void Recorder::branch(const Operand& condition, const std::function<void()>& then_body,
                      const std::function<void()>& else_body) {
  const ValueId c = resolve(value(condition, ScalarType::Bool), condition.where());
  // only those of the loop we are in count, not those of loops inside the branch
  const auto escapes = [&] { return innermost_loop() ? innermost_loop()->escapes : 0; };
  const int before = escapes();
  open(Kind::Branch, location(condition.where()));
  if (then_body) then_body();
  close_guards();
  Scope then_scope = pop();
  open(Kind::Branch, location(condition.where()));
  if (else_body) else_body();
  close_guards();
  Scope else_scope = pop();
  finish_branch(c, std::move(then_scope), std::move(else_scope), {location(condition.where())});
  if (escapes() == before) return;
  // a break or continue inside: whatever follows in this loop's body runs only where it was not taken
  const Value skip = read(*innermost_loop()->skip);
  const ValueId go_on = resolve(logical_not(Operand(skip, condition.where())), condition.where());
  open(Kind::Guard, location(condition.where()));
  top().condition = go_on;
}

void Recorder::close_guards() {
  while (top().kind == Kind::Guard) {
    Scope then_scope = pop();
    const ValueId condition = then_scope.condition;
    open(Kind::Branch, {});
    Scope else_scope = pop();
    finish_branch(condition, std::move(then_scope), std::move(else_scope), {});
  }
}

Recorder::Scope* Recorder::innermost_loop() {
  const auto it =
      std::find_if(stack_.rbegin(), stack_.rend(), [](const Scope& s) { return s.kind == Kind::Loop; });
  return it == stack_.rend() ? nullptr : &*it;
}

void Recorder::escape(const Operand& condition, bool leave, std::string_view what) {
  Scope* loop = &loop_for(condition.where(), what);
  const auto at = static_cast<std::size_t>(loop - stack_.data());
  if (!loop->skip) loop->skip = declare_hidden(at), loop->broken = declare_hidden(at);
  const std::uint32_t skip = *loop->skip, broken = *loop->broken;
  ++loop->escapes;
  const Value c = value(condition, ScalarType::Bool);
  if (c.type() != scalar_of(ScalarType::Bool))
    throw CompileError(
        location(condition.where()),
        std::string(what) + ": expected a bool scalar (any or all of a column), got " + to_string(c.type()));
  bind(skip, resolve(c, condition.where()));
  if (leave) bind(broken, resolve(c, condition.where()));
  const ValueId go_on = resolve(logical_not(Operand(c, condition.where())), condition.where());
  open(Kind::Guard, location(condition.where()));
  top().condition = go_on;
}

// ------------------------------------------------------------------------------------------------------------
// loops

LoopResult Recorder::loop(const Loop& l, const Source& where) {
  open(Kind::Loop, location(where), {scalar_of(ScalarType::I64)});
  l.body();
  close_guards();
  Value again;
  if (top().broken) {
    // the condition is not even looked at after a break: it may hold checks
    const std::uint32_t go = declare(Operand(false, where));
    branch(Operand(logical_not(Operand(read(*top().broken), where)), where),
           [&] { assign(go, Operand(l.again ? l.again() : constant(Constant::of(true), where), where)); },
           {});
    again = read(go);
  } else {
    again = l.again ? l.again() : constant(Constant::of(true), where);
  }
  return finish_loop(l, resolve(again, where), where);
}

LoopResult Recorder::finish_loop(const Loop& l, ValueId again, const Source& where) {
  Scope s = pop();
  const std::vector<std::uint32_t> carried = assigned(s);
  ir::Region& region = builder_.region(s.region);
  const std::vector<Type> old_args = region.args;
  std::vector<std::uint32_t> number(old_args.size(), 0);  // argument 0 is the iteration
  std::vector<Type> args{old_args[0]};
  std::vector<ValueId> operands{resolve(l.go, where), resolve(l.max_iterations, where)};
  std::vector<bool> placed(old_args.size(), false);
  placed[0] = true;
  const auto place = [&](std::uint32_t argument) {
    number[argument] = static_cast<std::uint32_t>(args.size());
    args.push_back(old_args[argument]);
    operands.push_back(s.sources[argument]);
    placed[argument] = true;
  };
  region.results = {again};
  for (std::uint32_t variable : carried) {
    place(s.entering.at(variable));
    region.results.push_back(s.bindings.at(variable));
  }
  for (std::uint32_t i = 0; i < old_args.size(); ++i)
    if (!placed[i]) place(i);
  renumber_arguments(s, number, std::move(args));
  ir::Node node{.op = *ops::find_op("control.while"),
                .operands = std::move(operands),
                .attrs = {static_cast<std::int64_t>(carried.size())},
                .regions = {s.region},
                .results = {},
                .where = {location(where)}};
  const ValueId first = builder_.emit(top().region, std::move(node));
  std::uint32_t result = 0;
  for (std::uint32_t variable : carried) bind(variable, {first.node, result++});
  return {.iterations = wrap({first.node, result}), .finished = wrap({first.node, result + 1})};
}

Recorder::Scope& Recorder::loop_for(const Source& where, std::string_view what) {
  Scope* loop = innermost_loop();
  if (!loop)
    throw CompileError(location(where), std::string(what) + ": expected inside a loop, got it outside");
  if (static_cast<std::size_t>(loop - stack_.data()) < closed_scopes_)
    throw CompileError(location(where),
                       std::string(what) +
                           ": expected in the body of a loop, got it in a condition (keep it in a Variable)");
  return *loop;
}

Value Recorder::iteration(const Source& where) {
  return wrap(ValueId::argument(0), loop_for(where, "iteration"));
}

Value Recorder::condition(const std::function<Value()>& condition) {
  const std::size_t before = std::exchange(closed_scopes_, stack_.size());
  Value v = condition();
  closed_scopes_ = before;
  return v;
}

}  // namespace monograph::detail
