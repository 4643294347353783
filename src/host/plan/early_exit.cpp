#include "host/plan/early_exit.h"

#include <algorithm>
#include <cstdint>
#include <limits>

#include "host/ops/dispatch.h"
#include "host/ops/monoid.h"

namespace monograph::plan {
namespace {

using Kind = Operation::Kind;

/// The node at the other end of the edge, in either type of index.
bool is_neighbor(const Stage& s, Register r) {
  const Operation& o = s.code[r];
  return o.kind == Kind::Index && o.place == Place::Neighbor;
}

bool is_greatest(const Stage& s, Register r) {
  const Operation& o = s.code[r];
  if (o.kind != Kind::Constant) return false;
  return o.constant == Constant::of(std::numeric_limits<std::int32_t>::max()) ||
         o.constant == Constant::of(std::numeric_limits<std::int64_t>::max());
}

bool is_identity(const Stage& s, Register r, const Aggregate& a) {
  const Operation& o = s.code[r];
  if (o.kind != Kind::Constant || o.type != a.type) return false;
  return ops::dispatch(a.type, [&]<class T>(std::type_identity<T>) {
    return o.constant == Constant::of(ops::monoid_of<T>(a.monoid).identity);
  });
}

/// Does it follow from scalars and from what is read at the neighbour?
bool is_of_neighbor(const Stage& s, const Range& edge, Register r) {
  if (r < edge.begin || r >= edge.end) return s.is_entry(r);
  const Operation& o = s.code[r];
  if (o.kind == Kind::Argument || o.kind == Kind::Index) return o.place == Place::Neighbor;
  if (o.kind != Kind::Scalar) return o.kind == Kind::Constant;
  return std::all_of(o.in.begin(), o.in.begin() + o.arity,
                     [&](Register in) { return is_of_neighbor(s, edge, in); });
}

}  // namespace

bool first_decides(const Stage& s, const Aggregate& a) {
  using ops::MonoidKind;
  if (a.kind != Aggregate::Kind::Fold || s.takes(a.edge)) return false;
  if (a.monoid == MonoidKind::Any || a.monoid == MonoidKind::All) return true;
  if (a.monoid != MonoidKind::Min || is_float(a.type)) return false;
  const Operation& o = s.code[a.value];
  if (o.type != a.type || o.kind != Kind::Scalar || o.scalar != ops::ScalarOp::Where) return false;
  return (is_neighbor(s, o.in[1]) && is_greatest(s, o.in[2])) ||
         (is_neighbor(s, o.in[2]) && is_greatest(s, o.in[1]));
}

std::optional<EdgeCondition> source_condition(const Stage& s, const Aggregate& a) {
  if (a.kind != Aggregate::Kind::Fold) return {};
  const Operation& o = s.code[a.value];
  if (o.kind != Kind::Scalar || o.scalar != ops::ScalarOp::Where) return {};
  if (!is_of_neighbor(s, a.edge, o.in[0])) return {};
  if (is_identity(s, o.in[2], a)) return EdgeCondition{o.in[0], true};
  if (is_identity(s, o.in[1], a)) return EdgeCondition{o.in[0], false};
  return {};
}

}  // namespace monograph::plan
