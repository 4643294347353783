// The rows of a graph that are cut, for stages that are balanced (DeviceOptions): a table per direction,
// which whoever runs them keeps with the graph.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace monograph::codegen {

/// As mg_long_rows of kernels/device_run.cuh.
struct LongRows {
  std::vector<int> rows;
  std::vector<long long> first;
  std::vector<int> of;
  std::size_t pieces() const { return of.size(); }
};

/// `offsets`: of the nodes' rows, and after the last.
LongRows long_rows(std::span<const long long> offsets);

}  // namespace monograph::codegen
