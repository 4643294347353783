#include "host/ops/region_types.h"

namespace monograph::ops {

std::string to_string(const std::vector<Type>& types) {
  std::string text = "(";
  for (std::size_t i = 0; i < types.size(); ++i) text += (i ? ", " : "") + monograph::to_string(types[i]);
  return text + ")";
}

std::vector<Type> operand_types(const InferContext& c, std::size_t first, std::size_t count) {
  std::vector<Type> types;
  for (std::size_t i = first; i < first + count; ++i) types.push_back(c.operand(i));
  return types;
}

void expect_types(const InferContext& c, const std::string& what, const std::vector<Type>& expected,
                  const std::vector<Type>& got) {
  if (expected != got) c.fail(what + " " + to_string(expected), to_string(got));
}

void expect_regions(const InferContext& c) {
  if (c.regions.size() != static_cast<std::size_t>(c.op.regions))
    c.fail(std::to_string(c.op.regions) + " regions", std::to_string(c.regions.size()));
}

}  // namespace monograph::ops
