// Monoids over host types: the identity and the combining row, by kind.
#pragma once

#include <monograph/error.h>

#include <string_view>
#include <type_traits>

#include "host/ops/scalar_row.h"

namespace monograph::ops {

inline constexpr std::string_view kMonoidNames[] = {
#define MONOGRAPH_MONOID(Kind, name, ...) name,
#include "host/ops/monoids.def"
};

template <class T>
struct Monoid {
  T identity;
  T (*combine)(T, T);
};

/// Bits of a float do not combine.
template <Allowed Set, class T>
inline constexpr bool kCombines = Set != Allowed::Int || !std::is_floating_point_v<T>;

/// The monoid over elements of type `T`, which the type rules have checked to be one that `kind` allows.
template <class T>
Monoid<T> monoid_of(MonoidKind kind) {
  using namespace scalar;
  switch (kind) {
#define MONOGRAPH_MONOID(Kind, name, scalar_op, allowed, doc, ...)                               \
  case MonoidKind::Kind:                                                                         \
    if constexpr (kCombines<Allowed::allowed, T>)                                                \
      return {__VA_ARGS__,                                                                       \
              [](T a, T b) { return Row<ScalarOp::scalar_op>::template run<T, T>(a, b, T{}); }}; \
    else                                                                                         \
      break;
#include "host/ops/monoids.def"
  }
  throw InternalError("unknown monoid");
}

}  // namespace monograph::ops
