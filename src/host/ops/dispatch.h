// From a ScalarType at run time to a C++ type at compile time.
#pragma once

#include <cstdint>
#include <tuple>
#include <type_traits>
#include <utility>

#include <monograph/types.h>

namespace monograph::ops {

template <ScalarType S>
using CppType = std::tuple_element_t<static_cast<std::size_t>(S), std::tuple<bool, std::int32_t, std::int64_t, float, double>>;

/// Calls f(std::type_identity<T>{}) with the C++ type of `s`.
template <class F>
decltype(auto) dispatch(ScalarType s, F&& f) {
  switch (s) {
    case ScalarType::Bool: return f(std::type_identity<bool>{});
    case ScalarType::I32: return f(std::type_identity<std::int32_t>{});
    case ScalarType::I64: return f(std::type_identity<std::int64_t>{});
    case ScalarType::F32: return f(std::type_identity<float>{});
    case ScalarType::F64: break;
  }
  return f(std::type_identity<double>{});
}

}  // namespace monograph::ops
