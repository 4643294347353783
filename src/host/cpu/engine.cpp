#include "host/cpu/engine.h"

#include <monograph/error.h>

#include <algorithm>
#include <utility>

#include "host/cpu/parallel.h"

namespace monograph::cpu {
namespace {

// Graphs whose memory stays for the next run on them.
constexpr std::size_t kInstances = 8;

}  // namespace

Engine::Engine(Tier tier, int threads, std::shared_ptr<codegen::ObjectStore> store, codegen::Stop cancel,
               ActiveRows active)
    : tier_(tier),
      threads_(thread_count(threads)),
      active_(active),
      compiler_(std::move(store),
                [this, cancel = std::move(cancel)] { return closing_ || (cancel && cancel()); }) {}

Engine::~Engine() {
  {
    const std::lock_guard lock(queue_mutex_);
    closing_ = true;
    queue_.clear();
  }
  queue_changed_.notify_all();
  if (worker_.joinable()) worker_.join();
}

void Engine::prepare(PreparedPlan& plan) {
  using State = PreparedPlan::State;
  if (tier_ == Tier::Tiles || plan.state_ != State::None) return;
  const std::lock_guard lock(compiling_);
  NativePlan native = compiler_.find(plan.program->plan());
  if (!native.function && tier_ == Tier::Native) native = compiler_.compile(plan.program->plan());
  if (!native.function && tier_ == Tier::Auto) return;
  plan.native_ = std::move(native);
  plan.state_ = State::Done;
}

RunReport Engine::run(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph,
                      ops::RunContext& context) {
  RunReport report;
  Instance& bound = instance(plan, graph);
  const std::int64_t before = bound.allocations();
  if (tier_ == Tier::Auto && plan->runs_ > 0)
    compile_in_background(plan);  // it is run again: worth a compilation
  const CompiledPlan compiled = choose(plan, report);
  bound.run(graph, context, compiled);
  report.allocations = bound.allocations() - before;
  ++plan->runs_;
  return report;
}

CompiledPlan Engine::choose(const std::shared_ptr<PreparedPlan>& plan, RunReport& report) {
  report.tier = "tiles";
  if (tier_ == Tier::Tiles) {
    report.reason = "asked for";
    return nullptr;
  }
  if (plan->state_ != PreparedPlan::State::Done) {
    report.reason =
        plan->runs_ == 0 ? "auto: first run of this plan" : "auto: compiled code is not ready yet";
    return nullptr;
  }
  const NativePlan& native = plan->native_;
  if (!native.function) {
    report.reason = "native is not available: " + native.reason;
    return nullptr;
  }
  report.tier = "native";
  report.reason = tier_ == Tier::Native ? "asked for" : "auto: compiled code is ready";
  if (!native.note.empty()) report.reason += "; " + native.note;
  report.compile_ms = native.compile_ms;
  return native.function;
}

Instance& Engine::instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph) {
  const void* topology = graph.out().offsets.data();
  const auto same = [&](const Bound& b) { return b.plan == plan && b.topology == topology; };
  if (!bound_.empty() && same(bound_.front())) return *bound_.front().instance;
  const auto known = std::ranges::find_if(bound_, same);
  if (known != bound_.end()) {
    bound_.splice(bound_.begin(), bound_, known);
  } else {
    auto fresh = std::make_unique<Instance>(plan->program, graph, threads_, active_);
    bound_.push_front({plan, topology, std::move(fresh)});
    if (bound_.size() > kInstances) bound_.pop_back();
  }
  return *bound_.front().instance;
}

void Engine::compile_in_background(const std::shared_ptr<PreparedPlan>& plan) {
  auto none = PreparedPlan::State::None;
  if (!plan->state_.compare_exchange_strong(none, PreparedPlan::State::Queued)) return;
  const std::lock_guard lock(queue_mutex_);
  queue_.push_back(plan);
  if (!worker_.joinable()) worker_ = std::thread([this] { work(); });
  queue_changed_.notify_all();
}

void Engine::work() {
  for (;;) {
    std::shared_ptr<PreparedPlan> plan;
    {
      std::unique_lock lock(queue_mutex_);
      queue_changed_.wait(lock, [&] { return closing_ || !queue_.empty(); });
      if (closing_) return;
      plan = queue_.front();
      queue_.pop_front();
    }
    const std::lock_guard lock(compiling_);
    try {
      plan->native_ = compiler_.compile(plan->program->plan());
    } catch (const Cancelled& stopped) {
      plan->native_.reason = stopped.what();
    }
    plan->state_ = PreparedPlan::State::Done;
  }
}

}  // namespace monograph::cpu
