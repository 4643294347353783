#include "bench/verify.h"

#include <monograph/error.h>

#include <cmath>

namespace monograph::bench {
namespace {

/// Relative; each rank is a sum of positive terms, so nothing cancels.
template <class T>
constexpr double kTolerance = 0;
template <>
constexpr double kTolerance<double> = 1e-9;
template <>
constexpr double kTolerance<float> = 1e-3;

template <class T>
bool agree(T a, T b) {
  if constexpr (std::is_floating_point_v<T>)
    return std::fabs(double(a) - double(b)) <= kTolerance<T> * std::fabs(double(a));
  else
    return a == b;
}

template <class T>
void compare(const Column& expected, const Column& actual, const std::string& what) {
  const auto a = expected.span<T>(), b = actual.span<T>();
  for (std::size_t i = 0; i < a.size(); ++i)
    if (!agree(a[i], b[i]))
      throw RuntimeError(what + ": node " + std::to_string(i) + ": expected " + std::to_string(a[i]) +
                         ", got " + std::to_string(b[i]));
}

}  // namespace

void expect_agreement(const Column& expected, const Column& actual, const std::string& what) {
  if (expected.type() != actual.type() || expected.size() != actual.size())
    throw RuntimeError(what + ": expected " + std::to_string(expected.size()) + " elements of " +
                       std::string(to_string(expected.type())) + ", got " + std::to_string(actual.size()) +
                       " of " + std::string(to_string(actual.type())));
  switch (expected.type()) {
    case ScalarType::F64:
      return compare<double>(expected, actual, what);
    case ScalarType::F32:
      return compare<float>(expected, actual, what);
    case ScalarType::I32:
      return compare<std::int32_t>(expected, actual, what);
    default:
      throw InternalError(what + ": no algorithm here has results of " +
                          std::string(to_string(expected.type())));
  }
}

}  // namespace monograph::bench
