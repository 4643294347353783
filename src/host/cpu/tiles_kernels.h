// Loops over tiles, by operation and type: what TileProgram puts together. They are compiled once for any
// machine and once for one with AVX2; both give the same bits. Looked up when a stage is prepared, never
// during a run.
#pragma once

#include <cstddef>
#include <cstdint>

#include "host/cpu/host_run.h"
#include "host/plan/stage.h"

namespace monograph::cpu {

/// Rows or edges that are evaluated at once: a leaf of the column shape.
inline constexpr std::int64_t kTile = scalar::mg_column_leaf;

/// out[i] = op(a[i], b[i], c[i]), i in [0, n); an operand in `scalars` (bit 0: a, ...) is one element. `out`
/// may be an operand, element for element.
using Map = void (*)(void* out, const void* a, const void* b, const void* c, std::int64_t n);
/// out[i] = x[index[i]].
using Gather = void (*)(void* out, const void* x, const int* index, std::int64_t n);
using GatherEdges = void (*)(void* out, const void* x, const scalar::mg_i64* index, std::int64_t n);
/// out[i] = x[index[i]], and -1; where an index is not in [0, count): the first such i, and nothing is written.
using Take = std::int64_t (*)(void* out, const void* x, const void* index, std::int64_t n,
                              std::int64_t count);
/// out[i] = first + i.
using Iota = void (*)(void* out, std::int64_t first, std::int64_t n);
/// out[i] = *value.
using Fill = void (*)(void* out, const void* value, std::int64_t n);

/// One leaf, elements first .. first + n - 1 of its column, into 16 bytes.
using ReduceLeaf = void (*)(unsigned char* partial, const void* x, std::int64_t first, std::int64_t n);
/// All leaves' results into the value.
using ReduceFinish = void (*)(void* out, unsigned char* partial, std::int64_t leaves);

/// Rows of edges: row i is [offsets[i], offsets[i + 1]) of the arrays.
struct RowTile {
  const scalar::mg_i64* offsets;
  const int* neighbors;
  const scalar::mg_i64* edges;  ///< null: an edge's position is its own
  std::int64_t rows;
};
/// Each row's fold of x (over nodes, read at the neighbour) and w (over edges), as far as the kernel reads
/// them.
using FoldRows = void (*)(void* out, const RowTile& rows, const void* x, const void* w);
/// Each row's fold of values that begin with row 0's first edge. No row is longer than a tile.
using FoldValues = void (*)(void* out, const RowTile& rows, const void* values);
/// The fold of a longer row, tile by tile: `n` values from the row's position `at` on; `out` is complete
/// after the last.
using FoldPiece = void (*)(void* out, void* part, const void* values, std::int64_t at, std::int64_t n,
                           bool last);

struct ModeRule {
  int ties;
  bool include_self;
};
/// Each node's label: x over nodes, weights w over edges (null: none), the own labels. `second` has no
/// offsets where one direction is walked.
using ModeRows = void (*)(void* out, const RowTile& first, const RowTile& second, const void* x,
                          const void* w, const void* own, ModeRule rule, unsigned char* workspace);
/// The winner of n votes in a workspace (see host_modes.cuh).
using ModeOf = void (*)(void* out, unsigned char* workspace, std::int64_t n, const void* own, int ties);

/// best: 16 bytes, begun by ArgBegin. Offers n values of those nodes.
using ArgBegin = void (*)(unsigned char* best);
using ArgOffer = void (*)(unsigned char* best, const void* values, const int* nodes, std::int64_t n);
using ArgEnd = void (*)(void* out, const unsigned char* best);

/// Null where a lookup has no kernel for what is asked.
struct MapKernels {
  Map (*map)(ops::ScalarOp op, ScalarType t, ScalarType r, unsigned scalars);
  Gather (*gather)(std::size_t bytes);
  GatherEdges (*gather_edges)(std::size_t bytes);
  Take (*take)(std::size_t bytes, ScalarType index);
  Iota (*iota)(ScalarType t);
  Fill (*fill)(std::size_t bytes);
};
struct ReduceKernels {
  ReduceLeaf leaf;
  ReduceFinish finish;
};
struct FoldKernels {
  FoldValues values;
  FoldPiece piece;
};
struct ArgKernels {
  ArgBegin begin;
  ArgOffer offer;
  ArgEnd end;
};
/// What an edge contributes, where there is a loop for it.
enum class EdgeShape : std::uint8_t { Node, Edge, Product, Sum };
struct RowKernels {
  ReduceKernels (*reduce)(plan::Reduction::Kind kind, ops::MonoidKind monoid, ScalarType t,
                          ScalarType accumulator, ScalarType r);
  FoldRows (*fold_rows)(ops::MonoidKind monoid, EdgeShape shape, ScalarType t, ScalarType r, bool positions);
  FoldKernels (*fold)(ops::MonoidKind monoid, ScalarType r);
  ModeRows (*mode_rows)(ScalarType label, const ScalarType* weight);
  ModeOf (*mode_of)(ScalarType label, const ScalarType* total);
  ArgKernels (*arg)(bool smallest, ScalarType t);
};

struct Kernels {
  const MapKernels* maps;
  const RowKernels* rows;
};
/// The best that this machine runs.
Kernels best_kernels();

namespace baseline {
extern const MapKernels kMaps;
extern const RowKernels kRows;
}  // namespace baseline
#if defined(MONOGRAPH_TILES_AVX2)
namespace avx2 {
extern const MapKernels kMaps;
extern const RowKernels kRows;
}  // namespace avx2
#endif

}  // namespace monograph::cpu
