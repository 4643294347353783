// A plan on a fake device: built, and executed node by node. Control kernels run through the shim, steps by
// the definitions of their operations.
#pragma once

#include <monograph/algorithms.h>
#include <monograph/error.h>
#include <monograph/session.h>

#include <cstring>

#include "codegen/region_runner.h"
#include "cuda/fake_runtime.h"
#include "host/codegen/device_step.h"
#include "host/cuda/plan_graph.h"
#include "host/plan/compile.h"

namespace monograph::test {

using plan::Step;

inline const simt::Module& control_module() {
  static const simt::Module module = build(cuda::control_text());
  return module;
}

/// A run on a graph with attributes.
class AttributeRun final : public RegionRun {
 public:
  using RegionRun::RegionRun;
  const Column* attribute(std::string_view name, Domain domain) override {
    const std::string key(name);
    return domain == Domain::Nodes ? graph().node_attribute(key) : graph().edge_attribute(key);
  }
};

/// Kernels of steps are called "step BLOCK NUMBER".
struct Machine {
  FakeRuntime runtime;
  std::shared_ptr<const plan::Plan> plan;
  AttributeRun run;
  cuda::OwnedLibrary library;
  cuda::PlanKernels kernels;
  simt::Emulator emulator;
  cuda::GraphOptions options;
  std::map<plan::SlotId, ops::Value> attributes;
  int launches = 0;  ///< of kernels of steps
  std::map<std::string, int> control_launches = {};
  std::uint64_t threads_seed = 1;

  Machine(const Program& program, const Graph& graph, int level = 2, cuda::GraphOptions how = {})
      : run(graph), options(how) {
    passes::PassOptions passes;
    passes.level = level;
    plan = plan::compile(program.ir(), passes).plan;
    for (const ParameterInfo& p : program.parameters()) run.parameters[p.name] = p.fallback;
  }

  cuda::Kernel kernel(const std::string& name) {
    cuda::Kernel k = nullptr;
    MONOGRAPH_CUDA(runtime, get_kernel(k, library.get(), name.c_str()));
    return k;
  }
  void load() {
    const std::byte cubin[1] = {};
    library = cuda::load_library(runtime, cubin);
    kernels = {};
    kernels.set_control([this](const char* name) { return kernel(name); });
    for (plan::BlockIndex b = 0; b < plan->blocks.size(); ++b) {
      auto& block = kernels.groups.emplace_back();
      for (std::size_t s = 0; s < plan->blocks[b].steps.size(); ++s) {
        auto& step = block.emplace_back();
        if (codegen::device_step(*plan, b, s))
          step.push_back(
              {.kernel = kernel("step " + std::to_string(b) + " " + std::to_string(s)), .rows_per_block = 3});
      }
    }
  }
  cuda::PlanGraph graph(std::size_t lanes = MG_LANES) {
    load();
    cuda::device::mg_device device{};
    device.nodes = run.graph().node_count(), device.edges = run.graph().edge_count();
    cuda::PlanGraph made(runtime, *plan, kernels, std::vector(lanes, device), bind_attributes(), options);
    for (plan::SlotId s = 0; s < plan->slots.size(); ++s)
      if (plan->slots[s].kind == plan::Slot::Kind::Parameter)
        made.set(s, run.parameter(
                        std::get<std::string>(node(plan->slots[s].region, plan->slots[s].node).attrs[0])));
    return made;
  }
  const ir::Node& node(std::uint32_t region, std::uint32_t at) const {
    return plan->program.regions[region].nodes[at];
  }
  void executes() {
    runtime.on_kernel = [this](const FakeNode& n) {
      n.kernel.starts_with("step ") ? execute_step(n) : execute_control(n);
    };
  }

 private:
  std::map<plan::SlotId, void*> bind_attributes() {
    std::map<plan::SlotId, void*> places;
    for (plan::SlotId s = 0; s < plan->slots.size(); ++s) {
      if (plan->slots[s].kind != plan::Slot::Kind::Attribute) continue;
      ops::Value& v = attributes[s];
      v = empty(plan->slots[s].type);
      ops::EvalContext c =
          ir::evaluation_of(node(plan->slots[s].region, plan->slots[s].node), {}, {&v, 1}, run);
      c.op.evaluate(c);
      places[s] = v.column.data();
    }
    return places;
  }
  ops::Value empty(const Type& t) const { return {t, Column(t.scalar, run.count(t))}; }

  void execute_control(const FakeNode& n) {
    ++control_launches[n.kernel];
    std::vector<void*> values = n.parameters, addresses;
    for (void*& v : values) addresses.push_back(&v);
    const auto done = emulator.launch(control_module().kernel(n.kernel), {.grid = {n.launch.blocks, 1, 1},
                                                                          .block = {n.launch.threads, 1, 1},
                                                                          .arguments = addresses,
                                                                          .seed = ++threads_seed});
    EXPECT_TRUE(done.ok()) << done.error;
  }
  /// By the definitions of its operations, on what the kernel's parameters point to; unless nothing is left
  /// to do.
  void execute_step(const FakeNode& n) {
    auto& state = *static_cast<cuda::device::mg_device*>(n.parameters[0]);
    ASSERT_NE(state.done, nullptr);
    if (*state.done != 0) return;
    ++launches;
    std::size_t b = 0, s = 0;
    ASSERT_EQ(std::sscanf(n.kernel.c_str(), "step %zu %zu", &b, &s), 2);
    const Step& step = plan->blocks[b].steps[s];
    ASSERT_EQ(n.parameters.size(), 1 + step.in.size() + step.out.size());
    Values args;
    for (std::size_t i = 0; i < step.in.size(); ++i) {
      if (step.in[i] == plan::kNoSlot) {
        args.emplace_back();
        continue;
      }
      ops::Value v = empty(plan->slots[step.in[i]].type);
      if (v.column.bytes() > 0)
        std::memcpy(v.column.data(), n.parameters[1 + i], static_cast<std::size_t>(v.column.bytes()));
      args.push_back(std::move(v));
    }
    try {
      const Values results = results_of(plan->blocks[b], step, args);
      for (std::size_t i = 0; i < results.size(); ++i)
        if (results[i].column.bytes() > 0)
          std::memcpy(n.parameters[1 + args.size() + i], std::as_const(results[i].column).data(),
                      static_cast<std::size_t>(results[i].column.bytes()));
    } catch (const RuntimeError&) {
      state.failed = 7ull << 40 | 3, state.failed_index = 11;
    }
  }
  Values results_of(const plan::Block& block, const Step& step, const Values& args) {
    const ir::Node& n = node(block.region, step.node);
    if (step.kind == Step::Kind::Group) return evaluate(plan->program.regions[n.regions[0]], args, run);
    Values results;
    std::vector<const ops::Value*> operands;
    for (const plan::SlotId s : step.out) results.push_back(empty(plan->slots[s].type));
    for (std::size_t i = 0; i < args.size(); ++i)
      operands.push_back(step.in[i] == plan::kNoSlot ? nullptr : &args[i]);
    ops::EvalContext c = ir::evaluation_of(n, operands, results, run);
    ops::def(n.op).evaluate(c);
    return results;
  }
};

/// Columns and scalars that leave the run, and how its loops ended.
inline void expect_outputs(const Machine& m, const cuda::PlanGraph& graph, const Result& want) {
  const plan::Block& entry = m.plan->blocks[0];
  std::size_t outputs = 0;
  for (std::size_t s = 0; s < entry.steps.size(); ++s) {
    if (entry.steps[s].kind != Step::Kind::Host) continue;
    const ir::Node& n = m.node(0, entry.steps[s].node);
    if (n.op != ops::OpId::Output) continue;
    const Output& o = want.output(std::get<std::string>(n.attrs[0]));
    const plan::SlotId slot = entry.steps[s].in[0];
    const std::uint64_t cell = graph.cell(slot);
    Column got(o.column.type(), o.column.size());
    if (got.bytes() > 0)
      std::memcpy(got.data(), o.type.domain == Domain::Scalar ? &cell : graph.column(s),
                  static_cast<std::size_t>(got.bytes()));
    EXPECT_TRUE(same_bits(o.column, got)) << o.name;
    ++outputs;
  }
  EXPECT_EQ(outputs, want.outputs().size());
  EXPECT_EQ(graph.control().iterations, want.iterations);
  EXPECT_EQ(graph.control().finished != 0, want.converged);
  EXPECT_EQ(graph.control().failed_site, -1);
}

inline Result reference(const Program& program, Graph stored, const Parameters& parameters = {}) {
  Session session({.backend = "reference"});
  return session.run(session.compile(program), stored, parameters);
}

inline Program algorithm(std::string_view name) {
  for (const AlgorithmInfo& a : algorithms())
    if (a.name == name) return a.make();
  throw UsageError("no algorithm");
}

inline Graph small_graph() {
  return Graph::from_edges({.source = {0, 0, 1, 2, 2, 3, 3, 6},
                            .target = {1, 1, 2, 2, 0, 4, 0, 5},
                            .attributes = {},
                            .ids = NodeIds::dense(8)});
}

}  // namespace monograph::test
