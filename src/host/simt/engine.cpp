#include "host/simt/engine.h"

#include "host/cpu/parallel.h"

namespace monograph::simt {

Engine::Engine(std::uint64_t seed, int threads, std::shared_ptr<codegen::ObjectStore> store,
               DeviceSource source, codegen::Stop cancel)
    : state_{.seed = seed, .always_active = source.always_active},
      compiler_(std::move(source), std::move(store), cpu::thread_count(threads), std::move(cancel)) {}

std::string Engine::missing() { return codegen::HostCompiler::find().reason; }

void Engine::prepare(std::span<const std::shared_ptr<PreparedPlan>> plans) {
  std::vector<DevicePlan*> devices;
  for (const auto& p : plans) devices.push_back(&p->device_);
  compiler_.compile(devices);
}

RunReport Engine::run(PreparedPlan& plan, const Graph& graph, ops::RunContext& context) {
  const void* topology = graph.out().offsets.data();
  if (!plan.instance_ || plan.topology_ != topology) {
    plan.instance_ =
        std::make_unique<cpu::Instance>(plan.device_.shared_program(), graph, 1, cpu::ActiveRows::Never);
    plan.launcher_ = std::make_unique<Launcher>(plan.device_, state_);
    plan.instance_->run_groups_by(plan.launcher_.get());
    plan.topology_ = topology;
  }
  const std::int64_t before = plan.instance_->allocations();
  plan.instance_->run(graph, context, nullptr);
  return {.compile_ms = plan.device_.compile_ms(), .allocations = plan.instance_->allocations() - before};
}

}  // namespace monograph::simt
