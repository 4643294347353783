// What will run, in order: a fused program, its values assigned to slots, its regions to blocks of steps. A
// plan knows no graph size, no pointer, no tier and no thread count; the same plan runs on any graph.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "host/ir/program.h"
#include "host/plan/stage.h"

namespace monograph::plan {

using SlotId = std::uint32_t;
using BlockIndex = std::uint32_t;

/// A place for a value.
struct Slot {
  enum class Kind : std::uint8_t {
    Buffer,     ///< a column in memory of the run; scalars: 8 bytes in the table of scalars
    Constant,   ///< a scalar of the program
    Parameter,  ///< a scalar that a run binds
    NodeCount,  ///< V
    EdgeCount,  ///< E
    Attribute,  ///< a column of the graph, read only (a converted or default column where its type differs)
  };
  Kind kind{};
  Type type = {};
  std::uint32_t region = 0, node = 0;  ///< of the program: the node that declares it (all but Buffer)
  friend bool operator==(const Slot&, const Slot&) = default;
};

/// Part of a parallel assignment between slots of one type. `take`: the content of `from` is not needed
/// afterwards, so the two may exchange their memory; else it is copied. Of one list, all takes happen at
/// once, then all copies.
struct Move {
  SlotId to = 0, from = 0;
  bool take = false;
  friend bool operator==(const Move&, const Move&) = default;
};

struct Step {
  enum class Kind : std::uint8_t {
    Group,  ///< a fused group: one kernel
    Host,   ///< one operation that works on whole columns: a check, an output, a store, a scatter
    While,
    If,
  };
  Kind kind{};
  std::uint32_t node = 0;                 ///< of the block's region
  std::vector<SlotId> in = {}, out = {};  ///< per operand of the node (kNoSlot: absent), per result
  std::vector<BlockIndex> blocks = {};    ///< While: the body; If: both branches
  std::vector<Move> enter = {};           ///< While: before the first iteration
  bool together = false;  ///< a group that may run at once with the step before it: they are one wave
  bool once = false;  ///< depends on the graph alone: its results may be kept for the next run on that graph
  friend bool operator==(const Step&, const Step&) = default;
};
inline constexpr SlotId kNoSlot = 0xffffffff;

/// The steps of a region, waves in a row. No step of a wave writes to a slot that another of them reads or
/// writes, so they may run at once or one after another.
struct Block {
  ir::RegionIndex region = 0;
  std::vector<SlotId> arguments = {}, results = {};
  std::vector<Step> steps = {};
  std::vector<Move> leave =
      {};  ///< at its end: into the carried slots of the loop, or into the results of the branch
  friend bool operator==(const Block&, const Block&) = default;
};

struct Plan {
  ir::Program program;  ///< fused
  std::vector<Slot> slots;
  std::vector<Block> blocks;  ///< 0 is the entry
  std::string source_hash;    ///< of the program as it was written
  int level = 0;

  const std::string& name() const { return program.name; }
  friend bool operator==(const Plan&, const Plan&) = default;
};

/// Schedule and memory: an order of steps, and slots that are reused once their value is dead. What stands
/// outside of groups and is not a step of its own becomes a group of one operation.
Plan build(const ir::Program& program);

/// One past the last step of the wave that begins with step `first`.
std::size_t end_of_wave(const Block& block, std::size_t first);

/// Every index in range, slots of the types that the program says, moves between equal types; throws
/// InternalError. What readers of untrusted plans call.
void verify(const Plan& plan);

/// A digest of everything that decides what runs.
base::Hash128 hash(const Plan& plan);
/// Bytes of column slots on a graph with that many nodes and edges: known before anything runs.
std::int64_t buffer_bytes(const Plan& plan, std::int64_t nodes, std::int64_t edges);
/// For `explain`: steps, slots and stages.
std::string to_text(const Plan& plan);

}  // namespace monograph::plan
