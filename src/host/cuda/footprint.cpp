#include "host/cuda/footprint.h"

#include "host/cuda/graph_text.h"
#include "host/cuda/handles.h"

namespace monograph::cuda {

Footprint footprint_of(const PreparedPlan& plan, const ResidentGraph& graph,
                       std::span<const BoundAttribute> attributes, std::size_t lanes,
                       const GraphOptions& options) {
  const Graph& g = graph.graph();
  const bool active = options.active(), undirected = g.undirected();
  const ResidentGraph::Missing missing =
      graph.missing(plan.needs().in_of(undirected, active), plan.needs().out_of(undirected, active));
  Footprint f{.rows = missing.offsets, .edges = missing.edges};
  for (const BoundAttribute& a : attributes) {
    if (a.resident) continue;
    const bool of_edges = plan.plan().slots[a.slot].type.domain == Domain::Edges;
    (of_edges ? f.edges : f.attributes) += static_cast<std::size_t>(a.bound.bytes());
  }
  f.columns =
      graph_bytes(plan.plan(), {.options = options, .nodes = g.node_count(), .edges = g.edge_count()});
  f.room = lanes * lane_bytes(room_for(plan.plan(), g.node_count(), g.edge_count(), g.undirected()));
  return f;
}

std::string to_text(const Footprint& f) {
  std::string text;
  const auto add = [&](const char* what, std::size_t bytes) {
    if (bytes > 0) text += (text.empty() ? "" : ", ") + std::string(what) + " " + bytes_text(bytes);
  };
  add("rows", f.rows), add("edges", f.edges), add("attributes of nodes", f.attributes);
  add("columns", f.columns), add("room for partial results", f.room);
  return text;
}

}  // namespace monograph::cuda
