#include "host/runtime/device_run.h"

#include "host/cpu/parallel.h"
#include "host/cuda/engine.h"
#include "host/ir/evaluation.h"
#include "host/ops/index_check.h"

namespace monograph::runtime {
namespace {

/// As the definition of the operation that failed says it.
[[noreturn]] void fail(const plan::Plan& plan, const cuda::Failure& failure, RunState& state) {
  state.stopped_in(failure.loops);
  const plan::Block& block = plan.blocks[failure.block];
  const plan::Step& step = block.steps[failure.step];
  const ir::Node* node = &plan.program.regions[block.region].nodes[step.node];
  const bool scalar =
      step.kind == plan::Step::Kind::Host && plan.slots[step.in[0]].type.domain == Domain::Scalar;
  if (step.kind == plan::Step::Kind::Group)
    node = &plan.program.regions[node->regions[0]].nodes.at(failure.node);
  const ops::EvalContext c = ir::evaluation_of(*node, {}, {}, state);
  if (node->op == ops::OpId::Check) ops::fail_check(c, scalar ? -1 : failure.element);
  ops::fail_index(c, failure.element, failure.index, state.graph().node_count());
}

}  // namespace

std::shared_ptr<cuda::Engine> device_engine(const Machine& machine, const cuda::Device& device,
                                            const SessionOptions& options, std::shared_ptr<plan::Cache> cache,
                                            std::int64_t stamps) {
  return std::make_shared<cuda::Engine>(
      *machine.runtime, machine.compiler(device, cpu::thread_count(options.threads)), std::move(cache),
      cuda::EngineOptions{.device = device.index,
                          .memory = static_cast<std::size_t>(options.device_memory),
                          .staging = machine.staging,
                          .figures = machine.figures(device),
                          .active_rows = static_cast<cpu::ActiveRows>(options.active_rows),
                          .stamps = stamps});
}

DevicePlan device_plan(std::shared_ptr<const plan::Plan> plan) {
  return std::make_shared<cuda::PreparedPlan>(std::move(plan));
}

void prepare_for_device(cuda::Engine& engine, std::span<const DevicePlan> plans) { engine.prepare(plans); }

DeviceRun run_on_device(cuda::Engine& engine, const DevicePlan& plan, const Graph& graph, RunState& state,
                        const RunOptions& options) {
  const cuda::RunWatch watch{.cancelled = [&] { return options.cancel.cancelled(); },
                             .progress = options.progress};
  cuda::RunReport report = engine.run(plan, graph, state, watch);
  if (report.failure) fail(plan->plan(), *report.failure, state);
  if (report.cancelled)
    throw Cancelled("the run was cancelled before iteration " + std::to_string(*report.cancelled));
  state.iterations = report.iterations, state.converged = report.converged;
  return {.columns = std::move(report.columns),
          .device = engine.device(),
          .allocations = report.allocations,
          .bytes = static_cast<std::int64_t>(report.device_bytes),
          .compile_ms = report.compile_ms,
          .csc_builds = report.csc_builds,
          .csc_hits = report.csc_hits,
          .stamps = std::move(report.stamps),
          .stamps_lost = report.stamps_lost};
}

}  // namespace monograph::runtime
