#include "host/ops/scalar.h"

#include <monograph/error.h>

#include <array>
#include <limits>
#include <type_traits>

#include "host/ops/dispatch.h"
#include "host/ops/scalar_row.h"

namespace monograph::ops {
namespace {

constexpr Accuracy Exact{};
template <int Ulp>
constexpr Accuracy Approx{Ulp};

constexpr ScalarInfo kTable[] = {
#define MONOGRAPH_SCALAR_OP(Kind, ident, name, arity, operands, allowed, result, traits, accuracy, doc, ...) \
  {ScalarOp::Kind,     #ident, name,     arity, Operands::operands, Allowed::allowed,                        \
   ResultRule::result, traits, accuracy, doc,   #__VA_ARGS__},
#include <monograph/scalar_ops.def>
};

template <ScalarOp Op, class R, class T>
void loop(std::span<const ScalarOperand> in, R* out, std::int64_t n) {
  constexpr ScalarInfo row = kTable[static_cast<std::size_t>(Op)];
  using A = First<row.operands, T>;
  static constexpr T zero{};
  const auto* a = static_cast<const A*>(in[0].data);
  const auto* b = row.arity > 1 ? static_cast<const T*>(in[1].data) : &zero;
  const auto* c = row.arity > 2 ? static_cast<const T*>(in[2].data) : &zero;
  const std::int64_t sa = in[0].stride, sb = row.arity > 1 ? in[1].stride : 0,
                     sc = row.arity > 2 ? in[2].stride : 0;
  for (std::int64_t i = 0; i < n; ++i) out[i] = Row<Op>::template run<R, T>(a[i * sa], b[i * sb], c[i * sc]);
}

using Loop = void (*)(std::span<const ScalarOperand>, void*, std::int64_t);
constexpr std::size_t kTypes = 5;

template <ScalarOp Op, std::size_t T, std::size_t R>
constexpr Loop loop_for() {
  constexpr auto t = static_cast<ScalarType>(T), r = static_cast<ScalarType>(R);
  constexpr ScalarInfo row = kTable[static_cast<std::size_t>(Op)];
  if constexpr (defined_on(row.allowed, row.result, t, r)) {
    using Rt = CppType<r>;
    return [](std::span<const ScalarOperand> in, void* out, std::int64_t n) {
      loop<Op, Rt, CppType<t>>(in, static_cast<Rt*>(out), n);
    };
  } else {
    return nullptr;
  }
}

template <ScalarOp Op, std::size_t... I>
constexpr std::array<Loop, sizeof...(I)> loops_of(std::index_sequence<I...>) {
  return {loop_for<Op, I / kTypes, I % kTypes>()...};
}

constexpr std::array<Loop, kTypes * kTypes> kLoops[] = {
#define MONOGRAPH_SCALAR_OP(Kind, ...) loops_of<ScalarOp::Kind>(std::make_index_sequence<kTypes * kTypes>{}),
#include <monograph/scalar_ops.def>
};

constexpr MonoidInfo kMonoids[] = {
#define MONOGRAPH_MONOID(Kind, name, scalar_op, allowed, doc, ...) \
  {MonoidKind::Kind, name, ScalarOp::scalar_op, Allowed::allowed, doc, #__VA_ARGS__},
#include "monoids.def"
};

template <class T>
Constant identity_in(MonoidKind kind) {
  using namespace scalar;
  switch (kind) {
#define MONOGRAPH_MONOID(Kind, name, scalar_op, allowed, doc, ...) \
  case MonoidKind::Kind:                                           \
    return Constant::of<T>(__VA_ARGS__);
#include "monoids.def"
  }
  throw InternalError("monoid without identity");
}

}  // namespace

std::span<const ScalarInfo> scalar_table() { return kTable; }
const ScalarInfo& info(ScalarOp op) { return kTable[static_cast<std::size_t>(op)]; }

std::string_view describe(Allowed set) {
  switch (set) {
    case Allowed::Num:
      return "i32, i64, f32 or f64";
    case Allowed::Int:
      return "i32 or i64";
    case Allowed::Float:
      return "f32 or f64";
    case Allowed::Bool:
      return "bool";
    case Allowed::I64:
      return "i64";
    case Allowed::Any:
    case Allowed::BoolNum:
      return "any type";
  }
  return "";
}

ScalarType result_type(const ScalarInfo& op, ScalarType t, std::optional<ScalarType> target) {
  return result_type(op.result, t, op.result == ResultRule::Target ? target.value() : t);
}

void evaluate_scalar(ScalarOp op, ScalarType t, ScalarType r, std::span<const ScalarOperand> operands,
                     void* out, std::int64_t n) {
  const Loop run = kLoops[static_cast<std::size_t>(op)]
                         [static_cast<std::size_t>(t) * kTypes + static_cast<std::size_t>(r)];
  if (!run)
    throw InternalError("no evaluation of core." + std::string(info(op).name) + " on " +
                        std::string(to_string(t)));
  run(operands, out, n);
}

std::span<const MonoidInfo> monoid_table() { return kMonoids; }
const MonoidInfo& info(MonoidKind kind) { return kMonoids[static_cast<std::size_t>(kind)]; }

ScalarType accumulator_type(MonoidKind kind, ScalarType t) {
  return kind == MonoidKind::Sum && !is_float(t) ? ScalarType::I64 : t;
}

Constant identity(MonoidKind kind, ScalarType accumulator) {
  return dispatch(accumulator, [&]<class T>(std::type_identity<T>) { return identity_in<T>(kind); });
}

}  // namespace monograph::ops
