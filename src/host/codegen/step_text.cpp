#include "host/codegen/step_text.h"

#include "host/base/hash.h"

namespace monograph::codegen {

DeviceGroup step_text(const plan::Plan& plan, plan::BlockIndex block, std::size_t step) {
  const std::optional<DeviceStep> device = device_step(plan, block, step);
  if (!device) return {};
  base::Hasher hash;
  hash.add(emit_device_step(*device, "step").text);
  return emit_device_step(*device, "s" + hash.finish().text().substr(0, 12));
}

}  // namespace monograph::codegen
