// A fused group, lowered: straight-line code in phases, free of regions and domains. Tiles, the compiled CPU
// function and device text are three spellings of the same Stage.
//
// A stage runs over the elements of one domain (rows). Its code is one list of operations, cut into ranges:
//   entry       scalars, once, before the rows
//   edge        of each aggregate: once per edge at the row, yielding what that edge contributes
//   row         once per row; an `Aggregate` operation in it stands for the whole neighbourhood's result
//   reductions  of row values over all rows, in column shape
//   finish      scalars, once, after the reductions
// An operation's inputs are earlier operations of its own range or of a range before it that is visible
// there: entry everywhere, row values in reductions, reductions in finish.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "host/ir/program.h"
#include "host/ops/attr.h"
#include "host/ops/scalar.h"

namespace monograph::plan {

/// Where a column is read, seen from the row (or from the edge of a row) at which the code runs.
enum class Place : std::uint8_t {
  Scalar,    ///< no column: a scalar
  Row,       ///< the row's own element; in edge code of an aggregate: the node that aggregates
  Neighbor,  ///< edge code: the node at the other end; in a stage over edges: the target
  Source,    ///< in a stage over edges: the source
  Edge,      ///< edge code: the edge, by its position in CSR order
};

using Register = std::uint32_t;  ///< an operation by its position in Stage::code
inline constexpr Register kNoRegister = 0xffffffff;

struct Operation {
  enum class Kind : std::uint8_t {
    Constant,   ///< `constant`
    Argument,   ///< argument `index` of the group, at `place`
    Index,      ///< the number of the node (Row, Neighbor, Source) or row there: i32, or i64 as `type` says
    NodeCount,  ///< V, i64
    EdgeCount,  ///< E, i64
    Scalar,     ///< the table row `scalar` of `operand` typed inputs
    Take,  ///< argument `index` at the row given by in[0]; out of range: the run stops, and says at which
           ///< element: that of `place`. Of several the lowest `node` counts
    Aggregate,  ///< result of aggregate `index`; row code only
    Reduction,  ///< result of reduction `index`; finish code only
  };
  Kind kind{};
  ScalarType type{};     ///< of the result
  ScalarType operand{};  ///< Scalar: the row's T
  ops::ScalarOp scalar{};
  Place place = Place::Scalar;
  std::uint8_t arity = 0;
  std::uint32_t index = 0;
  std::array<Register, 3> in{kNoRegister, kNoRegister, kNoRegister};
  Constant constant = {};
  std::uint32_t node = 0;  ///< of the group's region that this came from: for messages and profiles
};

/// Operations [begin, end) of Stage::code.
struct Range {
  Register begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

/// What the edges at a row combine to.
struct Aggregate {
  enum class Kind : std::uint8_t {
    Fold,    ///< `value` combined in row shape by `monoid`, as `type`; the identity without edges
    Count,   ///< the number of edges, i64
    Mode,    ///< the label `value` with the greatest total of `weight` (1 without); `own` without edges
    ArgMin,  ///< the neighbour with the least `value`, i32; -1 without edges; NaN skipped, ties to the lowest
             ///< index
    ArgMax,
  };
  Kind kind{};
  ops::Direction direction{};
  ops::MonoidKind monoid{};
  ScalarType type{};          ///< of the result
  ScalarType total{};         ///< Mode: in which weights are added
  ops::Ties ties{};           ///< Mode
  bool include_self = false;  ///< Mode, ArgMin, ArgMax: `own` takes part, last, with weight 1
  Range edge = {};            ///< edge code
  Register value = kNoRegister, weight = kNoRegister;  ///< of edge code (or entry)
  Register own = kNoRegister;                          ///< of row code: the row's own value
};

/// What a row value combines to over all rows, in column shape.
struct Reduction {
  enum class Kind : std::uint8_t { Fold, ArgMin, ArgMax };
  Kind kind{};
  ops::MonoidKind monoid{};
  ScalarType accumulator{};      ///< Fold: f64 for sums and products of f32; rounded once to `type`
  ScalarType type{};             ///< of the result
  Register value = kNoRegister;  ///< of row code, or an entry scalar that stands for a column of it
};

struct Stage {
  Type domain;  ///< Nodes, Edges, Fixed: rows. Scalar: entry code only. The element type does not count
  std::vector<Operation> code;
  Range entry, row, finish;
  std::vector<Aggregate> aggregates;
  std::vector<Reduction> reductions;
  std::vector<Register> results;  ///< one per result of the group: a row register (column) or a scalar
  std::vector<Type> arguments, result_types;

  bool is_entry(Register r) const { return r >= entry.begin && r < entry.end; }
  bool is_row(Register r) const { return r >= row.begin && r < row.end; }
  /// Is argument `a` read anywhere but at the row itself? Then no result may overwrite it.
  bool gathers(std::uint32_t a) const;
  /// Does this part of the code take from columns at computed rows, which may stop the run?
  bool takes(Range part) const;
};

/// The stage of a group. CompileError naming the operation when it is not one kernel: what `fuse` never
/// makes, but a program file may hold.
Stage lower(const ir::Program& program, ir::RegionIndex group);

}  // namespace monograph::plan
