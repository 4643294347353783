// What makers of graphs share: what they are asked for, random numbers, the list of edges that they fill.
#pragma once

#include <monograph/io.h>

#include <cmath>
#include <functional>
#include <limits>
#include <optional>

namespace monograph::io {

/// SplitMix64 (Steele, Lea, Flood 2014).
class Random {
 public:
  explicit Random(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15ull;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::uint32_t bits() { return static_cast<std::uint32_t>(next() >> 32); }
  /// 0 .. count-1, each as likely up to 2^-32.
  std::int32_t below(std::int64_t count) {
    return static_cast<std::int32_t>((std::uint64_t{bits()} * static_cast<std::uint64_t>(count)) >> 32);
  }
  /// low <= x < high. The sum may round up to `high`, which is no part of the range.
  double between(double low, double high) {
    const double x = low + static_cast<double>(next() >> 11) * 0x1p-53 * (high - low);
    return x < high ? x : std::nextafter(high, low);
  }

 private:
  std::uint64_t state_;
};

struct Range {
  double low, high;
};

struct Arguments {
  std::string_view specification;
  std::vector<std::int64_t> numbers;
  bool undirected = false;
  std::optional<std::uint64_t> seed = {};
  std::optional<Range> weights = {};
  std::function<void(std::int64_t done, std::int64_t total)> progress = {};  ///< in bytes of the two ends
  Random random{0};
  double probability = 0;  ///< of generators that take one
};

/// UsageError: what is wrong with a specification.
[[noreturn]] void fail(std::string_view specification, const std::string& what);
/// a * b for counts, or "more than fits".
std::int64_t times(std::int64_t a, std::int64_t b);
/// Checks sizes before anything is allocated, and allocates for `edges` edges.
EdgeList make_list(const Arguments& a, std::int64_t nodes, std::int64_t edges);
/// Adds an edge, and reports now and then how far the list is filled.
void add(const Arguments& a, EdgeList& list, std::int64_t source, std::int64_t target);

EdgeList rmat(Arguments& a);
EdgeList kron(Arguments& a);
EdgeList tree(Arguments& a);
EdgeList barabasi_albert(Arguments& a);
EdgeList watts_strogatz(Arguments& a);

}  // namespace monograph::io
