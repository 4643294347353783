// The rows of scalar_ops.def, compiled: Row<Op>::run<R, T>(a, b, c) is the row's expression. Whatever needs
// an element-wise operation on the host (loops, monoids) goes through it, so there is no second definition.
#pragma once

#include <type_traits>

#include "host/ops/scalar.h"
#include "host/ops/scalar_math.h"

namespace monograph::ops {

template <ScalarOp Op>
struct Row;
/// The first operand's type: the condition of a selection is bool, all else has one type T.
template <Operands Pattern, class T>
using First = std::conditional_t<Pattern == Operands::Select, bool, T>;
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity, operands, allowed, result, traits, accuracy, doc, ...) \
  template <>                                                                                                \
  struct Row<ScalarOp::Kind> {                                                                               \
    template <class R, class T>                                                                              \
    static R run([[maybe_unused]] First<Operands::operands, T> a, [[maybe_unused]] T b,                      \
                 [[maybe_unused]] T c) {                                                                     \
      using namespace scalar;                                                                                \
      return __VA_ARGS__;                                                                                    \
    }                                                                                                        \
  };
#include <monograph/scalar_ops.def>

}  // namespace monograph::ops
