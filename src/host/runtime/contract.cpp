// Contraction: nodes that share a label become one.
#include <monograph/graph.h>

#include <algorithm>

#include "host/ops/dispatch.h"

namespace monograph {
namespace {

using Labels = std::vector<std::int64_t>;

Labels labels_of(const Graph& graph, const Column& column) {
  if (column.type() != ScalarType::I32 && column.type() != ScalarType::I64)
    throw InputError("contract: expected i32 or i64 labels, got " + std::string(to_string(column.type())));
  if (column.size() != graph.node_count())
    throw InputError("contract: expected a label for each of " + std::to_string(graph.node_count()) +
                     " nodes, got " + std::to_string(column.size()));
  Labels labels;
  ops::dispatch(column.type(), [&]<class T>(std::type_identity<T>) {
    for (const T label : column.span<T>()) labels.push_back(static_cast<std::int64_t>(label));
  });
  return labels;
}

std::vector<double> weights_of(const Graph& graph, const std::string& name) {
  std::vector<double> weights(static_cast<std::size_t>(graph.edge_count()), 1.0);
  if (name.empty()) return weights;
  const Column* column = graph.edge_attribute(name);
  if (!column) throw InputError("contract: expected an edge attribute " + name + ", got none of that name");
  if (column->type() == ScalarType::Bool)
    throw InputError("contract: expected numbers in edge attribute " + name + ", got bool");
  ops::dispatch(column->type(), [&]<class T>(std::type_identity<T>) {
    std::ranges::transform(column->span<T>(), weights.begin(), [](T w) { return static_cast<double>(w); });
  });
  return weights;
}

/// Where each label stands among the distinct ones.
Column places(const Labels& labels, const Labels& distinct) {
  Column members(ScalarType::I32, static_cast<std::int64_t>(labels.size()));
  const auto out = members.span<std::int32_t>();
  std::ranges::transform(labels, out.begin(), [&](std::int64_t label) {
    return static_cast<std::int32_t>(std::ranges::lower_bound(distinct, label) - distinct.begin());
  });
  return members;
}

}  // namespace

Contraction contract(const Graph& graph, const Column& labels, const std::string& weight) {
  const Labels label = labels_of(graph, labels);
  const std::vector<double> weights = weights_of(graph, weight);
  Labels distinct = label;
  std::ranges::sort(distinct);
  distinct.erase(std::unique(distinct.begin(), distinct.end()), distinct.end());
  Contraction result{.graph = {}, .members = places(label, distinct)};

  EdgeList list;
  list.undirected = graph.undirected();
  list.multi_edges = MultiEdges::Sum;
  std::vector<double> sums;
  const auto member = std::as_const(result.members).span<std::int32_t>();
  const Adjacency out = graph.out();
  for (std::size_t v = 0; v < label.size(); ++v)
    for (auto k = static_cast<std::size_t>(out.offsets[v]); k < static_cast<std::size_t>(out.offsets[v + 1]);
         ++k) {
      const auto u = static_cast<std::size_t>(out.neighbors[k]);
      if (list.undirected && u < v) continue;  // stored from either end
      const double w = weights[static_cast<std::size_t>(out.edge(static_cast<std::int64_t>(k)))];
      const bool twice = list.undirected && u != v && member[u] == member[v];
      list.source.push_back(member[v]), list.target.push_back(member[u]);
      sums.push_back(twice ? 2 * w : w);
    }
  list.ids = NodeIds::sparse(std::move(distinct));
  list.attributes.push_back({"weight", Column::of(std::span<const double>(sums))});
  result.graph = Graph::from_edges(std::move(list));
  return result;
}

}  // namespace monograph
