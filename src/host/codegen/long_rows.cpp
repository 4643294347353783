#include "host/codegen/long_rows.h"

#include "host/ops/canonical.h"

namespace monograph::codegen {
namespace {

namespace device {
#include "kernels/device_run.cuh"
}  // namespace device

}  // namespace

LongRows long_rows(std::span<const long long> offsets) {
  LongRows all;
  for (std::size_t row = 0; row + 1 < offsets.size(); ++row) {
    const long long edges = offsets[row + 1] - offsets[row];
    if (edges <= device::mg_thread_row) continue;
    all.first.push_back(static_cast<long long>(all.of.size()));
    const auto pieces = (edges + scalar::mg_row_segment - 1) / scalar::mg_row_segment;
    all.of.insert(all.of.end(), static_cast<std::size_t>(pieces), static_cast<int>(all.rows.size()));
    all.rows.push_back(static_cast<int>(row));
  }
  all.first.push_back(static_cast<long long>(all.of.size()));
  return all;
}

}  // namespace monograph::codegen
