// Device text of rows of which nobody asks what their edges combine to (plan/masks.h).
#pragma once

#include <functional>
#include <string>

#include "host/plan/stage.h"

namespace monograph::codegen {

/// Declares `name`: whether the row is `here` and asks for the aggregate; nothing where every row does.
/// `spell` gives the expression of a register of row code.
std::string mask_text(const plan::Stage& stage, std::size_t aggregate, const std::string& name,
                      const std::function<std::string(plan::Register)>& spell);

}  // namespace monograph::codegen
