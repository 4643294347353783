// What the CUDA graph of a plan looks like, for `explain`: nodes, kernels, loops. No device is needed.
#pragma once

#include <cstdint>
#include <string>

#include "host/cuda/loop_form.h"
#include "host/plan/plan.h"

namespace monograph::cuda {

struct GraphView {
  GraphOptions options = {};
  // Of the graph: how many blocks a kernel has depends on them, and which nodes there are does not.
  std::int64_t nodes = 1 << 20, edges = 16 << 20;
};

/// A node a line, bodies indented below their loop or branch. What a node waits for is said where it is not
/// the node above it.
std::string graph_text(const plan::Plan& plan, const GraphView& view = {});
/// The same in the language of Graphviz.
std::string graph_dot(const plan::Plan& plan, const GraphView& view = {});

/// Device memory that a plan needs for its columns, its control block and its tables, exactly: what
/// PlanGraph::device_bytes will be.
std::size_t graph_bytes(const plan::Plan& plan, const GraphView& view);

}  // namespace monograph::cuda
