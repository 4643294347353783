#include "host/codegen/step_text.h"

#include "host/base/hash.h"

namespace monograph::codegen {
namespace {

// Dynamic shared memory that a kernel has without asking for more.
constexpr std::uint32_t kMostShared = 48 << 10;

std::string digest(const std::string& text) {
  base::Hasher hash;
  hash.add(text);
  return hash.finish().text().substr(0, 12);
}

}  // namespace

DeviceGroup step_text(const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                      DeviceOptions options) {
  const std::optional<DeviceStep> device = device_step(plan, block, step);
  if (!device) return {};
  return emit_device_step(*device, "s" + digest(emit_device_step(*device, "step", options).text), options);
}

LoopKernelText loop_text(const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                         DeviceOptions options) {
  if (std::string why = loop_objection(plan, block, step); !why.empty())
    return {.objection = std::move(why)};
  const std::string name = "l" + digest(emit_device_loop(plan, block, step, "loop", options).text);
  DeviceLoop loop = emit_device_loop(plan, block, step, name, options);
  if (loop.kernel.shared_bytes > kMostShared)
    return {.objection = "its values take " + std::to_string(loop.kernel.shared_bytes) +
                         " bytes of shared memory, of " + std::to_string(kMostShared)};
  return {.text = device_loop_prelude() + loop.text, .kernel = std::move(loop.kernel)};
}

}  // namespace monograph::codegen
