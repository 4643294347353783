// The nodes of one region, divided into groups (future kernels) and nodes that stand alone.
//
// A group is one traversal of one domain. In it, values belong to phases: entry scalars; rows; and what
// follows from reductions of the rows. An operation whose operand belongs to a later phase than it can read
// (x / sum(x)) goes into another group. The groups stay acyclic: no path leaves a group and comes back.
//
// What can stop a run (checks, and takes, which check their indices), what leaves it (outputs, stores) and
// what has regions keeps the order of the program, so that of several failures the first in the program is
// the one that is reported. Takes are members of groups: a group with takes stands in that order as a whole,
// and of the takes of one group the first in the program that fails counts, there the lowest element. So a
// take joins no group from which a later step with an effect has followed already.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "host/ir/program.h"
#include "host/passes/grouping.h"

namespace monograph::passes {

/// Does the node combine what the edges at a row contribute?
bool is_aggregate(const ir::Node& n);
/// The direction in which an aggregate walks the graph: of a `reduce_edges`, the rows that its end collects
/// from.
ops::Direction direction_of(const ir::Node& n);
/// Does the operation read a column by indices that it checks, row by row?
bool checks_rows(const ir::Node& n);
/// Does `n`, if it is part of a group, read `v` as a whole column, which the group cannot compute for itself?
inline bool is_whole(const ir::Node& n, ir::ValueId v) { return checks_rows(n) && v == n.operands[0]; }

class Partition {
 public:
  enum class Role : std::uint8_t {
    Static,  ///< bound before the run, or a constant: nothing to compute
    Lazy,    ///< cheap, and known wherever it is needed: each group computes it for itself
    Inline,  ///< an edge value that only aggregates read: they compute it edge by edge
    Alone,   ///< a step of its own: control, effects
    Member,  ///< of a group
  };
  struct Entity {
    bool is_group = false;
    bool has_aggregate = false;
    bool varies = false;  ///< depends on more than the graph: a parameter, an attribute, an argument, a step
    ops::Direction direction{};  ///< of its aggregates
    Type domain;                 ///< the element type does not count
    std::vector<std::uint32_t> nodes;
    std::set<std::uint32_t> before;  ///< entities that must run before it
  };

  Partition(const ir::Region& region, Grouping how);

  Role role(std::uint32_t node) const { return role_[node]; }
  /// Lazy, even where it was also put into a group because a control operation needs it.
  bool is_cloned(std::uint32_t node) const { return cloned_[node]; }
  std::uint32_t entity(std::uint32_t node) const { return entity_[node]; }
  const std::vector<Entity>& entities() const { return entities_; }
  /// Entities in an order in which they can run: that of their first nodes wherever possible.
  std::vector<std::uint32_t> order() const;

 private:
  enum class Phase : std::uint8_t { Entry, Row, Late };

  void classify();
  void find_inline();
  void assign(std::uint32_t node);
  void place(std::uint32_t node);
  void materialise();
  bool is_scalar(ir::ValueId v) const { return ir::type_of(region_, v).domain == Domain::Scalar; }
  Type domain_of(const ir::Node& n) const;
  std::set<std::uint32_t> dependencies(const ir::Node& n) const;
  bool is_ancestor(std::uint32_t ancestor, std::uint32_t of) const;
  std::optional<Phase> phase_in(std::uint32_t node, std::uint32_t group) const;
  bool reads_row_of(ir::ValueId v, std::uint32_t group) const;
  bool aggregates_from(ir::ValueId v, std::uint32_t group) const;
  bool varies(std::uint32_t node) const;
  bool is_given(const ir::Node& n) const;
  bool can_join(std::uint32_t node, std::uint32_t group) const;
  void join(std::uint32_t node, std::uint32_t group);
  void join_all(std::uint32_t node, std::uint32_t group, const std::set<std::uint32_t>& from);
  std::size_t aggregates(const Entity& x, const Entity& y) const;
  bool can_merge(std::uint32_t a, std::uint32_t b) const;
  void merge(std::uint32_t from, std::uint32_t to);
  std::uint32_t add_entity(std::uint32_t node, bool is_group);

  const ir::Region& region_;
  const Grouping how_;
  std::vector<Role> role_;
  std::vector<bool> cloned_;
  std::vector<std::set<std::uint32_t>>
      through_;              // of lazy and inline nodes: the entities that they depend on
  std::vector<bool> given_;  // of lazy and inline nodes: they vary, whatever those entities do
  std::vector<std::uint32_t> entity_;
  std::vector<Phase> phase_;
  std::vector<Entity> entities_;
  std::optional<std::uint32_t> last_effect_;
};

}  // namespace monograph::passes
