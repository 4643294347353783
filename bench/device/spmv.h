// The peer of one iteration of PageRank: cuSPARSE's y = A x over the rows that enter the nodes.
#pragma once

#include <monograph/graph.h>

namespace monograph::bench {

/// Milliseconds of one product, as part of a loop of `products` that the device runs alone; the median of
/// `times` loops. RuntimeError with CUDA's or cuSPARSE's error.
double spmv_ms(const Graph& graph, ScalarType type, int products, int times);

}  // namespace monograph::bench
