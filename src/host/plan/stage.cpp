#include "host/plan/stage.h"

#include <algorithm>

namespace monograph::plan {

using Kind = Operation::Kind;

bool Stage::gathers(std::uint32_t a) const {
  return std::ranges::any_of(code, [&](const Operation& o) {
    const bool reads = (o.kind == Kind::Argument || o.kind == Kind::Take) && o.index == a;
    if (!reads || arguments[a].domain == Domain::Scalar) return false;
    if (o.kind == Kind::Take || o.place != Place::Row) return true;
    const auto position = static_cast<Register>(&o - code.data());
    return !is_row(position);  // at the row, but from edge code
  });
}

bool Stage::takes(Range part) const {
  return std::any_of(code.begin() + part.begin, code.begin() + part.end,
                     [](const Operation& o) { return o.kind == Kind::Take; });
}

}  // namespace monograph::plan
