// A plan bound to one graph on one device: its CUDA graph, and the memory that no other plan uses.
#pragma once

#include <memory>
#include <vector>

#include "host/cuda/plan_graph.h"
#include "host/cuda/prepared_plan.h"
#include "host/cuda/remote_columns.h"
#include "host/cuda/residents.h"
#include "host/ops/op_def.h"

namespace monograph::cuda {

/// A column of the graph as a plan reads it.
struct BoundAttribute {
  plan::SlotId slot = 0;
  Column source;  ///< the graph's own; empty, and not `given`: there was none of that name
  bool given = false;
  Column bound;  ///< of the slot's type: the graph's own, or one made of it
  Residents::ColumnRef resident = {};
};

/// What the graph has under the names of the plan's attribute slots, converted where its type is another.
/// What `known` (of the same plan, or empty) has of the same source is taken from there.
std::vector<BoundAttribute> bind_attributes(const plan::Plan& plan, const Graph& graph,
                                            ops::RunContext& context,
                                            std::span<const BoundAttribute> known = {});

/// Of the memory for one lane's partial results, votes and pieces of rows, which follow each other there.
std::size_t lane_bytes(const LaneRoom& room);

class Instance {
 public:
  struct Parts {
    std::shared_ptr<const PreparedPlan> plan;
    Residents::GraphRef graph;  ///< with the rows that the plan walks
    std::vector<BoundAttribute> attributes;
    std::size_t lanes = 1;
    GraphOptions options = {};
  };
  /// MemoryError, RuntimeError: nothing stays behind.
  Instance(Runtime& runtime, Parts parts);
  ~Instance() { leave_results(); }
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  const PreparedPlan& plan() const { return *parts_.plan; }
  const std::shared_ptr<const PreparedPlan>& shared_plan() const { return parts_.plan; }
  const Graph& graph() const { return parts_.graph->graph(); }
  /// Were the rows that enter nodes made on the device?
  bool transposed_there() const { return parts_.graph->transposed_there(); }
  bool walks_in() const { return plan().needs().in_of(graph().undirected(), parts_.options.active()); }
  bool serves(const PreparedPlan& plan, const Graph& graph) const;
  /// Do the plan's attributes still stand where they were?
  bool same_attributes(const Graph& graph) const;
  std::vector<BoundAttribute>& attributes() { return parts_.attributes; }

  static constexpr int kAllocations = 3;  ///< pieces of device memory: room, control block, columns
  PlanGraph& executable() { return *executable_; }
  const PlanGraph& executable() const { return *executable_; }
  const std::vector<BoundAttribute>& attributes() const { return parts_.attributes; }
  /// Of columns, control block and room.
  std::size_t device_bytes() const { return room_bytes_ + executable_->device_bytes(); }
  /// Also of what it shares with others: rows and attributes.
  std::size_t total_bytes() const;
  /// Columns of the last run that somebody may still ask for.
  void keep_results(const std::shared_ptr<RemoteColumns>& results) { results_ = results; }
  void leave_results() noexcept {
    if (const auto results = results_.lock()) results->leave();
    results_.reset();
  }

 private:
  std::vector<device::mg_device> lay_out_room(Runtime& runtime);
  Parts parts_;
  std::size_t room_bytes_ = 0;
  DeviceMemory room_;
  std::unique_ptr<PlanGraph> executable_;
  std::weak_ptr<RemoteColumns> results_;
};

}  // namespace monograph::cuda
