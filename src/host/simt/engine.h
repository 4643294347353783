// The simt backend: plans whose groups run as device code, thread by thread, on the CPU.
#pragma once

#include <monograph/graph.h>

#include <memory>
#include <span>
#include <string>

#include "host/cpu/instance.h"
#include "host/simt/device_plan.h"
#include "host/simt/launcher.h"

namespace monograph::simt {

/// A plan as the engine runs it, with the last graph that it ran on.
class PreparedPlan {
 public:
  explicit PreparedPlan(std::shared_ptr<const plan::Plan> plan) : device_(std::move(plan)) {}

 private:
  friend class Engine;
  DevicePlan device_;
  std::unique_ptr<Launcher> launcher_;
  std::unique_ptr<cpu::Instance> instance_;
  const void* topology_ = nullptr;
};

struct RunReport {
  double compile_ms = 0;  ///< of the machine's compiler; 0 when its objects were kept from before
  std::int64_t allocations = 0;
};

class Engine {
 public:
  /// `seed` of the orders in which threads run, another one in each launch; 0: always in order.
  /// `cancel` ends the waiting for the machine's compiler.
  Engine(std::uint64_t seed, int threads, std::shared_ptr<codegen::ObjectStore> store = {},
         DeviceSource source = {}, codegen::Stop cancel = {});
  /// Why plans cannot be compiled on this machine; empty when they can.
  static std::string missing();
  /// Compiles what has to be, in one go. DeviceError: no compiler. Cancelled.
  void prepare(std::span<const std::shared_ptr<PreparedPlan>> plans);
  RunReport run(PreparedPlan& plan, const Graph& graph, ops::RunContext& context);

 private:
  LaunchState state_;
  DeviceCompiler compiler_;
};

}  // namespace monograph::simt
