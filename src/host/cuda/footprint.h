// How much device memory a run takes, by what it is for: known before anything is allocated.
#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "host/cuda/instance.h"

namespace monograph::cuda {

struct Footprint {
  std::size_t rows = 0;        ///< offsets of the graph's rows that are not there yet
  std::size_t edges = 0;       ///< neighbours and attributes of edges that are not there yet
  std::size_t attributes = 0;  ///< of nodes, likewise
  std::size_t columns = 0;     ///< values of the program, and what decides what runs
  std::size_t room = 0;        ///< for partial results
  std::size_t total() const { return rows + edges + attributes + columns + room; }
};

/// Of a plan on a graph, with that many lanes: what is still to be taken.
Footprint footprint_of(const PreparedPlan& plan, const ResidentGraph& graph,
                       std::span<const BoundAttribute> attributes, std::size_t lanes,
                       const GraphOptions& options);
/// "rows 1.0 GiB, attributes 2.0 MiB, ...": what is not 0.
std::string to_text(const Footprint& f);

}  // namespace monograph::cuda
