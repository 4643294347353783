// Programs that only the benchmark needs, written with the public DSL.
#pragma once

#include <monograph/program.h>

namespace monograph::bench {

/// PageRank in f32, otherwise as `pagerank()`. Output: rank f32[V].
Program pagerank_f32();
/// Components by labels that travel along edges, an edge in an iteration. Output: component (node ids)
/// i32[V], the smallest of each.
Program least_labels();
/// Components by FastSV. Output as above.
Program fastsv();

}  // namespace monograph::bench
