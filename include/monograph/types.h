// Types of values: what one element is (`ScalarType`), how many there are (`Domain`), and when two count as
// the same (`Match`).
#pragma once

#include <bit>
#include <cstdint>
#include <string>
#include <string_view>

namespace monograph {

/// When two values count as the same.
enum class Match : std::uint8_t {
  Exact,        ///< the same number (or, where one is no number, the same text)
  Equivalence,  ///< the same partition: labels agree after renaming
  Epsilon,      ///< |actual - expected| <= tolerance * |expected|; 0 and infinities exactly, NaN only as NaN
};
/// The type of one element. `Bool` is stored as one byte, 0 or 1; integers are two's complement and wrap.
enum class ScalarType : std::uint8_t { Bool, I32, I64, F32, F64 };

/// How many elements a value has.
enum class Domain : std::uint8_t {
  Scalar,  ///< one element
  Nodes,   ///< one element per node, printed [V]
  Edges,   ///< one element per stored edge in CSR order (by source, then target), printed [E]
  Fixed,   ///< a length fixed in the program, printed [k]
};

/// The type of a value: element type, domain, record width, and the graph whose nodes or edges it covers.
/// Only width 1 and graph 0 are used at present; both are part of the type so that nothing has to change
/// later.
struct Type {
  ScalarType scalar = ScalarType::F64;
  Domain domain = Domain::Scalar;
  std::uint8_t width = 1;
  std::uint8_t graph = 0;
  std::int64_t length = 0;  ///< elements of a `Fixed` domain, 0 otherwise

  friend bool operator==(const Type&, const Type&) = default;
};

constexpr Type scalar_of(ScalarType s) { return {.scalar = s}; }
constexpr Type nodes_of(ScalarType s) { return {.scalar = s, .domain = Domain::Nodes}; }
constexpr Type edges_of(ScalarType s) { return {.scalar = s, .domain = Domain::Edges}; }
constexpr Type fixed_of(ScalarType s, std::int64_t n) {
  return {.scalar = s, .domain = Domain::Fixed, .length = n};
}
/// The same domain with another element type.
constexpr Type with_scalar(Type t, ScalarType s) {
  t.scalar = s;
  return t;
}

constexpr bool is_float(ScalarType s) { return s == ScalarType::F32 || s == ScalarType::F64; }
constexpr bool is_integer(ScalarType s) { return s == ScalarType::I32 || s == ScalarType::I64; }
/// Bytes of one element: 1, 4 or 8.
constexpr int size_of(ScalarType s) {
  return s == ScalarType::Bool ? 1 : s == ScalarType::I32 || s == ScalarType::F32 ? 4 : 8;
}

/// "bool", "i32", "i64", "f32", "f64".
std::string_view to_string(ScalarType s);
/// "f64", "f64[V]", "bool[E]", "i64[16]".
std::string to_string(const Type& t);
/// The inverse of `to_string`; false (and `out` untouched) when the text names no type.
bool parse_type(std::string_view text, Type& out);

/// The C++ type of an element -> its `ScalarType`.
template <class T>
struct ScalarTypeOf;
template <>
struct ScalarTypeOf<bool> {
  static constexpr ScalarType value = ScalarType::Bool;
};
template <>
struct ScalarTypeOf<std::int32_t> {
  static constexpr ScalarType value = ScalarType::I32;
};
template <>
struct ScalarTypeOf<std::int64_t> {
  static constexpr ScalarType value = ScalarType::I64;
};
template <>
struct ScalarTypeOf<float> {
  static constexpr ScalarType value = ScalarType::F32;
};
template <>
struct ScalarTypeOf<double> {
  static constexpr ScalarType value = ScalarType::F64;
};
template <class T>
constexpr ScalarType scalar_type_of = ScalarTypeOf<T>::value;

/// One element with its type. Two constants are equal when type and BITS are: -0 and +0 differ, NaN equals
/// itself.
struct Constant {
  ScalarType type = ScalarType::F64;
  std::uint64_t bits = 0;

  template <class T>
  static constexpr Constant of(T v) {
    if constexpr (sizeof(T) == 1)
      return {scalar_type_of<T>, static_cast<std::uint64_t>(v)};
    else if constexpr (sizeof(T) == 4)
      return {scalar_type_of<T>, std::bit_cast<std::uint32_t>(v)};
    else
      return {scalar_type_of<T>, std::bit_cast<std::uint64_t>(v)};
  }
  /// The value; `T` must be the C++ type of `type`.
  template <class T>
  constexpr T as() const {
    if constexpr (sizeof(T) == 1)
      return bits != 0;
    else if constexpr (sizeof(T) == 4)
      return std::bit_cast<T>(static_cast<std::uint32_t>(bits));
    else
      return std::bit_cast<T>(bits);
  }
  friend bool operator==(const Constant&, const Constant&) = default;
};

/// Text that `parse_constant` reads back to the same bits: "3", "true", "0.1", "-0.0", "inf", "nan",
/// "nan:0x7ff…".
std::string to_string(const Constant& c);
/// Reads a constant of type `type`; false when the text is not one, or does not fit.
bool parse_constant(std::string_view text, ScalarType type, Constant& out);

}  // namespace monograph
