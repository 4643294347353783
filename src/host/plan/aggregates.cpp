#include "host/plan/aggregates.h"

#include <string_view>

namespace monograph::plan {
namespace {

using ops::OpId;

template <class E>
E choice(const ir::Node& n, std::size_t attr) {
  return static_cast<E>(std::get<ops::EnumValue>(n.attrs[attr]).index);
}

std::string_view chosen_name(const ir::Node& n, std::size_t attr) {
  return ops::def(n.op).attrs[attr].names[std::get<ops::EnumValue>(n.attrs[attr]).index];
}

/// The monoid of that name; a count is the sum of a bool column.
std::optional<ops::MonoidKind> monoid_named(std::string_view name) {
  if (name == "count" || name == "mean") return ops::MonoidKind::Sum;
  for (const ops::MonoidInfo& m : ops::monoid_table())
    if (m.name == name) return m.kind;
  return {};
}

ScalarType total_type(const ir::Region& r, ir::ValueId weight) {
  if (weight.is_none()) return ScalarType::I64;
  const ScalarType t = ir::type_of(r, weight).scalar;
  return t == ScalarType::I32 ? ScalarType::I64 : t;
}

AggregateNode mode(const ir::Region& r, const ir::Node& n, ops::Direction direction, ops::Ties ties,
                   bool self) {
  return {.kind = Aggregate::Kind::Mode,
          .direction = direction,
          .type = n.results[0].scalar,
          .total = total_type(r, n.operands[1]),
          .ties = ties,
          .include_self = self,
          .value = n.operands[0],
          .weight = n.operands[1],
          .own = n.operands[0]};
}

AggregateNode neighbor_agg(const ir::Region& r, const ir::Node& n) {
  const std::string_view name = chosen_name(n, 0);
  const auto direction = choice<ops::Direction>(n, 1);
  const bool self = std::get<bool>(n.attrs[2]);
  if (name == "mode") return mode(r, n, direction, ops::Ties::Lowest, self);
  AggregateNode a{.kind = Aggregate::Kind::Fold,
                  .direction = direction,
                  .type = n.results[0].scalar,
                  .include_self = self,
                  .value = n.operands[0],
                  .weight = n.operands[1],
                  .fill = n.operands[2]};
  if (self) a.own = a.value;
  if (const auto monoid = monoid_named(name)) {
    a.monoid = *monoid;
    a.mean = a.convert_first = name == "mean";
  } else {
    a.kind = name == "argmin" ? Aggregate::Kind::ArgMin : Aggregate::Kind::ArgMax;
  }
  return a;
}

AggregateNode reduce_edges(const ir::Node& n) {
  constexpr ops::Direction kRows[] = {ops::Direction::Out, ops::Direction::In, ops::Direction::Both};
  return {.kind = Aggregate::Kind::Fold,
          .direction =
              kRows[std::get<ops::EnumValue>(n.attrs[0]).index],  // by the end that collects: src, dst, both
          .monoid = choice<ops::MonoidKind>(n, 1),
          .type = n.results[0].scalar,
          .at_edges = true,
          .value = n.operands[0],
          .fill = n.operands[1]};
}

AggregateNode degree(const ir::Node& n) {
  AggregateNode a{
      .kind = Aggregate::Kind::Count, .direction = choice<ops::Direction>(n, 0), .type = n.results[0].scalar};
  if (n.operands[0].is_none()) return a;
  a.kind = Aggregate::Kind::Fold, a.monoid = ops::MonoidKind::Sum;
  a.at_edges = true, a.value = n.operands[0];
  return a;
}

}  // namespace

std::optional<AggregateNode> read_aggregate(const ir::Region& region, const ir::Node& n) {
  switch (n.op) {
    case OpId::NeighborAgg:
      return neighbor_agg(region, n);
    case OpId::NeighborMode:
      return mode(region, n, choice<ops::Direction>(n, 0), choice<ops::Ties>(n, 1),
                  std::get<bool>(n.attrs[2]));
    case OpId::ReduceEdges:
      return reduce_edges(n);
    case OpId::Degree:
      return degree(n);
    default:
      return {};
  }
}

}  // namespace monograph::plan
