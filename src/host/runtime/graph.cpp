// Graph: checks what comes in, shares topology between copies, builds the transpose once.
#include <algorithm>
#include <limits>
#include <utility>

#include "host/base/balance.h"
#include "host/base/hash.h"
#include "host/base/ranges.h"
#include "host/runtime/graph_topology.h"

namespace monograph {
namespace {

using Offset = std::int64_t;

[[noreturn]] void bad_index(std::string_view what, std::size_t edge, std::int32_t index, Offset nodes) {
  throw InputError("edge " + std::to_string(edge) + ": " + std::string(what) + " is node index " +
                   std::to_string(index) + ", but there are " + std::to_string(nodes) + " nodes" +
                   (nodes ? " (indices 0.." + std::to_string(nodes - 1) + ")" : ""));
}

void check_indices(std::string_view what, std::span<const std::int32_t> indices, Offset nodes) {
  for (std::size_t e = 0; e < indices.size(); ++e)
    if (indices[e] < 0 || indices[e] >= nodes) bad_index(what, e, indices[e], nodes);
}

void check_length(std::string_view kind, const std::string& name, const Column& column, Offset expected) {
  if (column.size() != expected)
    throw InputError(std::string(kind) + " attribute '" + name + "' has " + std::to_string(column.size()) +
                     " values, but there are " + std::to_string(expected) + " " + std::string(kind) + "s");
}

void check_edge_list(const EdgeList& list) {
  if (list.source.size() != list.target.size())
    throw InputError("an edge list needs as many targets as sources: " + std::to_string(list.target.size()) +
                     " and " + std::to_string(list.source.size()));
  check_indices("source", list.source, list.ids.size());
  check_indices("target", list.target, list.ids.size());
  for (const auto& a : list.attributes)
    check_length("edge", a.name, a.column, static_cast<Offset>(list.source.size()));
}

void check_offsets(std::span<const Offset> offsets, std::size_t edges) {
  if (offsets.empty() || offsets.front() != 0 || offsets.back() != static_cast<Offset>(edges))
    throw InputError("row offsets must begin with 0 and end with the number of edges, " +
                     std::to_string(edges));
  const auto bad = std::ranges::adjacent_find(offsets, std::greater<>());
  if (bad != offsets.end())
    throw InputError("row offsets must ascend: row " + std::to_string(bad - offsets.begin()) +
                     " ends before it begins");
}

constexpr std::size_t kPollEvery = std::size_t{1} << 20;  // edges: some milliseconds

/// Rows that nobody made here: what every other function relies on.
void check_rows(std::span<const Offset> offsets, std::span<const std::int32_t> neighbors, bool undirected,
                const std::function<void()>& poll) {
  check_offsets(offsets, neighbors.size());
  const auto nodes = static_cast<Offset>(offsets.size()) - 1;
  base::Balance balance;
  for (std::size_t v = 0, k = 0; v + 1 < offsets.size(); ++v)
    for (std::int32_t last = 0; k < static_cast<std::size_t>(offsets[v + 1]); ++k) {
      const std::int32_t u = neighbors[k];
      if (k % kPollEvery == 0 && poll) poll();
      if (u < 0 || u >= nodes) bad_index("target", k, u, nodes);
      if (u < last)
        throw InputError("row " + std::to_string(v) + " does not ascend: " + std::to_string(u) + " follows " +
                         std::to_string(last));
      last = u;
      if (undirected) balance.add(static_cast<std::uint32_t>(v), static_cast<std::uint32_t>(u));
    }
  if (!balance.even())
    throw InputError(
        "these rows are not symmetric, so they are not an undirected graph: some edge is stored in "
        "one direction only");
}

/// The source of each edge in CSR order.
std::vector<std::int32_t> row_of_each(std::span<const Offset> offsets) {
  std::vector<std::int32_t> rows;
  rows.reserve(static_cast<std::size_t>(offsets.back()));
  for (std::size_t v = 0; v + 1 < offsets.size(); ++v)
    rows.insert(rows.end(), static_cast<std::size_t>(offsets[v + 1] - offsets[v]),
                static_cast<std::int32_t>(v));
  return rows;
}

void add_ids(base::Hasher& digest, const NodeIds& ids) {
  digest.add(ids.is_text());
  if (ids.is_dense()) return digest.add(static_cast<std::uint64_t>(ids.size() ? ids.number(0) : 0));
  for (std::int32_t v = 0; v < ids.size(); ++v) {
    if (ids.is_text())
      digest.add(ids.text(v));
    else
      digest.add(static_cast<std::uint64_t>(ids.number(v)));
  }
}

NodeIds subset(const NodeIds& ids, std::span<const Offset> kept) {
  std::vector<std::int64_t> numbers;
  std::vector<std::string> names;
  for (const auto v : kept) {
    if (ids.is_text())
      names.push_back(ids.text(static_cast<std::int32_t>(v)));
    else
      numbers.push_back(ids.number(static_cast<std::int32_t>(v)));
  }
  return ids.is_text() ? NodeIds::strings(std::move(names)) : NodeIds::sparse(std::move(numbers));
}

std::vector<Offset> kept_positions(std::string_view kind, std::span<const bool> mask, Offset count) {
  if (!mask.empty() && static_cast<Offset>(mask.size()) != count)
    throw InputError("the " + std::string(kind) + " mask has " + std::to_string(mask.size()) +
                     " values, but there are " + std::to_string(count) + " " + std::string(kind) + "s");
  std::vector<Offset> kept;
  for (Offset i = 0; i < count; ++i)
    if (mask.empty() || mask[static_cast<std::size_t>(i)]) kept.push_back(i);
  return kept;
}

const Column* find(const std::vector<Attribute>& attributes, std::string_view name) {
  const auto a = std::ranges::find(attributes, name, &Attribute::name);
  return a == attributes.end() ? nullptr : &a->column;
}

void put(std::vector<Attribute>& attributes, std::string name, Column column) {
  const auto a = std::ranges::find(attributes, name, &Attribute::name);
  if (a != attributes.end())
    a->column = std::move(column);
  else
    attributes.push_back({std::move(name), std::move(column)});
}

std::vector<std::string> names_of(const std::vector<Attribute>& attributes) {
  std::vector<std::string> names;
  for (const auto& a : attributes) names.push_back(a.name);
  return names;
}

}  // namespace

Adjacency Rows::adjacency() const {
  return {offsets.span<Offset>(), neighbors.span<std::int32_t>(),
          edges.size() ? edges.span<Offset>() : std::span<const Offset>{}};
}

const Rows& Topology::csc() const {
  std::call_once(csc_once_, [this] {
    const base::Range range(base::Phase::Csc);
    csc_ = transpose(csr);
    if (undirected) {  // the same rows: keep one copy
      csc_.offsets = csr.offsets;
      csc_.neighbors = csr.neighbors;
    }
    ++csc_builds_;
  });
  return csc_;
}

std::uint64_t Topology::fingerprint() const {
  std::call_once(fingerprint_once_, [this] {
    base::Hasher digest;
    digest.add(undirected);
    digest.add(static_cast<std::uint64_t>(ids.size()));
    for (const Offset offset : csr.offsets.span<Offset>()) digest.add(static_cast<std::uint64_t>(offset));
    for (const std::int32_t v : csr.neighbors.span<std::int32_t>()) digest.add(static_cast<std::uint64_t>(v));
    add_ids(digest, ids);
    fingerprint_ = digest.finish().low;
  });
  return fingerprint_;
}

struct Graph::Data {
  std::shared_ptr<const Topology> topology;
  std::vector<Attribute> nodes, edges;

  static std::shared_ptr<Data> of(Rows csr, NodeIds ids, bool undirected) {
    auto topology = std::make_shared<Topology>();
    topology->csr = std::move(csr);
    topology->ids = std::move(ids);
    topology->undirected = undirected;
    auto data = std::make_shared<Data>();
    data->topology = std::move(topology);
    return data;
  }
};

Graph::Graph()
    : data_(
          Data::of({Column(ScalarType::I64, 1), Column(ScalarType::I32, 0), {}}, NodeIds::dense(0), false)) {}
Graph::Graph(std::shared_ptr<Data> data) : data_(std::move(data)) {}

Graph Graph::from_edges(EdgeList edges, const std::function<void()>& poll) {
  check_edge_list(edges);
  auto built = build_csr(edges, poll);
  auto data = Data::of(std::move(built.csr), std::move(edges.ids), edges.undirected);
  for (auto& a : built.attributes) put(data->edges, std::move(a.name), std::move(a.column));
  return Graph(std::move(data));
}

Graph Graph::from_csr(std::span<const std::int64_t> row_offsets, std::span<const std::int32_t> column_indices,
                      std::vector<Attribute> edge_attributes, bool undirected) {
  check_offsets(row_offsets, column_indices.size());
  EdgeList list;
  list.ids = NodeIds::dense(static_cast<Offset>(row_offsets.size()) - 1);
  list.source = row_of_each(row_offsets);
  list.target.assign(column_indices.begin(), column_indices.end());
  list.attributes = std::move(edge_attributes);
  Graph graph = from_edges(std::move(list));
  if (!undirected) return graph;
  const auto& topology = *graph.data_->topology;
  if (!is_symmetric(topology.csr))
    throw InputError(
        "this CSR is not symmetric, so it is not an undirected graph: some edge is stored in one direction "
        "only");
  auto data = Data::of(topology.csr, topology.ids, true);
  data->edges = graph.data_->edges;
  return Graph(std::move(data));
}

Graph Graph::from_rows(Column row_offsets, Column column_indices, NodeIds ids, bool undirected,
                       const std::function<void()>& poll) {
  if (row_offsets.size() != ids.size() + 1)
    throw InputError("expected " + std::to_string(ids.size() + 1) + " row offsets for " +
                     std::to_string(ids.size()) + " nodes, found " + std::to_string(row_offsets.size()));
  check_rows(std::as_const(row_offsets).span<Offset>(), std::as_const(column_indices).span<std::int32_t>(),
             undirected, poll);
  return Graph(Data::of({std::move(row_offsets), std::move(column_indices), {}}, std::move(ids), undirected));
}

std::int64_t Graph::node_count() const noexcept { return data_->topology->ids.size(); }
std::int64_t Graph::edge_count() const noexcept { return data_->topology->csr.neighbors.size(); }
bool Graph::undirected() const noexcept { return data_->topology->undirected; }
Adjacency Graph::out() const { return data_->topology->csr.adjacency(); }
Adjacency Graph::in() const { return data_->topology->csc().adjacency(); }
std::int64_t Graph::csc_builds() const noexcept { return data_->topology->csc_builds(); }
const NodeIds& Graph::ids() const noexcept { return data_->topology->ids; }
std::uint64_t Graph::fingerprint() const { return data_->topology->fingerprint(); }

const Column* Graph::node_attribute(std::string_view name) const { return find(data_->nodes, name); }
const Column* Graph::edge_attribute(std::string_view name) const { return find(data_->edges, name); }
std::vector<std::string> Graph::node_attribute_names() const { return names_of(data_->nodes); }
std::vector<std::string> Graph::edge_attribute_names() const { return names_of(data_->edges); }

void Graph::set_node_attribute(std::string name, Column column) {
  check_length("node", name, column, node_count());
  auto data = std::make_shared<Data>(*data_);  // copies of this graph keep what they have
  put(data->nodes, std::move(name), std::move(column));
  data_ = std::move(data);
}

void Graph::set_edge_attribute(std::string name, Column column) {
  check_length("edge", name, column, edge_count());
  auto data = std::make_shared<Data>(*data_);
  put(data->edges, std::move(name), std::move(column));
  data_ = std::move(data);
}

Graph Graph::view(std::span<const bool> node_mask, std::span<const bool> edge_mask) const {
  const auto nodes = kept_positions("node", node_mask, node_count());
  const auto edges = kept_positions("edge", edge_mask, edge_count());
  std::vector<std::int32_t> renumbered(static_cast<std::size_t>(node_count()), -1);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    renumbered[static_cast<std::size_t>(nodes[i])] = static_cast<std::int32_t>(i);
  const auto source = row_of_each(out().offsets);
  const auto target = out().neighbors;
  EdgeList list;
  std::vector<Offset> kept;
  for (const auto e : edges) {
    const auto s = renumbered[static_cast<std::size_t>(source[static_cast<std::size_t>(e)])];
    const auto t = renumbered[static_cast<std::size_t>(target[static_cast<std::size_t>(e)])];
    if (s < 0 || t < 0) continue;
    list.source.push_back(s);
    list.target.push_back(t);
    kept.push_back(e);
  }
  for (const auto& a : data_->edges) list.attributes.push_back({a.name, gather(a.column, kept)});
  list.ids = subset(ids(), nodes);
  auto built = build_csr(list, {});
  const bool symmetric = undirected() && (edge_mask.empty() || is_symmetric(built.csr));
  auto data = Data::of(std::move(built.csr), std::move(list.ids), symmetric);
  data->edges = std::move(built.attributes);
  for (const auto& a : data_->nodes) data->nodes.push_back({a.name, gather(a.column, nodes)});
  return Graph(std::move(data));
}

}  // namespace monograph
