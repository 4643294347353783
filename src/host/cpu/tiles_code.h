// A stage as tiles run it: instructions with their loops looked up and their registers placed.
#pragma once

#include <vector>

#include "host/cpu/tiles_kernels.h"

namespace monograph::cpu {

using plan::Register;

/// A value's place is a pointer per register and thread: into a column (moved from tile to tile), to a
/// scalar, or to one of the thread's buffers of kTile elements.
inline constexpr std::int64_t kBufferBytes = kTile * 8;
inline constexpr std::uint32_t kNoBuffer = 0xffffffff;

union TileLoop {
  Map map = nullptr;
  Gather gather;
  GatherEdges gather_edges;
  Take take;
  Iota iota;
  Fill fill;
};

struct TileInstruction {
  enum class Kind : std::uint8_t {
    Map,
    Gather,         ///< argument `index` at the neighbour or (at_center) at the centre
    EdgeColumn,     ///< argument `index` at the edge
    NeighborIndex,  ///< as i32
    CenterIndex,    ///< as i32
    Iota,
    Fill,  ///< a scalar as a column
    Copy,  ///< a column: it may be overwritten later
    Take,
    Aggregate,  ///< `index`
    Reduce,     ///< `index`
  };
  Kind kind{};
  bool at_center = false;        ///< Gather; Take in edge code: elements are centres
  bool at_edge = false;          ///< Take: elements are edges
  std::uint8_t bytes = 0;        ///< of an element of the result
  std::uint8_t index_bytes = 0;  ///< Take: of an element of the index
  std::uint32_t index = 0;
  Register out = plan::kNoRegister;
  std::array<Register, 3> in{plan::kNoRegister, plan::kNoRegister, plan::kNoRegister};
  std::uint32_t buffer = kNoBuffer;
  std::uint32_t check = 0;  ///< Take: its node in the group's region
  TileLoop loop = {};
};

/// A register that is element [first] of a column.
struct ColumnRegister {
  Register reg;
  std::uint32_t index;  ///< argument or result
  std::uint8_t bytes;
};

struct ScalarInstruction {
  enum class Kind : std::uint8_t { Argument, NodeCount, EdgeCount, Map, Reduction };
  Kind kind{};
  Register out = plan::kNoRegister;
  std::uint32_t index = 0;
  Map map = nullptr;
  std::array<Register, 3> in{};
};

struct AggregateCode {
  plan::Aggregate::Kind kind{};
  ops::Direction direction{};
  ModeRule rule{};
  std::uint8_t bytes = 0;  ///< of a result
  // edges with a loop of their own: nodes' and edges' arguments (or none)
  std::array<FoldRows, 2> fold_rows{};  ///< edges in order, edges by position
  ModeRows mode_rows = nullptr;
  std::uint32_t x = plan::kNoRegister, w = plan::kNoRegister;
  // any other edge code
  std::vector<TileInstruction> edge = {};
  bool centers = false;
  Register value = plan::kNoRegister, weight = plan::kNoRegister, own = plan::kNoRegister;
  std::uint8_t value_bytes = 0, weight_bytes = 0;
  FoldKernels fold{};
  Map combine = nullptr;  ///< of both directions' folds
  ModeOf mode_of = nullptr;
  std::uint64_t one = 0;  ///< the weight of the node itself, as it lies in memory
  ArgKernels arg{};
};

struct ReductionCode {
  ReduceKernels kernels;
};

struct Store {
  Register reg;
  std::uint32_t result;
  std::uint8_t bytes;
};

struct Fills {
  Register reg;
  std::uint32_t result;
  std::uint8_t bytes;
  Fill fill;
};

enum class Chunks : std::uint8_t { Whole, ByNode, ByIn, ByOut, ByBoth, ByEdge };

struct TileCode {
  Type domain;
  std::uint32_t registers = 0;
  std::vector<scalar::mg_value> constants;  ///< per register: the value of those that are constants
  std::vector<Register> constant_registers, scalar_registers;
  std::vector<ScalarInstruction> entry, finish;
  std::vector<TileInstruction> row;
  std::vector<ColumnRegister> arguments, results;  ///< read and written in place
  std::vector<Store> stores;                       ///< from buffers, after all else
  std::vector<Fills> fills;                        ///< scalars as columns
  std::vector<Store> scalars;                      ///< scalar results
  std::vector<AggregateCode> aggregates;
  std::vector<ReductionCode> reductions;
  bool centers = false;       ///< in a stage over edges: their sources are read
  std::uint32_t buffers = 0;  ///< of registers; kExtraBuffers follow
  bool modes = false;
  bool both = false;  ///< an aggregate walks both directions
  Chunks chunks = Chunks::ByNode, chunks_undirected = Chunks::ByNode;
};

/// After the registers' buffers: the nodes at the centres of a tile of edges; the second direction's results.
enum ExtraBuffer : std::uint32_t { kCenters, kSecond, kExtraBuffers };

/// Throws InternalError when a table lacks what the stage asks for.
TileCode prepare_tiles(const plan::Stage& stage, const Kernels& kernels);

}  // namespace monograph::cpu
