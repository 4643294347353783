#include "host/plan/early_exit.h"

#include <cstdint>
#include <limits>

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

}  // namespace monograph::plan
