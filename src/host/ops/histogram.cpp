#include <limits>

#include "host/ops/sorted.h"
#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr OperandSpec kOperands[] = {
    {"x", "a numeric column"},
    {"low", "f64: where the first interval begins; default the least number of x", OperandKind::Optional},
    {"high", "f64: where the last one ends; default the greatest number of x", OperandKind::Optional}};
constexpr AttrSpec kAttrs[] = {
    {.name = "bins", .kind = AttrKind::Int, .doc = "how many intervals, 1 or more"}};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  expect_elements(c, 0, Allowed::Num);
  for (const std::size_t i : {1, 2})
    if (c.has(i)) expect_scalar(c, i, ScalarType::F64);
  const std::int64_t bins = std::get<std::int64_t>(c.attrs[0]);
  if (bins < 1) c.fail("1 bin or more", std::to_string(bins));
  return {fixed_of(ScalarType::I64, bins)};
}

/// The least or greatest of the elements that are numbers.
Handle bound(Expansion& e, Handle wide, bool low) {
  const Handle nan = e.scalar(ScalarOp::IsNan, {wide}), none = number(e, low ? kInf : -kInf);
  return reduced(e, e.scalar(ScalarOp::Where, {nan, none, wide}), low ? MonoidKind::Min : MonoidKind::Max);
}

Handle expand(Expansion& e, Handles in, std::span<const Attr> attrs) {
  const std::int64_t bins = std::get<std::int64_t>(attrs[0]);
  const Handle wide = widen(e, *in[0]);
  const Handle low = in[1] ? *in[1] : bound(e, wide, true), high = in[2] ? *in[2] : bound(e, wide, false);
  const Handle away = e.scalar(ScalarOp::Sub, {wide, low}), width = e.scalar(ScalarOp::Sub, {high, low});
  // where all intervals but the last are empty, everything is in the last
  const Handle share = e.scalar(ScalarOp::SafeDiv, {away, width, number(e, 1)});
  const Handle place = e.scalar(ScalarOp::Mul, {share, number(e, static_cast<double>(bins))});
  const Handle whole = e.cast(e.scalar(ScalarOp::Floor, {place}), ScalarType::I64);
  const Handle index = e.scalar(ScalarOp::Min, {whole, e.constant(Constant::of(bins - 1))});
  const Handle from = e.scalar(ScalarOp::Ge, {wide, low}), to = e.scalar(ScalarOp::Le, {wide, high});
  const Handle inside = e.scalar(ScalarOp::And, {from, to}),
               none = e.constant(Constant::of(std::int64_t{-1}));
  const Handle counted = e.scalar(ScalarOp::Where, {inside, index, none});
  return e.op(OpId::Bincount, {counted}, {fixed_of(ScalarType::I64, bins)});
}

}  // namespace

extern const OpDef histogram{
    .name = "core.histogram",
    .doc =
        "how many elements lie in each of so many intervals of equal width, i64[bins]; the last includes its "
        "end. x goes to floor((x - low) / (high - low) * bins); NaN and what lies outside do not count",
    .access = Access::Global,
    .operands = kOperands,
    .attrs = kAttrs,
    .infer = infer,
    .expand = expand};

}  // namespace monograph::ops
