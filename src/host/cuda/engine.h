// Runs plans on one device: keeps graphs, kernels and CUDA graphs there from run to run, and knows before
// each how much memory it takes. A run is a launch and a wait.
#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "host/cuda/cost_model.h"
#include "host/cuda/footprint.h"
#include "host/cuda/instance.h"

namespace monograph::cuda {

struct EngineOptions {
  int device = 0;
  std::size_t memory = 0;  ///< bytes of the device that may be used; 0: what is free
  std::size_t staging = Staging::kPiece;
  DeviceFigures figures = {};                           ///< of the device: how plans become graphs there
  cpu::ActiveRows active_rows = cpu::ActiveRows::Auto;  ///< GraphOptions::active_rows, where there is room
  std::int64_t stamps = 0;  ///< room for so many of each run: GraphOptions::stamps
};

/// What the caller wants of a run while it goes on. Asked from the calling thread.
struct RunWatch {
  std::function<bool()> cancelled = {};
  std::function<void(std::int64_t)> progress = {};  ///< the iteration of the outermost loop that has begun
};

/// The check that stopped a run.
struct Failure {
  plan::BlockIndex block = 0;
  std::size_t step = 0;
  std::uint32_t node = 0;  ///< of a group: its region's; else 0
  std::int64_t element = 0, index = 0;
  std::vector<std::int64_t> loops = {};  ///< the iteration of each loop around it, outermost first
};

struct RunReport {
  std::int64_t iterations = 0;
  bool converged = true;
  std::optional<Failure> failure = {};
  std::optional<std::int64_t> cancelled = {};   ///< before which iteration
  std::shared_ptr<RemoteColumns> columns = {};  ///< outputs that the device still has, by their numbers
  std::int64_t allocations = 0;                 ///< pieces of device memory that this run took
  std::size_t device_bytes = 0;                 ///< that the run needs, the graph's rows included
  double compile_ms = 0;
  std::int64_t csc_builds = 0;     ///< transposes that were made on the device in this run
  std::int64_t csc_hits = 0;       ///< that were made there before, and used now
  std::vector<Stamp> stamps = {};  ///< in the order of time
  std::int64_t stamps_lost = 0;    ///< before them, for which there was no room
};

class Engine {
 public:
  Engine(Runtime& runtime, std::shared_ptr<KernelCompiler> compiler, std::shared_ptr<plan::Cache> cache,
         EngineOptions options);
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void prepare(std::span<const std::shared_ptr<PreparedPlan>> plans);
  /// Outputs and stores go to `context` when nothing failed; a column that is in the report's `columns` goes
  /// there empty. MemoryError with figures; RuntimeError when the device fails.
  RunReport run(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph, ops::RunContext& context,
                const RunWatch& watch);
  int device() const { return options_.device; }
  std::size_t used() const;  ///< bytes of the device

 private:
  struct Placement {
    std::size_t lanes = 1;
    EdgesIn edges = EdgesIn::Device;
    GraphOptions options = {};
  };
  void open();
  Instance& instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph, ops::RunContext& context);
  Instance& make_instance(const std::shared_ptr<PreparedPlan>& plan, const Graph& graph,
                          ops::RunContext& context);
  void prepare_variant(PreparedPlan& plan, KernelVariant variant);
  bool cuts_rows(const PreparedPlan& plan, ResidentGraph& graph, std::span<const BoundAttribute> attributes,
                 const Placement& place);
  void upload(const PreparedPlan& plan, ResidentGraph& graph, std::span<BoundAttribute> attributes,
              const Placement& place);
  bool renew_attributes(Instance& instance, const Graph& graph, ops::RunContext& context);
  Placement make_room(const PreparedPlan& plan, const ResidentGraph& graph,
                      std::span<const BoundAttribute> attributes);
  GraphOptions graph_options(const PreparedPlan& plan, const Graph& graph) const;
  std::size_t available();
  bool drop_one();
  void wait(Instance& instance, const RunWatch& watch);
  void give(Instance& instance, ops::RunContext& context, RunReport& report);
  Column take_result(const Instance& instance, std::size_t step);
  void look_for_loss(const std::string& what) noexcept;

  Runtime& runtime_;
  EngineOptions options_;
  std::shared_ptr<Staging> staging_;
  KernelStore store_;
  Residents residents_;
  std::list<std::unique_ptr<Instance>> instances_;  // the latest used first
  std::int64_t allocations_ = 0, csc_builds_ = 0;
  std::string lost_;  // what the device said when it was lost
};

}  // namespace monograph::cuda
