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
enum class ResultRule : std::uint8_t { Same, Bool, Real, F64, Target };
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
bool allows(Allowed set, ScalarType t);
/// "i32, i64, f32 or f64": for messages.
std::string_view describe(Allowed set);
/// The result type for operands of type `t` (the type `T` of the row); `target` is the attribute of cast.
ScalarType result_type(const ScalarInfo& op, ScalarType t, std::optional<ScalarType> target = {});

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
