// Runs fused programs twice: each group by the reference interpretation of its region and by tiles, compared
// bit for bit whenever it is reached.
#pragma once

#include <gtest/gtest.h>
#include <monograph/graph.h>

#include <map>
#include <string>
#include <vector>

#include "host/cpu/tiles.h"
#include "host/ir/program.h"
#include "host/runtime/run_state.h"

namespace monograph::cpu::test {

using ops::Value;
using Values = std::vector<Value>;

/// Memory of one run of one group: topology, chunks, workspaces, columns.
class TileRun {
 public:
  TileRun(const Graph& graph, const plan::Stage& stage, int threads);
  /// The group's results; false when a check failed. `in_place`: results lie in arguments' memory where they
  /// may, and the kernels are those for any machine.
  bool run(const Values& arguments, bool in_place);
  const Values& results() const { return results_; }
  unsigned long long failed() const { return run_.failed; }

 private:
  void add_chunks(std::int64_t rows, std::vector<scalar::mg_i64>& bounds, scalar::mg_chunks& chunks);
  void add_workspaces(const plan::Stage& stage, const Graph& graph);
  void expect_workspaces_kept() const;
  void bind(const Values& arguments, bool in_place);
  static void parallel(scalar::mg_run* run, scalar::mg_i64 chunks,
                       void (*body)(void* context, scalar::mg_i64 chunk, unsigned char* workspace),
                       void* context);

  scalar::mg_run run_{};  // the first member: `parallel` finds the rest by it
  const plan::Stage& stage_;
  TileProgram program_, baseline_;  ///< with the best kernels, with those for any machine
  int threads_;
  std::int64_t nodes_, edges_;
  std::vector<scalar::mg_i64> offsets_[2], positions_, node_bounds_, edge_bounds_;
  std::vector<std::vector<unsigned char>> workspaces_;
  std::int64_t workspace_bytes_ = 0;
  std::vector<unsigned char> partial_;
  std::vector<void*> columns_;
  std::vector<scalar::mg_value> scalars_;
  std::vector<Column> kept_;
  std::vector<std::uint32_t> in_, out_;
  Values results_;
};

/// What happened when a program ran.
struct Walk {
  int groups = 0;     ///< group executions compared
  std::string error;  ///< what the reference threw, if it did
};

/// Walks `program` (fused) by the reference and compares every group. `threads`: 1 or more.
Walk compare_groups(const ir::Program& program, const Graph& graph, int threads);

/// The same bits; all NaNs count as equal.
::testing::AssertionResult same_bits(const Value& expected, const Value& actual);

/// Graphs of awkward shapes. Nodes and edges have attributes x, y and z of every type (xf64, yi32, ...),
/// nodes also x and edges weight (both f64), all with special values among them.
const std::vector<std::pair<std::string, Graph>>& awkward_graphs();

}  // namespace monograph::cpu::test
