// Runs a region two ways: by the definitions of its operations, and as a kernel through the shim.
#pragma once

#include <cstring>
#include <deque>
#include <map>
#include <memory>

#include "host/codegen/cuda_text.h"
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

/// The parameters of one launch, in the kernel's order.
class Arguments {
 public:
  Arguments(const codegen::KernelText& kernel, const Values& args, Values& results, RegionRun& run) {
    const Adjacency rows = kernel.direction == ops::Direction::In ? run.graph().in() : run.graph().out();
    for (const codegen::KernelParameter& p : kernel.parameters) add(p, args, results, rows, run, kernel);
    for (auto& slot : slots_) pointers_.push_back(slot.get());
  }
  std::span<void* const> pointers() const { return pointers_; }

 private:
  template <class T>
  void push(T value) {
    slots_.push_back(std::make_unique<std::uint64_t>(0));
    std::memcpy(slots_.back().get(), &value, sizeof value);
  }
  void push_constant(const Constant& c) { push(c.bits); }  // little endian: the low bytes come first

  void add(const codegen::KernelParameter& p, const Values& args, Values& results, const Adjacency& rows,
           RegionRun& run, const codegen::KernelText& kernel) {
    using Kind = codegen::KernelParameter::Kind;
    switch (p.kind) {
      case Kind::Argument:
        if (args[p.index].type.domain == Domain::Scalar) return push_constant(args[p.index].column.at(0));
        return push(args[p.index].column.data());
      case Kind::Result:
        return push(results[p.index].column.data());
      case Kind::Scalar:
        return push_constant(run.parameter(p.name));
      case Kind::NodeCount:
        return push(run.graph().node_count());
      case Kind::EdgeCount:
        return push(run.graph().edge_count());
      case Kind::Count:
        return push(run.count(kernel.domain));
      case Kind::RowOffsets:
        return push(rows.offsets.data());
      case Kind::Neighbors:
        return push(rows.neighbors.data());
      case Kind::EdgePositions:
        return push(rows.edges.empty() ? nullptr : rows.edges.data());
    }
  }

  std::vector<std::unique_ptr<std::uint64_t>> slots_;
  std::vector<void*> pointers_;
};

/// The same region as a kernel of `module`; results start as garbage, so that what is not written shows.
inline Values launch(const simt::Module& module, const codegen::KernelText& kernel, const ir::Region& region,
                     const Values& args, RegionRun& run, std::uint64_t seed) {
  Values results;
  for (ir::ValueId v : region.results) {
    const Type& t = ir::type_of(region, v);
    results.push_back({t, Column(t.scalar, run.count(t))});
    const auto bytes = static_cast<std::size_t>(results.back().column.bytes());
    if (bytes) std::memset(results.back().column.data(), 0x5a, bytes);
  }
  const Arguments arguments(kernel, args, results, run);
  const auto blocks = static_cast<unsigned>(std::min<std::int64_t>(run.count(kernel.domain) / 256 + 1, 3));
  simt::Emulator emulator;
  const auto ended = emulator.launch(module.kernel(kernel.name), {.grid = {blocks, 1, 1},
                                                                  .block = {kernel.block_threads, 1, 1},
                                                                  .arguments = arguments.pointers(),
                                                                  .seed = seed,
                                                                  .resident_blocks = 2});
  EXPECT_TRUE(ended.ok()) << ended.error;
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
