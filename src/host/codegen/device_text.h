// The table's rows as device text: header-free CUDA C++, with the tokens that the host compiles. Compiled CPU
// code is spelled the same.
#pragma once

#include <monograph/types.h>

#include <span>
#include <string>
#include <string_view>

#include "host/ops/scalar.h"

namespace monograph::codegen {

/// The device's name of an element type: i64 is `long long` everywhere.
std::string_view device_type(ScalarType t);
/// A constant that has the same bits on every compiler: floats in hexadecimal, infinities and NaN as bit
/// casts.
std::string device_literal(const Constant& c);
/// "mg_op_add<double, double>(x, y)": the table row `op` with its T and R.
std::string device_call(ops::ScalarOp op, ScalarType t, ScalarType r, std::span<const std::string> operands);

/// The tables as templates, after scalar_math.cuh: mg_op_NAME<R, T> and mg_monoid_NAME. For the host and the
/// device.
std::string table_text();
}  // namespace monograph::codegen
