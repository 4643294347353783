#include "host/codegen/device_masks.h"

#include "host/codegen/stage_text.h"
#include "host/plan/masks.h"

namespace monograph::codegen {

/// Conditions are row code, which comes later: what they need is computed here a second time.
std::string mask_text(const plan::Stage& stage, std::size_t aggregate, const std::string& name,
                      const std::function<std::string(plan::Register)>& spell) {
  const std::vector<plan::RowCondition> conditions =
      plan::mask_of(stage, static_cast<std::uint32_t>(aggregate));
  if (conditions.empty()) return {};
  std::string text = "      const bool " + name + " = [&] {\n        if (!here) return false;\n";
  for (const plan::RowCondition& c : conditions)
    text += "        {\n" + declarations_of(stage, c.condition, "          ", spell) + "          if (" +
            (c.value ? "!" : "") + register_name(c.condition) + ") return false;\n        }\n";
  return text + "        return true;\n      }();\n";
}

}  // namespace monograph::codegen
