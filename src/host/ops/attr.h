// Attributes: the compile-time part of an operation, typed by its signature.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>

#include <monograph/types.h>

namespace monograph::ops {

enum class AttrKind : std::uint8_t { Bool, Int, String, Type, Constant, Enum };

/// A value of one of the kinds; `monostate` where an optional attribute is absent. An Enum is the index of its name.
struct EnumValue {
  std::uint8_t index = 0;
  friend bool operator==(EnumValue, EnumValue) = default;
};
using Attr = std::variant<std::monostate, bool, std::int64_t, std::string, Type, Constant, EnumValue>;

/// One attribute of a signature. Its default is taken when text or JSON leaves it out; `required` has none.
struct AttrSpec {
  std::string_view name;
  AttrKind kind;
  std::string_view doc;
  std::span<const std::string_view> names = {};  ///< of an Enum
  Attr fallback = {};                            ///< monostate: absent
  bool required = true;
};

// Enumerations that several ops share; the order is the index stored in the attribute.
enum class Direction : std::uint8_t { In, Out, Both };
inline constexpr std::string_view kDirectionNames[] = {"in", "out", "both"};
enum class EdgeEnd : std::uint8_t { Src, Dst, Both };
inline constexpr std::string_view kEdgeEndNames[] = {"src", "dst", "both"};
enum class Ties : std::uint8_t { Lowest, Highest, Keep };
inline constexpr std::string_view kTiesNames[] = {"lowest", "highest", "keep"};
/// What the elements of a parameter or an output mean to the user.
enum class Role : std::uint8_t { Value, Node };
inline constexpr std::string_view kRoleNames[] = {"value", "node"};

}  // namespace monograph::ops
