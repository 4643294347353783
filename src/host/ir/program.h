// The IR: typed SSA as plain values. A program is a list of regions; region 0 is the entry; a region is
// straight-line nodes over block arguments. Regions are CLOSED: a node's operands name nodes of its own
// region only, and whatever a nested region needs comes in as operands of the node that owns it, mirrored as
// block arguments. So a region can be hashed, compared, moved and run by itself.
#pragma once

#include <monograph/error.h>
#include <monograph/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "host/base/hash.h"
#include "host/ops/op_def.h"

namespace monograph::ir {

using ops::Attr;
using ops::OpId;

/// Result `result` of node `node` of the same region, a block argument, or nothing (an absent optional
/// operand).
struct ValueId {
  static constexpr std::uint32_t kArgument = 0xfffffffe, kNone = 0xffffffff;
  std::uint32_t node = kNone;
  std::uint32_t result = 0;

  static constexpr ValueId argument(std::uint32_t i) { return {kArgument, i}; }
  static constexpr ValueId none() { return {}; }
  constexpr bool is_argument() const { return node == kArgument; }
  constexpr bool is_none() const { return node == kNone; }
  friend constexpr auto operator<=>(const ValueId&, const ValueId&) = default;
};

using RegionIndex = std::uint32_t;

/// Regions inside regions, at most (the entry not counted): everything that walks a program recurses.
inline constexpr int kMaxNesting = 64;

/// One operation. Operands follow the signature; variadic ones come last; an absent optional operand is
/// none(). Attributes follow the signature, monostate where absent.
struct Node {
  OpId op{};
  std::vector<ValueId> operands;
  std::vector<Attr> attrs;
  std::vector<RegionIndex> regions;
  std::vector<Type> results;
  std::vector<Location> where;  ///< the user's source lines this came from: a sorted set, outside equality

  friend bool operator==(const Node& a, const Node& b) {
    return a.op == b.op && a.operands == b.operands && a.attrs == b.attrs && a.regions == b.regions &&
           a.results == b.results;
  }
};

struct Region {
  std::vector<Type> args;
  std::vector<Node> nodes;
  std::vector<ValueId> results;
  friend bool operator==(const Region&, const Region&) = default;
};

/// Regions are numbered in preorder (a node's regions follow those of the nodes before it), so equal programs
/// have equal lists.
struct Program {
  std::string name;
  std::vector<Region> regions{Region{}};

  const Region& entry() const { return regions.front(); }
  friend bool operator==(const Program&, const Program&) = default;
};

/// The type of a value of region `r`.
const Type& type_of(const Region& r, ValueId v);
/// Result types of `node` in region `r` of `p` by its op's type rule; CompileError when it does not type.
std::vector<Type> infer(const Program& p, const Region& r, const Node& node);
/// The constant that `v` is, or null.
const Constant* constant_of(const Region& r, ValueId v);
/// The first source line of a node, or an empty location.
Location location_of(const Node& node);
/// a + b, sorted, without repetition.
std::vector<Location> merge(const std::vector<Location>& a, const std::vector<Location>& b);
/// Adds `more` to lines that are sorted and without repetition, and stay so: many small sets make a large one in
/// the time of the large one.
void add_lines(std::vector<Location>& to, const std::vector<Location>& more);

/// The digest of a region's content, nested regions included, names and source lines excluded.
base::Hash128 hash(const Program& p, RegionIndex region = 0);

/// Checks every invariant; throws InternalError naming the node and what is wrong.
///   structure: region 0 has no arguments and no results; regions are in preorder, each owned by one node,
///   nested at
///              most kMaxNesting deep
///   values:    operands and results name an argument or an EARLIER node of the same region, and an existing
///   result signature: operand count, required operands, attribute count and kinds, enum range, region count
///   types:     recorded result types equal the inferred ones; width 1, graph 0
///   groups:    a fused region holds operations without regions and without writes
///   effects:   writes stand in region 0 only; two outputs (or two stores of one domain) have different
///   names;
///              parameters of one name agree in everything
void verify(const Program& p);

/// The parameters a program declares, in order of first use.
struct ParameterDecl {
  std::string name;
  Constant fallback;
  std::vector<Constant> minimum, maximum;  ///< empty or one
  ops::Role role = ops::Role::Value;
  std::string doc;
};
std::vector<ParameterDecl> parameters(const Program& p);

/// Whether a node for which a written form names no source line keeps its place in that form instead.
enum class Places : std::uint8_t { Forget, Keep };

/// Text. `parse(print(p)) == p`, source lines included when `locations` is set.
std::string print(const Program& p, bool locations = false);
/// CompileError "file:line:col: expected ..., found ..." on anything that is not a valid program.
Program parse(std::string_view text, const std::string& file = "program", Places places = Places::Forget);

/// JSON with the same content; `from_json(to_json(p)) == p`. Errors name line and column, or the path in the
/// document.
std::string to_json(const Program& p);
Program from_json(std::string_view text, const std::string& file = "program", Places places = Places::Forget);

}  // namespace monograph::ir
