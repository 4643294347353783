#include "host/ops/sorted.h"
#include "host/ops/statistics.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {kSortedOperand};

std::vector<Type> infer(const InferContext& c) {
  column_operand(c, 0);
  return {scalar_of(ScalarType::F64)};
}

/// The sum over the different elements of p log p is the mean over all of log p.
Handle expand(Expansion& e, Handles in, std::span<const Attr>) {
  const Handle count = widen(e, e.op(OpId::Frequency, {*in[0]}));
  const Handle share = ratio(e, count, size_of_domain(e, e.type(*in[0])));
  const Handle bits = e.scalar(
      ScalarOp::Div, {mean_of(e, e.scalar(ScalarOp::Log, {share})), e.scalar(ScalarOp::Log, {number(e, 2)})});
  return e.scalar(ScalarOp::Sub, {number(e, 0), bits});
}

}  // namespace

extern const OpDef entropy{
    .name = "core.entropy",
    .doc = "-sum p log2 p over the shares of the different elements, f64; 0 when empty",
    .access = Access::Global,
    .operands = kOperands,
    .infer = infer,
    .expand = expand};

}  // namespace monograph::ops
