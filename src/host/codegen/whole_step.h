// Operations of Access::Whole as device code.
#pragma once

#include "host/codegen/device_step.h"
#include "host/codegen/kernel_text.h"

namespace monograph::codegen {

/// Over what its kernels share the work among blocks.
Type whole_rows(const DeviceStep& step);
/// Bytes of mg_device::partial that it needs.
std::int64_t whole_room(const DeviceStep& step, std::int64_t nodes, std::int64_t edges);
/// In this order.
std::vector<StepCall> whole_calls(const DeviceStep& step, const StepWords& words);
KernelHead whole_head(const DeviceStep& step, const std::string& name);

}  // namespace monograph::codegen
