// Device text: the same table rows that the host compiles, spelled as header-free CUDA C++.
//
// A text is a prelude (scalar_math.cuh, the shapes of sums, one template per row and monoid of the tables,
// the schedules) and any number of kernels. It compiles under NVRTC, under nvcc, and with the SIMT shim under
// g++ and clang.
#pragma once

#include <monograph/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/ir/program.h"
#include "host/ops/attr.h"

namespace monograph::codegen {

/// The device's name of an element type: i64 is `long long` everywhere.
std::string_view device_type(ScalarType t);
/// A constant that has the same bits on every compiler: floats in hexadecimal, infinities and NaN as bit
/// casts.
std::string device_literal(const Constant& c);
/// "mg_op_add<double, double>(x, y)": the table row `op` with its T and R.
std::string device_call(ops::ScalarOp op, ScalarType t, ScalarType r, std::span<const std::string> operands);

/// One parameter of a kernel, in order: what whoever launches it must pass.
struct KernelParameter {
  enum class Kind : std::uint8_t {
    Argument,       ///< argument `index` of the region: a pointer to its column, or the scalar itself
    Result,         ///< pointer to result column `index` of the region; aliases no argument
    Scalar,         ///< a run parameter, by `name`
    NodeCount,      ///< i64: V
    EdgeCount,      ///< i64: E
    Count,          ///< i64: elements of the group's domain
    RowOffsets,     ///< i64*, V + 1: of the rows that the aggregation walks (see KernelText::direction)
    Neighbors,      ///< i32*, E: the node at the other end
    EdgePositions,  ///< i64*, E: position of each edge in CSR order; null where that is the identity
  };
  Kind kind{};
  std::uint32_t index = 0;
  std::string name = {};
  Type type = {};  ///< of the argument, result or scalar
};

struct KernelText {
  std::string reason;  ///< why the region has no kernel, empty when it has
  std::string name;    ///< extern "C": says group, operation and type, as profilers show it
  std::string text;    ///< needs device_prelude() before it
  std::vector<KernelParameter> parameters;
  Type domain;                                    ///< of its results; the element type does not count
  ops::Direction direction = ops::Direction::In;  ///< of the rows; where an aggregation is in the group
  unsigned block_threads = 256;  ///< a launch takes this block size, and any number of blocks
  bool ok() const noexcept { return reason.empty(); }
};

/// One kernel for a closed, straight-line region: its arguments are columns and scalars, its results columns
/// of one domain. Between them: element-wise operations, constants, run parameters, counts, node_index,
/// broadcasts, and at most one graph.neighbor_agg of a monoid (direction in or out) over [V], with any
/// element-wise code before it (at the neighbour) and after it (at the centre). Anything else is a reason,
/// not an error. Sums and products have the canonical row shape, so results are equal to the reference bit
/// for bit, except through operations that the table marks approximate.
KernelText emit_group(const ir::Region& region, const std::string& group);

/// The tables as templates, after scalar_math.cuh: mg_op_NAME<R, T> and mg_monoid_NAME. For the host and the device.
std::string table_text();
/// Everything kernels build on. The same for all kernels.
std::string device_prelude();

}  // namespace monograph::codegen
