// The rows of scalar_ops.def and monoids.def for kernels, in a namespace that differs by machine (MG_TIER).
// Everything is inlined or local, so that no function compiled for one machine can be linked into code for
// another.
#pragma once

#include <array>
#include <type_traits>
#include <utility>

#include "host/cpu/tiles_kernels.h"
#include "host/ops/dispatch.h"

#if defined(__clang__)
#define MG_LOOP _Pragma("clang loop vectorize(assume_safety)")
#elif defined(__GNUC__)
#define MG_LOOP _Pragma("GCC ivdep")
#else
#define MG_LOOP
#endif

namespace monograph::cpu::MG_TIER {
namespace {

using namespace scalar;
using ops::Allowed, ops::CppType, ops::MonoidKind, ops::Operands, ops::ResultRule, ops::ScalarOp;

constexpr std::size_t kTypes = 5;

template <ScalarOp Op>
struct Row;
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity_, operands_, allowed_, result_, traits, accuracy, doc, \
                            ...)                                                                            \
  template <>                                                                                               \
  struct Row<ScalarOp::Kind> {                                                                              \
    static constexpr int arity = arity_;                                                                    \
    static constexpr Operands operands = Operands::operands_;                                               \
    static constexpr Allowed allowed = Allowed::allowed_;                                                   \
    static constexpr ResultRule result = ResultRule::result_;                                               \
    template <class R, class T>                                                                             \
    static MG_FN R run([[maybe_unused]] std::conditional_t<operands == Operands::Select, bool, T> a,        \
                       [[maybe_unused]] T b, [[maybe_unused]] T c) {                                        \
      return __VA_ARGS__;                                                                                   \
    }                                                                                                       \
  };
#include <monograph/scalar_ops.def>

template <MonoidKind Kind>
struct MonoidOf;
#define MONOGRAPH_MONOID(Kind, name, scalar_op, allowed_, doc, ...)   \
  template <>                                                         \
  struct MonoidOf<MonoidKind::Kind> {                                 \
    static constexpr Allowed allowed = Allowed::allowed_;             \
    template <class T>                                                \
    static MG_FN T identity() {                                       \
      return __VA_ARGS__;                                             \
    }                                                                 \
    template <class T>                                                \
    static MG_FN T combine(T a, T b) {                                \
      return Row<ScalarOp::scalar_op>::template run<T, T>(a, b, T{}); \
    }                                                                 \
  };
#include "host/ops/monoids.def"

}  // namespace
}  // namespace monograph::cpu::MG_TIER
