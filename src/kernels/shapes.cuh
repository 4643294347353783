// The two shapes of a sum, once for every backend: the order of float additions is part of a program's meaning, and
// no pass and no backend may change it.
//   column  a whole column becomes one value. Leaves of `mg_column_leaf` consecutive elements; lane j of
//           `mg_column_lanes` adds elements j, j + lanes, ... from the identity; lanes combine by halving (lane i
//           with lane i + 16, then + 8, 4, 2, 1); leaf results are reduced the same way until one is left.
//           f32 is accumulated in f64 and rounded once.
//   row     the edges of one node become one value. Segments of `mg_row_segment` edges from the row's start, each
//           sequential from the identity; segment results are added in order, starting from the first.
// No includes: NVRTC compiles this too.
#ifndef MONOGRAPH_SHAPES_CUH
#define MONOGRAPH_SHAPES_CUH

static constexpr int mg_column_leaf = 1024;
static constexpr int mg_column_lanes = 32;
static constexpr int mg_row_segment = 4096;

#endif
