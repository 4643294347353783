// Runs one operation on columns given in the test: type rule, then evaluation or expansion, with a run that
// records what the operation asked of it.
#pragma once

#include <gtest/gtest.h>
#include <monograph/graph.h>

#include <cstring>
#include <functional>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "host/ops/dispatch.h"
#include "host/ops/op_def.h"

namespace monograph::ops::testing {

inline constexpr double kInf = std::numeric_limits<double>::infinity();
inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ---- values
template <class T>
Value make(Type type, const std::vector<T>& elements) {
  Value v{type, Column(scalar_type_of<T>, static_cast<std::int64_t>(elements.size()))};
  v.type.scalar = scalar_type_of<T>;
  for (std::size_t i = 0; i < elements.size(); ++i)
    v.column.set(static_cast<std::int64_t>(i), Constant::of(static_cast<T>(elements[i])));
  return v;
}
template <class T>
Value nodes(const std::vector<T>& x) {
  return make(nodes_of(ScalarType::F64), x);
}
template <class T>
Value edges(const std::vector<T>& x) {
  return make(edges_of(ScalarType::F64), x);
}
template <class T>
Value fixed(const std::vector<T>& x) {
  return make(fixed_of(ScalarType::F64, static_cast<std::int64_t>(x.size())), x);
}
template <class T>
Value scalar(T x) {
  return make(scalar_of(ScalarType::F64), std::vector<T>{x});
}
template <class T>
std::vector<T> list(const Value& v) {
  const auto s = v.column.span<T>();
  return {s.begin(), s.end()};
}
/// The same bits; all NaNs count as equal.
template <class T>
bool same(T a, T b) {
  return (a != a && b != b) || std::memcmp(&a, &b, sizeof(T)) == 0;
}

// ---- one call
class FakeRun final : public RunContext {
 public:
  FakeRun() = default;
  explicit FakeRun(Graph g) : graph_(std::move(g)) {}
  const Graph& graph() override { return graph_; }
  Constant parameter(std::string_view name) override { return parameters.at(std::string(name)); }
  const Column* attribute(std::string_view name, Domain domain) override {
    return domain == Domain::Nodes ? graph_.node_attribute(name) : graph_.edge_attribute(name);
  }
  void output(std::string_view name, const Value& value, Role role) override {
    outputs[std::string(name)] = {value, role};
  }
  void store(std::string_view name, const Value& value) override { stores[std::string(name)] = value; }
  void begin_iteration(std::int64_t iteration) override { iterations.push_back(iteration); }
  void end_loop(std::int64_t count, bool finished) override { ends.emplace_back(count, finished); }
  std::string loop_context() override { return loop; }

  std::map<std::string, Constant> parameters;
  std::map<std::string, std::pair<Value, Role>> outputs;
  std::map<std::string, Value> stores;
  std::vector<std::int64_t> iterations;
  std::vector<std::pair<std::int64_t, bool>> ends;
  std::string loop;

 private:
  Graph graph_;
};

struct Body {
  RegionType type;
  std::function<std::vector<Value>(std::vector<Value>)> run;
};
/// An attribute by name; text where it is the name of an enumeration's value.
using NamedAttrs = std::vector<std::pair<std::string, Attr>>;
using Operands = std::vector<std::optional<Value>>;

inline Attr read_attr(const AttrSpec& spec, const Attr& given) {
  const auto* text = std::get_if<std::string>(&given);
  if (spec.kind != AttrKind::Enum || !text) return given;
  for (std::size_t i = 0; i < spec.names.size(); ++i)
    if (spec.names[i] == *text) return EnumValue{static_cast<std::uint8_t>(i)};
  throw std::logic_error("no value " + *text + " of " + std::string(spec.name));
}

inline std::vector<Attr> attributes(const OpDef& op, const NamedAttrs& named) {
  std::vector<Attr> attrs;
  std::size_t used = 0;
  for (const AttrSpec& spec : op.attrs) {
    attrs.push_back(spec.fallback);
    for (const auto& [name, value] : named)
      if (name == spec.name) attrs.back() = read_attr(spec, value), ++used;
    if (spec.required && attrs.back().index() == 0)
      throw std::logic_error("missing attribute " + std::string(spec.name));
  }
  if (used != named.size()) throw std::logic_error("unknown attribute of " + std::string(op.name));
  return attrs;
}

std::vector<Value> run_all(RunContext& run, OpId id, Operands operands, std::vector<Attr> attrs,
                           const std::vector<Body>& bodies = {});

/// Expands eagerly: every handle is a value already computed by the operations below.
class EagerExpansion final : public Expansion {
 public:
  explicit EagerExpansion(RunContext& run) : run_(run) {}
  Handle add(Value v) { return values_.push_back(std::move(v)), static_cast<Handle>(values_.size() - 1); }
  const Value& value(Handle h) const { return values_.at(h); }
  Type type(Handle h) const override { return values_.at(h).type; }
  Handle constant(Constant c) override {
    Value v{scalar_of(c.type), Column(c.type, 1)};
    v.column.set(0, c);
    return add(std::move(v));
  }
  Handle op(OpId id, std::vector<std::optional<Handle>> operands, std::vector<Attr> attrs) override {
    Operands in;
    for (const auto& h : operands) in.push_back(h ? std::optional(values_.at(*h)) : std::nullopt);
    return add(run_all(run_, id, std::move(in), std::move(attrs)).at(0));
  }

 private:
  RunContext& run_;
  std::vector<Value> values_;
};

inline std::vector<Value> expand_all(RunContext& run, const OpDef& op, const Operands& operands,
                                     const std::vector<Attr>& attrs) {
  EagerExpansion e(run);
  std::vector<std::optional<Expansion::Handle>> handles;
  for (const auto& v : operands) handles.push_back(v ? std::optional(e.add(*v)) : std::nullopt);
  return {e.value(op.expand(e, handles, attrs))};
}

inline std::vector<Value> run_all(RunContext& run, OpId id, Operands operands, std::vector<Attr> attrs,
                                  const std::vector<Body>& bodies) {
  const OpDef& op = def(id);
  while (operands.size() < op.operands.size() && op.operands[operands.size()].kind == OperandKind::Optional)
    operands.emplace_back();
  std::vector<std::optional<Type>> types;
  std::vector<const Value*> pointers;
  for (const auto& v : operands) {
    types.push_back(v ? std::optional(v->type) : std::nullopt);
    pointers.push_back(v ? &*v : nullptr);
  }
  std::vector<RegionType> regions;
  for (const Body& b : bodies) regions.push_back(b.type);
  const Location here{.file = "here.cpp", .line = 7};
  const auto inferred =
      op.infer({.op = op, .operands = types, .attrs = attrs, .regions = regions, .where = here});

  std::vector<Value> results;
  if (op.expand) {
    results = expand_all(run, op, operands, attrs);
  } else {
    for (const Type& t : inferred)
      results.push_back(
          {t, Column(t.scalar, element_count(t, run.graph().node_count(), run.graph().edge_count()))});
    EvalContext c{
        .op = op,
        .operands = pointers,
        .attrs = attrs,
        .results = results,
        .run = run,
        .where = here,
        .region = [&](std::size_t i, std::vector<Value> args) { return bodies.at(i).run(std::move(args)); }};
    if (op.bind) op.bind(run.graph(), c.attrs, here);  // as a session does before anything runs
    op.evaluate(c);
  }
  EXPECT_EQ(results.size(), inferred.size());
  for (std::size_t i = 0; i < results.size(); ++i) {
    EXPECT_EQ(to_string(results[i].type), to_string(inferred[i])) << op.name;
    EXPECT_EQ(results[i].column.type(), inferred[i].scalar) << op.name;
    EXPECT_EQ(results[i].column.size(),
              element_count(inferred[i], run.graph().node_count(), run.graph().edge_count()));
  }
  return results;
}

/// Runs an operation that has one result.
inline Value run(RunContext& context, OpId id, Operands operands = {}, const NamedAttrs& attrs = {}) {
  return run_all(context, id, std::move(operands), attributes(def(id), attrs)).at(0);
}
inline Value run(OpId id, Operands operands = {}, const NamedAttrs& attrs = {}) {
  FakeRun context;
  return run(context, id, std::move(operands), attrs);
}

/// The message of the error of type E that `f` throws; fails when it throws none.
template <class E, class F>
std::string error_of(F&& f) {
  try {
    f();
  } catch (const E& e) {
    return e.what();
  }
  ADD_FAILURE() << "no error of the expected type";
  return "";
}

// ---- graphs
struct EdgeSpec {
  std::int32_t source, target;
};
inline Graph graph_of(std::int64_t node_count, const std::vector<EdgeSpec>& listed, bool undirected = false) {
  EdgeList edge_list;
  for (const EdgeSpec& e : listed) edge_list.source.push_back(e.source), edge_list.target.push_back(e.target);
  edge_list.ids = NodeIds::dense(node_count);
  edge_list.undirected = undirected;
  return Graph::from_edges(std::move(edge_list));
}

/// Directed and asymmetric: 0 has a double edge to 1, 1 a self-loop, 3 is a sink, 4 isolated, 5 has no
/// entering edge. Edges in CSR order: 0->1 0->1 0->2 1->1 1->3 2->0 2->3 5->2.
inline Graph small_graph() {
  return graph_of(6, {{0, 1}, {0, 1}, {0, 2}, {1, 1}, {1, 3}, {2, 0}, {2, 3}, {5, 2}});
}

}  // namespace monograph::ops::testing
