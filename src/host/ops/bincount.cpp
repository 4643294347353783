#include "host/ops/sorted.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"index", "an i32 or i64 column"}};
constexpr AttrSpec kAttrs[] = {
    {.name = "over",
     .kind = AttrKind::Type,
     .doc = "what is counted: f64[V], f64[E], f64[k]; its element type does not count"}};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  expect_elements(c, 0, Allowed::Int);
  const Type& over = domain_attr(c, 0);
  if (over.domain == Domain::Scalar) c.fail("a column as attribute over", to_string(over));
  return {with_scalar(over, ScalarType::I64)};
}

template <class I>
void count(std::span<const I> index, std::span<std::int64_t> out) {
  std::ranges::fill(out, std::int64_t{0});
  for (const I i : index)
    if (i >= 0 && static_cast<std::size_t>(i) < out.size()) ++out[static_cast<std::size_t>(i)];
}

void evaluate(EvalContext& c) {
  if (c.in(0).type.scalar == ScalarType::I32)
    count(c.in<std::int32_t>(0), c.out<std::int64_t>());
  else
    count(c.in<std::int64_t>(0), c.out<std::int64_t>());
}

}  // namespace

extern const OpDef bincount{
    .name = "core.bincount",
    .doc = "how many elements of index are 0, 1, ..., i64; those outside do not count",
    .access = Access::Whole,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .evaluate = evaluate};

}  // namespace monograph::ops
