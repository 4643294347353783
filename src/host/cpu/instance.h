// A plan bound to one graph's topology: memory for its values, row ranges for its threads. One run at a time.
#pragma once

#include <monograph/graph.h>

#include <exception>
#include <memory>
#include <string>
#include <vector>

#include "host/cpu/active_rows.h"
#include "host/cpu/group_runner.h"
#include "host/cpu/layout.h"
#include "host/cpu/program.h"
#include "host/cpu/whole_steps.h"
#include "host/ops/op_def.h"

namespace monograph::scalar {
struct mg_active_loop;
}

namespace monograph::cpu {

/// The whole plan as one compiled function: nonzero when it was stopped.
using CompiledPlan = int (*)(scalar::mg_run*);

/// What the steps of a plan took, in tiles: [block][step]. Of loops and branches, with what is inside.
struct StepTime {
  std::int64_t ns = 0, calls = 0;
};
using StepTimes = std::vector<std::vector<StepTime>>;

class Instance {
 public:
  /// MemoryError when the plan's values do not fit.
  Instance(std::shared_ptr<const PlanProgram> program, const Graph& graph, int threads,
           ActiveRows active = ActiveRows::Auto);
  Instance(const Instance&) = delete;
  Instance& operator=(const Instance&) = delete;

  /// One run on `graph` (of the topology that the instance was made for); results go to `context`. With
  /// `compiled` (may be null) the plan runs as that function, else in tiles. Rethrows what stopped it.
  void run(const Graph& graph, ops::RunContext& context, CompiledPlan compiled);

  /// From now on, runs in tiles add to `times` (null: to nothing), which must have room for every step.
  void measure(StepTimes* times) { times_ = times; }

  /// From now on, groups run by `runner` and one after another (null: in tiles), where no compiled plan runs.
  void run_groups_by(GroupRunner* runner) { runner_ = runner; }

  /// Is the graph large enough for loops to compute the rows alone that read a changed one?
  bool follows_active_rows() const { return run_.edges >= run_.active.from_edges; }

  /// Columns allocated so far, for values of the program.
  std::int64_t allocations() const { return allocations_; }

 private:
  /// The state that compiled code and callbacks share; callbacks find the instance through it.
  struct Run : scalar::mg_run {
    Instance* self = nullptr;
    ops::RunContext* context = nullptr;
    std::exception_ptr stopped;  ///< what a callback threw
  };

  // binding
  void bind_values(const Graph& graph);
  void bind_attribute(plan::SlotId slot, const Graph& graph);
  void renew_given_away();
  Column make_column(const Type& t);

  // control, in tiles: false when the run was stopped
  bool block(plan::BlockIndex index);
  bool step(plan::BlockIndex index, std::size_t at);
  bool timed_step(plan::BlockIndex index, std::size_t at);
  bool loop(const plan::Step& s, const PreparedStep& prepared);
  bool ended(const LoopEnd& end);
  bool active_body(const plan::Step& loop, const plan::ActiveSet& set, scalar::mg_active_loop& state);
  template <class T>
  bool active_group(const plan::Stage& stage, const TileCall& call, const plan::ActiveSet& set,
                    scalar::mg_active_loop& state);
  bool branch(const plan::Step& s);
  bool groups(plan::BlockIndex index, std::size_t first, std::size_t end);
  bool groups_by_runner(plan::BlockIndex index, std::size_t first, std::size_t end);
  void move(const PreparedMoves& moves);
  bool host(plan::BlockIndex index, std::size_t at);

  // host steps
  void host_step(plan::BlockIndex index, std::size_t at);
  void generic_step(plan::BlockIndex index, std::size_t at);
  bool nothing_bad(const plan::Step& s) const;
  bool scatter_in_place(const ir::Node& n, const plan::Step& s);
  bool whole_in_place(const ir::Node& n, const plan::Step& s);
  void make_scatter_room();
  void make_active_room(ActiveRows active);
  ops::Value value_of(plan::SlotId slot);
  void set_value(plan::SlotId slot, const Column& value);
  [[noreturn]] void fail_check(plan::BlockIndex index, std::size_t at);
  std::int64_t elements(const Type& t) const;
  const plan::Slot& slot(plan::SlotId s) const { return program_->plan().slots[s]; }

  static int on_iteration(scalar::mg_run* run, scalar::mg_i64 iteration);
  static void on_loop_end(scalar::mg_run* run, scalar::mg_i64 iterations, int finished);
  static int on_host_step(scalar::mg_run* run, int block, int step);
  static void on_parallel(scalar::mg_run* run, scalar::mg_i64 chunks,
                          void (*body)(void*, scalar::mg_i64, unsigned char*), void* context);

  std::shared_ptr<const PlanProgram> program_;
  Layout layout_;
  int threads_;
  bool warm_ = false;  // what depends on the graph alone has been computed
  std::vector<const void*>
      kept_;  // memory of what depends on the graph alone: never written after the first run
  std::vector<Column> memory_;      // of the buffer slots; which slot has which changes during a run
  std::vector<Column> attributes_;  // per slot: what an attribute slot reads
  std::vector<void*> columns_, moving_columns_;
  std::vector<scalar::mg_value> scalars_, moving_scalars_;
  std::vector<unsigned char> partial_, hub_partial_;
  std::vector<Column> workspaces_;    // per thread
  std::vector<Column> scatter_room_;  // counts and sums of scatters in row shape
  std::vector<Column> active_room_;   // lists of rows
  WholeSteps whole_;
  std::int64_t allocations_ = 0;
  StepTimes* times_ = nullptr;
  GroupRunner* runner_ = nullptr;
  Run run_{};
};

}  // namespace monograph::cpu
