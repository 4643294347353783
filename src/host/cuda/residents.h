// What stays on a device between runs: rows of graphs and attribute columns, each uploaded once, for all
// plans that read them.
#pragma once

#include <monograph/graph.h>

#include <functional>
#include <list>
#include <memory>
#include <optional>

#include "host/codegen/long_rows.h"
#include "host/cuda/control.h"
#include "host/cuda/handles.h"
#include "host/cuda/staging.h"

namespace monograph::cuda {

/// Where arrays with an element per edge lie.
enum class EdgesIn : std::uint8_t {
  Device,
  Host,  ///< pinned memory that the device reads: slow, for graphs that it has no room for
};

/// An array that kernels read.
class ResidentArray {
 public:
  ResidentArray() = default;
  ResidentArray(Staging& staging, const void* from, std::size_t bytes, EdgesIn where, const char* purpose);
  const void* data() const { return device_ ? device_.get() : pinned_.get(); }
  /// In device memory, to be written there.
  ResidentArray(Runtime& runtime, std::size_t bytes, const char* purpose);
  void* data() { return device_ ? device_.get() : pinned_.get(); }
  void refill(Staging& staging, const void* from, std::size_t bytes);
  std::size_t device_bytes() const { return device_ ? bytes_ : 0; }

 private:
  DeviceMemory device_;
  PinnedMemory pinned_;
  std::size_t bytes_ = 0;
};

/// A graph's rows, of the directions that were asked for so far.
class ResidentGraph {
 public:
  /// `bulk`: the device's, or null.
  ResidentGraph(const Graph& graph, const Bulk* bulk) : graph_(graph), bulk_(bulk) {}
  struct Held {
    int arrays = 0;      ///< that came into memory
    int transposes = 0;  ///< that were made there
  };
  /// Uploads what is missing. The rows that enter nodes, where the host has none yet, are made on the device
  /// of those that leave them, as far as `available` bytes (asked for when it matters) suffice for that.
  Held hold(Staging& staging, bool in, bool out, EdgesIn where,
            const std::function<std::size_t()>& available);
  /// What `hold` would still take of the device: rows' offsets, and arrays with an element per edge.
  struct Missing {
    std::size_t offsets = 0, edges = 0;
  };
  Missing missing(bool in, bool out) const;

  /// The longest row of the directions that are held and asked for.
  std::int64_t longest_row(Staging& staging, bool in, bool out);
  /// What the tables of rows that are cut, in those directions, still take of the device.
  std::size_t table_bytes(Staging& staging, bool in, bool out);
  /// Brings them there, for as long as the rows stay. Gives how many arrays came.
  int cut(Staging& staging, bool in, bool out);
  /// Of all rows that are cut, with those that would be.
  std::int64_t pieces(bool in = false, bool out = false) const;
  device::mg_long_rows long_in() const { return table(in_); }
  device::mg_long_rows long_out() const { return table(out_); }
  bool transposed_there() const { return transposed_; }

  const Graph& graph() const { return graph_; }
  device::mg_device_rows in() const { return rows(in_); }
  device::mg_device_rows out() const { return rows(out_); }
  std::size_t device_bytes() const;

 private:
  struct Rows {
    bool there = false;
    ResidentArray offsets, neighbors, edges;
    // Of rows that are cut: what the host makes of the offsets when somebody asks, and its arrays there.
    std::optional<codegen::LongRows> lengths = {};
    bool cut = false;
    ResidentArray long_rows, first_pieces, row_of_piece;
    std::int64_t longest = 0;
  };
  static device::mg_long_rows table(const Rows& r);
  void measure(Staging& staging, Rows& rows);
  /// f(rows) for the directions.
  template <class F>
  void for_held(bool in, bool out, const F& f) {
    if (out && out_.there) f(out_);
    if (in && in_.there) f(in_);
  }
  static device::mg_device_rows rows(const Rows& r);
  static void hold(Staging& staging, Rows& rows, const Adjacency& from, EdgesIn where);
  bool may_transpose() const;
  bool transpose(Staging& staging, const std::function<std::size_t()>& available);

  Graph graph_;  // holds on to its topology: its address is what it is known by
  const Bulk* bulk_;
  Rows in_, out_;
  bool transposed_ = false;
};

/// A column of an attribute. Holds on to the host's: nobody can write to that without taking a copy first, so
/// its address says what it holds.
struct ResidentColumn {
  Column source;
  ResidentArray array;
};

/// The same elements in the same memory?
bool same_storage(const Column& a, const Column& b);

/// Least recently used first to go. What is in use elsewhere stays.
class Residents {
 public:
  using GraphRef = std::shared_ptr<ResidentGraph>;
  using ColumnRef = std::shared_ptr<ResidentColumn>;

  /// The graph with that topology, as yet without rows where it is new.
  GraphRef graph(const Graph& graph, const Bulk* bulk);
  /// Null when it is not there.
  ColumnRef find(const Column& column);
  ColumnRef add(Staging& staging, const Column& column, EdgesIn where);

  /// Writes another column of the same length over one.
  void refill(Staging& staging, ResidentColumn& resident, const Column& column);

  std::size_t graph_bytes() const, column_bytes() const;
  /// False when there is nothing that could go.
  bool drop_oldest();

 private:
  std::list<GraphRef> graphs_;    // the latest used first
  std::list<ColumnRef> columns_;  // likewise
};

}  // namespace monograph::cuda
