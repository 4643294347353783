// Runs a region by the definitions of its operations.
#pragma once

#include <deque>
#include <map>

#include "host/ir/evaluation.h"
#include "host/ops/op_def.h"
#include "support.h"

namespace monograph::test {

using Values = std::vector<ops::Value>;

/// What a run has to answer for a straight-line region: its graph and parameters.
class RegionRun : public ops::RunContext {
 public:
  explicit RegionRun(Graph g) : graph_(std::move(g)) {}
  const Graph& graph() override { return graph_; }
  Constant parameter(std::string_view name) override { return parameters.at(std::string(name)); }
  const Column* attribute(std::string_view, Domain) override { return nullptr; }
  void output(std::string_view, const ops::Value&, ops::Role) override {}
  void store(std::string_view, const ops::Value&) override {}
  void begin_iteration(std::int64_t) override {}
  void end_loop(std::int64_t, bool) override {}
  std::string loop_context() override { return {}; }
  std::int64_t count(const Type& t) const {
    return ops::element_count(t, graph_.node_count(), graph_.edge_count());
  }

  std::map<std::string, Constant> parameters;

 private:
  Graph graph_;
};

/// The definition of truth: each node by its OpDef::evaluate.
inline Values evaluate(const ir::Region& region, const Values& args, RegionRun& run) {
  std::deque<ops::Value> values;
  const auto at = [&](ir::ValueId v) { return v.is_argument() ? &args[v.result] : &values[v.node]; };
  for (const ir::Node& n : region.nodes) {
    ops::Value result{n.results[0], Column(n.results[0].scalar, run.count(n.results[0]))};
    std::vector<const ops::Value*> operands;
    for (ir::ValueId v : n.operands) operands.push_back(v.is_none() ? nullptr : at(v));
    ops::EvalContext c = ir::evaluation_of(n, operands, {&result, 1}, run);
    ops::def(n.op).evaluate(c);
    values.push_back(std::move(result));
  }
  Values results;
  for (ir::ValueId v : region.results) results.push_back(*at(v));
  return results;
}

inline bool is_nan(const Constant& c) {
  return (c.type == ScalarType::F64 && c.as<double>() != c.as<double>()) ||
         (c.type == ScalarType::F32 && c.as<float>() != c.as<float>());
}

/// Bit for bit; all NaNs are one.
inline ::testing::AssertionResult same_bits(const Column& expected, const Column& got) {
  if (expected.type() != got.type() || expected.size() != got.size())
    return ::testing::AssertionFailure() << "another type or size";
  for (std::int64_t i = 0; i < expected.size(); ++i) {
    const Constant e = expected.at(i), g = got.at(i);
    if (e != g && !(is_nan(e) && is_nan(g)))
      return ::testing::AssertionFailure()
             << "element " << i << ": expected " << to_string(e) << ", got " << to_string(g);
  }
  return ::testing::AssertionSuccess();
}

}  // namespace monograph::test
