#include <numeric>

#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr AttrSpec kAttrs[] = {{.name = "length", .kind = AttrKind::Int, .doc = "how many elements"}};

std::vector<Type> infer(const InferContext& c) {
  const std::int64_t length = std::get<std::int64_t>(c.attrs[0]);
  if (length < 0) c.fail("a length of 0 or more", std::to_string(length));
  return {fixed_of(ScalarType::I64, length)};
}

void evaluate(EvalContext& c) {
  const auto out = c.out<std::int64_t>();
  std::iota(out.begin(), out.end(), std::int64_t{0});
}

}  // namespace

extern const OpDef iota{.name = "core.iota",
                        .doc = "0, 1, ..., length - 1 as i64[length]",
                        .access = Access::Source,
                        .attrs = kAttrs,
                        .infer = infer,
                        .evaluate = evaluate};

}  // namespace monograph::ops
