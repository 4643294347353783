// Pieces of signatures and type rules that several operations share.
#pragma once

#include <string>
#include <string_view>

#include "host/ops/monoid.h"
#include "host/ops/op_def.h"

namespace monograph::ops {

// ---- attributes
constexpr AttrSpec name_attr(std::string_view doc) {
  return {.name = "name", .kind = AttrKind::String, .doc = doc};
}
constexpr AttrSpec monoid_attr() {
  return {.name = "monoid", .kind = AttrKind::Enum, .doc = "how elements combine", .names = kMonoidNames};
}
constexpr AttrSpec enum_attr(std::string_view name, std::string_view doc,
                             std::span<const std::string_view> names, std::uint8_t fallback) {
  return {.name = name,
          .kind = AttrKind::Enum,
          .doc = doc,
          .names = names,
          .fallback = EnumValue{fallback},
          .required = false};
}
constexpr AttrSpec direction_attr(Direction fallback) {
  return enum_attr("direction",
                   "in: sources of entering edges; out: targets of leaving edges; both: in, then out (on an "
                   "undirected graph each incident edge once)",
                   kDirectionNames, static_cast<std::uint8_t>(fallback));
}
constexpr AttrSpec include_self_attr() {
  return {.name = "include_self",
          .kind = AttrKind::Bool,
          .doc = "the node's own value joins last, with weight 1",
          .fallback = false,
          .required = false};
}

// ---- type rules
inline const std::string& name_of(const InferContext& c, std::size_t attr = 0) {
  const std::string& name = std::get<std::string>(c.attrs[attr]);
  if (name.empty()) c.fail("a name", "an empty string");
  return name;
}
inline const Type& nodes_operand(const InferContext& c, std::size_t i) {
  c.expect(c.operand(i).domain == Domain::Nodes, "a column over the nodes [V]", i);
  return c.operand(i);
}
inline const Type& edges_operand(const InferContext& c, std::size_t i) {
  c.expect(c.operand(i).domain == Domain::Edges, "a column over the edges [E]", i);
  return c.operand(i);
}
inline void expect_elements(const InferContext& c, std::size_t i, Allowed set, const std::string& why = "") {
  c.expect(allows(set, c.operand(i).scalar), "elements of " + std::string(describe(set)) + why, i);
}
/// A scalar of exactly this element type.
inline void expect_scalar(const InferContext& c, std::size_t i, ScalarType t) {
  c.expect(c.operand(i) == scalar_of(t), "a scalar of " + std::string(to_string(t)), i);
}
inline void expect_monoid(const InferContext& c, std::size_t i, MonoidKind kind) {
  expect_elements(c, i, info(kind).allowed, " for monoid " + std::string(info(kind).name));
}
/// An attribute that says over what a value extends: only its domain and length count.
inline const Type& domain_attr(const InferContext& c, std::size_t attr) {
  const Type& over = std::get<Type>(c.attrs[attr]);
  if (over.length < 0) c.fail("a length of 0 or more", std::to_string(over.length));
  return over;
}

}  // namespace monograph::ops
