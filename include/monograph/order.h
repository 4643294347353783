// Order and frequency of the elements of a column: functions of the DSL.
//
// Elements are ordered by value, -0 before +0, NaN last in either direction; equal ones keep their order,
// lowest index first. Two elements are equal when neither comes before the other: -0 and +0 are two values,
// every NaN is one. A column here is over the nodes, the edges or a fixed length; a scalar is a CompileError.
#pragma once

#include <monograph/program.h>

namespace monograph {

enum class RankTies : std::uint8_t { Ordinal, Lowest, Highest };

/// i64 over x's domain: element i is the index of the element that comes i-th.
Value argsort(const Operand& x, bool descending = false);
/// x in order.
Value sort(const Operand& x, bool descending = false);
/// i64, from 0. Ordinal: the place in `argsort`. Lowest, Highest: the first, the last place of its equals.
Value rank(const Operand& x, RankTies ties = RankTies::Ordinal, bool descending = false);
/// i64[k]: indices of the k largest (or, ascending, smallest) elements, in order; -1 where there are fewer.
Value top_k(const Operand& x, std::int64_t k, bool descending = true);
/// i64 over x's domain: how many elements equal this one.
Value frequency(const Operand& x);
/// bool over x's domain: no element before this one equals it.
Value is_first(const Operand& x);
/// i64[length]: how many elements of `index` (i32 or i64) are 0, 1, ...; those outside of it do not count.
/// (GraphRef::count_at: over the nodes.)
Value bincount(const Operand& index, std::int64_t length);

/// i64: how many different elements there are.
Value unique_count(const Operand& x);
/// The element at place q * (n - 1) of the order, between two of them by linear interpolation: a * (1 - f) +
/// b * f. q (f64) is clipped to [0, 1]. f64, or f32 of f32; 0 when empty, NaN when an element is.
Value quantile(const Operand& x, const Operand& q);
Value median(const Operand& x);  ///< quantile 1/2
/// The most frequent number, the lowest of several (NaN only where nothing else is); 0 when empty.
Value mode(const Operand& x);
/// f64: -sum p log2 p over the frequencies of the different elements; 0 when empty. Approximate (logarithms).
Value entropy(const Operand& x);
/// i64[bins]: how many elements lie in each of `bins` intervals of equal width from `low` to `high` (the last
/// one includes `high`); f64 scalars, by default the least and greatest number of x. What lies outside and
/// NaN do not count. Element x goes to interval floor((x - low) / (high - low) * bins).
Value histogram(const Operand& x, std::int64_t bins, std::optional<Operand> low = {},
                std::optional<Operand> high = {});

}  // namespace monograph
