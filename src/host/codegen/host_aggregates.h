// The neighbourhoods of a group's rows, in C++ for the CPU: how edges are walked and what they combine to.
#pragma once

#include <string>
#include <vector>

#include "host/plan/masks.h"

namespace monograph::codegen {

class AggregateText {
 public:
  /// Its aggregates are those from number `first_aggregate` on of the plan.
  AggregateText(const plan::Stage& stage, std::size_t first_aggregate);

  /// The expression of a register, in row code or edge code.
  std::string expression(plan::Register r) const;
  /// Operations as declarations.
  std::string range(plan::Range code, const std::string& indent) const;

  /// Into g<k>[i] for rows [i0, end) of a leaf.
  std::string in_leaf(std::size_t k) const;
  /// Into g<k>[i], of one row.
  std::string of_row(std::size_t k) const;
  /// A segment of a hub, edges [begin, end): an expression.
  std::string of_segment(const plan::Aggregate& a, const std::string& side) const;
  /// The partial results of hubs of one side.
  std::string hub_partials(std::size_t k, const std::string& side) const;
  /// Statement `skip` where nobody asks for aggregate k of this row; empty where all rows may be asked.
  std::string unless_asked(std::size_t k, const std::string& skip) const;

 private:
  std::string fold(std::size_t k, const std::string& side, const std::string& combine) const;
  std::string fold_side(std::size_t k, const std::string& side) const;
  std::string short_rows(std::size_t k, const std::string& side, const std::string& combine) const;
  std::string short_fold(const plan::Aggregate& a) const;
  std::string fold_name(const plan::Aggregate& a, const char* edges) const;
  std::string other(std::size_t k) const;
  std::string count(std::size_t k) const;
  std::string mode(std::size_t k) const;
  std::string arg_extreme(std::size_t k) const;
  std::string edge_lambda(plan::Register result, plan::Range edge, const std::string& side) const;
  std::string row_value(plan::Register r) const;
  std::string loop(std::size_t k, const std::string& row, const std::string& skip) const;
  std::string nothing(std::size_t k) const;

  const plan::Stage& s_;
  const std::size_t first_aggregate_;
  std::vector<std::vector<plan::RowCondition>> masks_;  ///< of each aggregate
};

/// Does the code name this element? As an index, as a value, or as the last argument of mg_take.
bool reads_element(const std::string& code, const std::string& element);

}  // namespace monograph::codegen
