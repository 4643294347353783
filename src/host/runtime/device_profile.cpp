// Profiles of plans on a device: driven step by step by the host, or in one launch with stamps.
#include <monograph/error.h>

#include <algorithm>

#include "host/codegen/step_text.h"
#include "host/cuda/engine.h"
#include "host/cuda/stepwise_runtime.h"
#include "host/plan/cache.h"
#include "host/plan/step_name.h"
#include "host/runtime/backends.h"
#include "host/runtime/bind.h"
#include "host/runtime/device_run.h"
#include "host/runtime/profile_rows.h"

namespace monograph::runtime {
namespace {

using cuda::PlanStep;
using cuda::Stamp;
using cuda::StepwiseRuntime;

/// Runs that are timed, one after another, on an engine of their own.
class Timed {
 public:
  struct What {
    std::shared_ptr<const plan::Plan> plan;
    const std::vector<ParameterInfo>& known;
    const Parameters& parameters;
    const Graph& graph;
    const RunOptions& options;
  };
  Timed(const Machine& machine, const cuda::Device& device, const DeviceProfileOptions& how, What what)
      : what_(std::move(what)), how_(how) {
    auto cache = std::make_shared<plan::Cache>(plan::CacheOptions{
        .mode = static_cast<plan::CacheMode>(how.session.cache), .folder = how.session.cache_folder});
    Machine mine = machine;
    if (how.timing == DeviceTiming::Steps) {
      stepwise_.emplace(*machine.runtime, hooks());
      mine.runtime = &*stepwise_;
      mine.figures = [](const cuda::Device&) { return cuda::DeviceFigures{}; };  // loops as loops
    }
    engine_ = device_engine(mine, device, how.session, std::move(cache),
                            how.timing == DeviceTiming::Stamps ? how.stamps : 0);
    plan_ = device_plan(what_.plan);
    prepare_for_device(*engine_, std::span(&plan_, 1));
  }

  cpu::StepTimes run(Profile& profile) {
    RunState state(what_.graph, bind_parameters(what_.known, what_.parameters, what_.graph), what_.options);
    DeviceRun run = run_on_device(*engine_, plan_, what_.graph, state, what_.options);
    if (how_.outputs) {
      for (std::size_t i = 0; i < state.outputs.size(); ++i)
        if (run.columns->holds(i)) state.outputs[i].column = run.columns->column(i);
      profile.outputs = std::move(state.outputs);
    }
    profile.stamps = std::move(run.stamps), profile.stamps_lost = run.stamps_lost;
    return stepwise_ ? of_steps() : of_stamps(profile.stamps);
  }

 private:
  StepwiseRuntime::Hooks hooks() const {
    return {.name = [this](PlanStep s) { return plan::step_name(*what_.plan, s.block, s.step); },
            .look =
                [this] {
                  if (what_.options.cancel.cancelled()) throw Cancelled("the profile was cancelled");
                }};
  }

  /// What belongs to no step moves parameters and results.
  cpu::StepTimes of_steps() {
    cpu::StepTimes times = no_times(*what_.plan);
    for (const auto& [step, time] : stepwise_->take_times())
      if (step != PlanStep{}) times[step.block][step.step] = {.ns = time.ns, .calls = time.calls};
    return times;
  }

  /// A step took as long as it was done after the one before it.
  cpu::StepTimes of_stamps(std::span<const Stamp> stamps) const {
    cpu::StepTimes times = no_times(*what_.plan);
    for (std::size_t i = 0; i < stamps.size(); ++i) {
      const Stamp& s = stamps[i];
      if (s.step == PlanStep{}) continue;
      cpu::StepTime& time = times[s.step.block][s.step.step];
      const bool loop = what_.plan->blocks[s.step.block].steps[s.step.step].kind == plan::Step::Kind::While;
      time.calls += loop ? s.iteration == 0 : 1;
      if (i > 0) time.ns += static_cast<std::int64_t>(s.ns - stamps[i - 1].ns);
    }
    return times;
  }

  What what_;
  const DeviceProfileOptions& how_;
  std::optional<StepwiseRuntime> stepwise_;
  std::shared_ptr<cuda::Engine> engine_;  // on it: goes first
  DevicePlan plan_;
};

/// Names of kernels; and what leaves the run moves nothing there, but where its memory is wanted.
void add_what_runs(const plan::Plan& plan, codegen::DeviceOptions how, Profile& profile) {
  for (ProfiledStep& s : profile.steps) {
    for (const codegen::DeviceKernel& k : codegen::step_text(plan, s.block, s.step, how).kernels)
      s.kernels.push_back(k.name);
    if (s.kind == plan::Step::Kind::Host && s.calls == 0) s.traffic = {};
  }
}

}  // namespace

Profile profile(const Machine& machine, std::shared_ptr<const plan::Plan> plan,
                const std::vector<ParameterInfo>& known, const Parameters& parameters, const Graph& graph,
                const DeviceProfileOptions& how, const RunOptions& options) {
  const Choice choice = choose_backend(how.backend, machine.survey());
  if (!choice.device) throw UsageError("no device: " + how.backend);
  const cuda::Device& device = *choice.device;
  Timed timed(machine, device, how, {plan, known, parameters, graph, options});
  Profile last;
  std::vector<cpu::StepTimes> times;
  for (int r = 0; r <= std::max(how.runs, 1); ++r) times.push_back(timed.run(last));
  const cpu::PlanProgram program(plan);
  Profile result = profile_of(program, graph, times, Moves::Copy);
  if (how.session.active_rows != ActiveRows::Never) forget_traffic_of_active_rows(program, result);
  add_what_runs(*plan, {.active = how.session.active_rows != ActiveRows::Never}, result);
  result.backend = "cuda";
  result.tier =
      how.timing == DeviceTiming::Steps ? "step by step, not graph mode" : "one launch, with stamps";
  if (const cuda::DeviceFigures figures = machine.figures(device); figures.measured)
    result.limit_gbs = static_cast<double>(figures.bytes_per_us) * 1e-3;
  result.stamps = std::move(last.stamps), result.stamps_lost = last.stamps_lost;
  result.outputs = std::move(last.outputs);
  return result;
}

}  // namespace monograph::runtime
