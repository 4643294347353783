// The table of element-wise operations (monograph/scalar_ops.def) as the compiler sees it, and its host evaluation.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <monograph/types.h>

namespace monograph::ops {

enum class ScalarOp : std::uint8_t {
#define MONOGRAPH_SCALAR_OP(Kind, ...) Kind,
#include <monograph/scalar_ops.def>
};

enum class Operands : std::uint8_t { Uniform, Select };
enum class Allowed : std::uint8_t { Num, Int, Float, Bool, Any, I64, BoolNum };
enum class ResultRule : std::uint8_t { Same, Bool, Real, F64, Target, Sibling };
enum Trait : unsigned { None = 0, Commutative = 1, Associative = 2, Idempotent = 4 };

/// How far results may lie from one another between backends: 0 = the same bits.
struct Accuracy { int ulp = 0; };

struct ScalarInfo {
  ScalarOp op;
  std::string_view ident;   ///< the DSL function
  std::string_view name;    ///< without the "core." prefix
  int arity;
  Operands operands;
  Allowed allowed;
  ResultRule result;
  unsigned traits;
  Accuracy accuracy;
  std::string_view doc;
  std::string_view tokens;  ///< the expression, for device text
};

std::span<const ScalarInfo> scalar_table();
const ScalarInfo& info(ScalarOp op);
constexpr bool allows(Allowed set, ScalarType t) {
  switch (set) {
    case Allowed::Num: return t != ScalarType::Bool;
    case Allowed::Int: return is_integer(t);
    case Allowed::Float: return is_float(t);
    case Allowed::Bool: return t == ScalarType::Bool;
    case Allowed::I64: return t == ScalarType::I64;
    case Allowed::Any:
    case Allowed::BoolNum: return true;
  }
  return false;
}
/// "i32, i64, f32 or f64": for messages.
std::string_view describe(Allowed set);
/// The result type for operands of type `t` (the type `T` of the row); `target` is the attribute of cast.
constexpr ScalarType result_type(ResultRule rule, ScalarType t, ScalarType target) {
  switch (rule) {
    case ResultRule::Same: return t;
    case ResultRule::Bool: return ScalarType::Bool;
    case ResultRule::Real: return is_float(t) ? t : ScalarType::F64;
    case ResultRule::F64: return ScalarType::F64;
    case ResultRule::Target: return target;
    case ResultRule::Sibling:
      switch (t) {
        case ScalarType::I32: return ScalarType::F32;
        case ScalarType::I64: return ScalarType::F64;
        case ScalarType::F32: return ScalarType::I32;
        case ScalarType::F64: return ScalarType::I64;
        case ScalarType::Bool: break;
      }
  }
  return t;
}
/// `target`: of cast, which must have one.
ScalarType result_type(const ScalarInfo& op, ScalarType t, std::optional<ScalarType> target = {});
/// Is the row defined for T = `t` and R = `r`?
constexpr bool defined_on(Allowed set, ResultRule rule, ScalarType t, ScalarType r) {
  return allows(set, t) && result_type(rule, t, r) == r;
}

/// One operand of an element-wise evaluation: `stride` is 0 for a scalar that broadcasts, else 1.
struct ScalarOperand {
  const void* data = nullptr;
  std::int64_t stride = 1;
};
/// Evaluates out[i] = op(operands[.][i]) for i in [0, n). `t` is T of the row, `r` the result type.
void evaluate_scalar(ScalarOp op, ScalarType t, ScalarType r, std::span<const ScalarOperand> operands, void* out,
                     std::int64_t n);

enum class MonoidKind : std::uint8_t {
#define MONOGRAPH_MONOID(Kind, ...) Kind,
#include "monoids.def"
};

struct MonoidInfo {
  MonoidKind kind;
  std::string_view name;
  ScalarOp combine;
  Allowed allowed;
  std::string_view doc;
  std::string_view identity;  ///< expression over T, for device text
};

std::span<const MonoidInfo> monoid_table();
const MonoidInfo& info(MonoidKind kind);
/// The type in which elements of type `t` are combined and returned (sums of bool and i32 are taken in i64).
ScalarType accumulator_type(MonoidKind kind, ScalarType t);
Constant identity(MonoidKind kind, ScalarType accumulator);

}  // namespace monograph::ops
