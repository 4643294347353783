// Builds programs node by node: raw (the DSL, the parsers) or folding and sharing (every rewrite).
#pragma once

#include <string>
#include <unordered_map>
#include <vector>

#include "host/ir/program.h"

namespace monograph::ir {

struct BuilderOptions {
  bool fold = false;  ///< element-wise operations on constants become constants (never approximate ones)
  bool share =
      false;  ///< equal pure nodes of a region become one; operands of COMMUTATIVE ops are put in order
};
inline constexpr BuilderOptions kRaw{}, kRewrite{.fold = true, .share = true};

class Builder {
 public:
  explicit Builder(std::string name, BuilderOptions options = {}) : options_(options) {
    program_.name = std::move(name);
    memo_.resize(1);
  }

  /// A new region with these block arguments, not yet owned by any node.
  RegionIndex add_region(std::vector<Type> args = {});
  /// Appends a node to region `r`, inferring its result types. Returns its first value: a folding, sharing
  /// builder may return an older one, and then appends nothing.
  ValueId emit(RegionIndex r, Node node);
  ValueId emit(RegionIndex r, OpId op, std::vector<ValueId> operands, std::vector<Attr> attrs = {},
               std::vector<Location> where = {});
  ValueId constant(RegionIndex r, Constant value, std::vector<Location> where = {});
  /// The first value of the pure node of region `r` that a sharing builder would return for `node`, or none.
  ValueId find(RegionIndex r, Node node) const;
  void set_results(RegionIndex r, std::vector<ValueId> results) {
    program_.regions[r].results = std::move(results);
  }

  Region& region(RegionIndex r) { return program_.regions[r]; }
  const Region& region(RegionIndex r) const { return program_.regions[r]; }
  const Program& program() const { return program_; }
  const Type& type(RegionIndex r, ValueId v) const { return type_of(region(r), v); }
  /// The program, regions renumbered in preorder; verified.
  Program finish();

 private:
  bool try_fold(RegionIndex r, const Node& node, ValueId& out);
  /// The operands of a commutative operation in order, and the result types.
  void complete(RegionIndex r, Node& node) const;
  ValueId find_complete(RegionIndex r, const Node& node) const;
  BuilderOptions options_;
  Program program_;
  std::vector<std::unordered_multimap<std::uint64_t, std::uint32_t>> memo_;  // per region: content -> node
};

/// `program` replayed through a builder with `options`.
Program replay(const Program& program, BuilderOptions options);

/// Expands a composite operation into region `r` of `builder`; handles are values of that region.
ValueId expand(Builder& builder, RegionIndex r, const Node& node);

}  // namespace monograph::ir
