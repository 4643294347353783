// The cpu backend: prepared plans, instances per graph, and the choice between tiles and compiled code.
#pragma once

#include <monograph/graph.h>

#include <atomic>
#include <condition_variable>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "host/cpu/instance.h"
#include "host/cpu/native.h"

namespace monograph::cpu {

enum class Tier : std::uint8_t { Auto, Tiles, Native };

/// A plan as the engine runs it.
class PreparedPlan {
 public:
  explicit PreparedPlan(std::shared_ptr<const plan::Plan> plan)
      : program(std::make_shared<const PlanProgram>(std::move(plan))) {}

  const std::shared_ptr<const PlanProgram> program;

 private:
  friend class Engine;
  enum class State : std::uint8_t { None, Queued, Done };
  std::atomic<State> state_ = State::None;
  NativePlan native_;  // written before state_ becomes Done, never after
  std::int64_t runs_ = 0;
};

/// What a run tells about itself.
struct RunReport {
  std::string tier, reason;
  double compile_ms = 0;  ///< of the machine's compiler, where this run waited for it
  std::int64_t allocations = 0;
};

class Engine {
 public:
  /// `cancel` ends the waiting for the machine's compiler, as the end of the engine does.
  Engine(Tier tier, int threads, std::shared_ptr<codegen::ObjectStore> store = {}, codegen::Stop cancel = {},
         ActiveRows active = ActiveRows::Auto);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  int threads() const { return threads_; }
  /// Looks for a kept object; with tier native, compiles. Cancelled.
  void prepare(PreparedPlan& plan);
  RunReport run(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph, ops::RunContext& context);

 private:
  struct Bound {
    std::shared_ptr<PreparedPlan> plan;
    const void* topology;
    std::unique_ptr<Instance> instance;
  };
  Instance& instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph);
  CompiledPlan choose(const std::shared_ptr<PreparedPlan>& plan, RunReport& report);
  void compile_in_background(const std::shared_ptr<PreparedPlan>& plan);
  void work();

  const Tier tier_;
  const int threads_;
  const ActiveRows active_;
  NativeCompiler compiler_;
  std::mutex compiling_;    // the compiler component serves one plan at a time
  std::list<Bound> bound_;  // most recently used first
  std::mutex queue_mutex_;
  std::condition_variable queue_changed_;
  std::list<std::shared_ptr<PreparedPlan>> queue_;
  std::atomic<bool> closing_ = false;
  std::thread worker_;
};

}  // namespace monograph::cpu
