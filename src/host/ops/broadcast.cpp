#include <algorithm>

#include "host/ops/dispatch.h"
#include "host/ops/signature.h"

namespace monograph::ops {
namespace {

constexpr OperandSpec kOperands[] = {{"x", "a scalar"}};
constexpr AttrSpec kAttrs[] = {{.name = "over",
                                .kind = AttrKind::Type,
                                .doc = "over what: f64[V], f64[E], f64[k]; its element type does not count"}};

std::vector<Type> infer(const InferContext& c) {
  c.expect(c.operand(0).domain == Domain::Scalar, "a scalar", 0);
  return {with_scalar(domain_attr(c, 0), c.operand(0).scalar)};
}

void evaluate(EvalContext& c) {
  dispatch(c.in(0).type.scalar, [&]<class T>(std::type_identity<T>) {
    const auto out = c.out<T>();
    std::fill(out.begin(), out.end(), c.in<T>(0)[0]);
  });
}

}  // namespace

extern const OpDef broadcast{.name = "core.broadcast",
                             .doc = "a column whose elements all are x",
                             .access = Access::Elementwise,
                             .operands = kOperands,
                             .attrs = kAttrs,
                             .infer = infer,
                             .evaluate = evaluate};

}  // namespace monograph::ops
