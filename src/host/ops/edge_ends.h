// The two ends of every edge, in CSR order: what gather_src/gather_dst and edge_src/edge_dst share.
#pragma once

#include <cstdint>

#include "host/ops/dispatch.h"
#include "host/ops/signature.h"

namespace monograph::ops {

/// visit(edge, node at `end`) for every edge in CSR order.
template <class Visit>
void for_each_edge(const Graph& graph, EdgeEnd end, const Visit& visit) {
  const Adjacency out = graph.out();
  for (std::size_t v = 0; v + 1 < out.offsets.size(); ++v)
    for (auto e = static_cast<std::size_t>(out.offsets[v]); e < static_cast<std::size_t>(out.offsets[v + 1]);
         ++e)
      visit(e, end == EdgeEnd::Src ? static_cast<std::int32_t>(v) : out.neighbors[e]);
}

inline std::vector<Type> infer_edge_end(const InferContext&) { return {edges_of(ScalarType::I32)}; }
inline void evaluate_edge_end(EvalContext& c, EdgeEnd end) {
  const auto out = c.out<std::int32_t>();
  for_each_edge(c.run.graph(), end, [&](std::size_t edge, std::int32_t node) { out[edge] = node; });
}

inline std::vector<Type> infer_gather(const InferContext& c) {
  return {edges_of(nodes_operand(c, 0).scalar)};
}
inline void evaluate_gather(EvalContext& c, EdgeEnd end) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto x = c.in<T>(0);
    const auto out = c.out<T>();
    for_each_edge(c.run.graph(), end, [&](std::size_t edge, std::int32_t node) {
      out[edge] = x[static_cast<std::size_t>(node)];
    });
  });
}

}  // namespace monograph::ops
