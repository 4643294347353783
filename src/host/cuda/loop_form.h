// How a loop of a plan becomes nodes of a CUDA graph: whether it has a WHILE node, and how many iterations
// its body holds.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "host/cpu/active_rows.h"
#include "host/plan/plan.h"

namespace monograph::cuda {

/// How the loops of a plan run.
enum class Tier : std::uint8_t {
  Block,  ///< T0: one kernel of one block
  Grid,   ///< T1: one kernel of blocks that wait for each other
  Graph,  ///< T2: nodes of a CUDA graph
};

/// How a plan becomes a graph. What is not the default is faster only where it was measured to be
/// (cost_model.h).
struct GraphOptions {
  /// Of loops that have kernels of their own; those that have none are nodes in any case. With kernels no
  /// loop is unrolled.
  Tier tier = Tier::Graph;
  /// Long rows are cut (codegen::DeviceOptions).
  bool balanced = false;
  /// Whether loops with an active set compute only the rows that read a changed one (codegen::DeviceOptions).
  cpu::ActiveRows active_rows = cpu::ActiveRows::Never;
  bool active() const { return active_rows != cpu::ActiveRows::Never; }
  /// Iterations that one round of a WHILE node holds. With more than one, columns that a loop carries take
  /// turns in memory where the plan lets them, which may need a few more.
  int unroll = 1;
  /// A loop that always runs equally often has no WHILE node where that makes at most so many kernels.
  std::int64_t full_unroll = 0;
  /// What depends on the graph alone is computed once, when the graph is built, and not in each run.
  bool keep = true;
  /// Room for so many stamps: each step of a run says when it was done, the last ones are kept. 0: none.
  std::int64_t stamps = 0;
};

/// Kernels that a body may become, at most; with more, iterations are not unrolled.
inline constexpr std::int64_t kMostUnrolled = 512;

struct LoopForm {
  bool full = false;   ///< no WHILE node: `copies` iterations, and no other number
  int copies = 1;      ///< iterations in a round
  bool turns = false;  ///< memory of columns changes hands from iteration to iteration, else it is copied
};

/// `settled`: what follows the loop expects every column in the memory where it was before.
LoopForm loop_form(const plan::Plan& plan, const plan::Step& loop, const GraphOptions& options, bool settled);

/// How often a loop runs where that is known from the program.
std::optional<std::int64_t> constant_count(const plan::Plan& plan, const plan::Step& loop);
/// Kernels of a block, at least one for each step.
std::int64_t kernels_of(const plan::Plan& plan, plan::BlockIndex block, const GraphOptions& options);

/// Moves of columns only.
std::vector<plan::Move> column_moves(const plan::Plan& plan, std::span<const plan::Move> moves);
/// What the takes among `moves` do to the memory of slots: in each cycle a slot gets the memory of the one
/// behind it, the last one that of the first.
std::vector<std::vector<plan::SlotId>> memory_cycles(std::span<const plan::Move> moves);
/// After how many iterations every slot has its memory again; where that is more than any loop is unrolled,
/// some number above that.
std::int64_t memory_order(std::span<const plan::Move> moves);

}  // namespace monograph::cuda
