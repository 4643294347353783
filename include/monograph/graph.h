// The user's data: topology (CSR, and CSC built on demand), attribute columns, and the user's node ids.
#pragma once

#include <monograph/error.h>
#include <monograph/types.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace monograph {

/// An owning column of elements, zero-initialised, aligned to 64 bytes (from 4 MB on: to 2 MB, in huge pages
/// where the system grants them). A value: copies share storage until one of them is written (non-const
/// `data`, `span`, `set`), which first takes its own copy. So take a non-const span after the last copy was
/// made, and read through const. MemoryError when the elements do not fit in memory.
class Column {
 public:
  Column() = default;
  Column(ScalarType type, std::int64_t size);
  template <class T>
  static Column of(std::span<const T> values) {
    Column c(scalar_type_of<T>, static_cast<std::int64_t>(values.size()));
    std::copy(values.begin(), values.end(), c.span<T>().begin());
    return c;
  }
  /// Elements in storage that something else made (a mapped file), aligned to 64 bytes. The storage lives as
  /// long as a column refers to it, and has to bear being written, through the last column that does.
  static Column in_storage(ScalarType type, std::int64_t size, std::shared_ptr<std::byte[]> storage);

  ScalarType type() const noexcept { return type_; }
  std::int64_t size() const noexcept { return size_; }
  std::int64_t bytes() const noexcept { return size_ * size_of(type_); }
  const void* data() const noexcept { return data_.get(); }
  /// Does another column have the same storage? Then writing to this one takes a copy first.
  bool shared() const noexcept { return data_.use_count() > 1; }
  void* data();
  /// The elements; throws InternalError when `T` is not the column's type.
  template <class T>
  std::span<const T> span() const {
    expect(scalar_type_of<T>);
    return {static_cast<const T*>(data()), static_cast<std::size_t>(size_)};
  }
  template <class T>
  std::span<T> span() {
    expect(scalar_type_of<T>);
    return {static_cast<T*>(data()), static_cast<std::size_t>(size_)};
  }
  /// Element `i` with its type.
  Constant at(std::int64_t i) const;
  void set(std::int64_t i, const Constant& value);

 private:
  void expect(ScalarType asked) const;
  ScalarType type_ = ScalarType::F64;
  std::int64_t size_ = 0;
  std::shared_ptr<std::byte[]> data_;
};

/// A column under a name.
struct Attribute {
  std::string name;
  Column column;
};

/// Maps the user's node ids to indices 0..V-1 and back. Indices follow the ORDER of the ids (numbers by
/// value, strings by bytes), so "the smallest id" and "the smallest index" are the same node: ties need no
/// lookup.
class NodeIds {
 public:
  /// ids base, base + 1, ..., base + count - 1
  static NodeIds dense(std::int64_t count, std::int64_t base = 0);
  /// Strictly ascending numbers.
  static NodeIds sparse(std::vector<std::int64_t> ascending);
  /// Strictly ascending strings.
  static NodeIds strings(std::vector<std::string> ascending);

  std::int64_t size() const noexcept;
  bool is_text() const noexcept;
  /// True when id = base + index for every node.
  bool is_dense() const noexcept;
  /// The id of node `index` as text.
  std::string text(std::int32_t index) const;
  /// The id of node `index` as a number; InternalError for string ids.
  std::int64_t number(std::int32_t index) const;
  /// The node whose id reads `id`, if there is one.
  std::optional<std::int32_t> find(std::string_view id) const;
  std::optional<std::int32_t> find(std::int64_t id) const;

 private:
  std::int64_t count_ = 0, base_ = 0;
  std::shared_ptr<const std::vector<std::int64_t>> sparse_;
  std::shared_ptr<const std::vector<std::string>> strings_;
};

/// What becomes of several edges with the same ends (in an undirected graph: the same two ends, however
/// listed). Drop keeps the first in input order. Sum, Min and Max combine every numeric edge attribute; a
/// bool keeps the first.
enum class MultiEdges : std::uint8_t { Keep, Drop, Sum, Min, Max };
/// What becomes of edges from a node to itself.
enum class SelfLoops : std::uint8_t { Keep, Drop };

/// Edges by node index, with attribute columns in the same order: the input of `Graph::from_edges`.
struct EdgeList {
  std::vector<std::int32_t> source = {}, target = {};  ///< indices in 0..ids.size()-1
  std::vector<Attribute> attributes = {};              ///< one element per edge
  NodeIds ids = {};
  bool undirected = false;  ///< each listed edge is mirrored once; self-loops are stored once
  MultiEdges multi_edges = MultiEdges::Keep;
  SelfLoops self_loops = SelfLoops::Keep;
};

/// Rows of neighbours, borrowed from a `Graph`. Row v is [offsets[v], offsets[v+1]).
struct Adjacency {
  std::span<const std::int64_t> offsets;    ///< V + 1
  std::span<const std::int32_t> neighbors;  ///< E, ascending within a row; equal ones keep the order of input
  std::span<const std::int64_t>
      edges;  ///< E: position of this edge in CSR order; EMPTY when it is the identity
  std::int64_t edge(std::int64_t k) const { return edges.empty() ? k : edges[static_cast<std::size_t>(k)]; }
};

/// A directed multigraph, possibly symmetric. Cheap to copy: copies share topology and attributes, and
/// setting an attribute of one does not show in the other. Topology never changes; the transpose is built on
/// first use, once, also from several threads.
class Graph {
 public:
  Graph();  ///< no nodes, no edges
  /// InputError when an index is out of range, a column has another length, or there are more than 2^31-1
  /// nodes.
  /// `poll` is called now and then; what it throws ends the building.
  static Graph from_edges(EdgeList edges, const std::function<void()>& poll = {});
  /// Copies a CSR. Rows need not be sorted. InputError when offsets do not ascend, an index is out of range,
  /// or `undirected` is claimed and some edge is not stored in both directions.
  static Graph from_csr(std::span<const std::int64_t> row_offsets,
                        std::span<const std::int32_t> column_indices,
                        std::vector<Attribute> edge_attributes = {}, bool undirected = false);
  /// Takes rows as they are, without a copy: `row_offsets` is i64[V + 1], `column_indices` i32[E], ascending
  /// within a row. InputError as from_csr, and where a row does not ascend. Costs one walk over both.
  static Graph from_rows(Column row_offsets, Column column_indices, NodeIds ids, bool undirected,
                         const std::function<void()>& poll = {});

  std::int64_t node_count() const noexcept;  ///< V
  std::int64_t edge_count()
      const noexcept;  ///< E: stored directed edges (an undirected edge counts twice, a loop once)
  bool undirected() const noexcept;  ///< every edge is stored in both directions
  /// CSR: row v lists the targets of the edges leaving v.
  Adjacency out() const;
  /// CSC: row v lists the sources of the edges entering v. Built on first use and kept.
  Adjacency in() const;
  /// How often this topology's transpose was built (0 or 1).
  std::int64_t csc_builds() const noexcept;
  const NodeIds& ids() const noexcept;
  /// A 64-bit digest of topology and ids.
  std::uint64_t fingerprint() const;

  /// Attributes, null when there is none of that name. Edge columns are in CSR order. Valid until an
  /// attribute is set.
  const Column* node_attribute(std::string_view name) const;
  const Column* edge_attribute(std::string_view name) const;
  std::vector<std::string> node_attribute_names() const;
  std::vector<std::string> edge_attribute_names() const;
  /// Adds or replaces; InputError when the length is not V or E.
  void set_node_attribute(std::string name, Column column);
  void set_edge_attribute(std::string name, Column column);

  /// The subgraph of the nodes with node_mask[v] and the edges with edge_mask[e] (CSR order) between them.
  /// An empty mask keeps everything. The user's ids and the attributes come along.
  Graph view(std::span<const bool> node_mask, std::span<const bool> edge_mask = {}) const;

 private:
  struct Data;
  explicit Graph(std::shared_ptr<Data> data);
  std::shared_ptr<Data> data_;
};

/// What `contract` makes.
struct Contraction {
  Graph graph;     ///< a node per distinct label, in their order; its ids are the labels
  Column members;  ///< i32[V of the old graph]: the node that each old node became part of
};

/// Merges the nodes that share a label (i32 or i64, one per node). Edges between the same two groups become
/// one, which carries the sum of their `weight` (edge attribute as f64; without a name, 1 each) as attribute
/// "weight"; edges inside of a group become a self-loop. Weighted degrees are kept: an undirected graph's
/// self-loop, stored once, carries the weight of both directions of the edges that it stands for.
/// InputError when a label is missing or there is no such attribute of numbers.
Contraction contract(const Graph& graph, const Column& labels, const std::string& weight = {});

}  // namespace monograph
