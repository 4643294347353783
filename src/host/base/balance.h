// Whether edges go both ways, in one walk and without a transpose.
#pragma once

#include <cstdint>
#include <random>

namespace monograph::base {

/// Adds up a hash of every edge and takes away that of its reverse: nothing is left when each is there as
/// often as the other. The seed is drawn, so that nobody can write edges that cancel out by design; by chance
/// they do once in 2^64.
class Balance {
 public:
  Balance() {
    std::random_device device;
    seed_ = (std::uint64_t{device()} << 32) | device();
  }
  /// `value` is what both directions have in common (the bits of a weight).
  void add(std::uint32_t from, std::uint32_t to, std::uint64_t value = 0) {
    sum_ += hash(from, to, value) - hash(to, from, value);
  }
  bool even() const { return sum_ == 0; }

 private:
  std::uint64_t hash(std::uint64_t a, std::uint64_t b, std::uint64_t value) const {
    std::uint64_t z = (seed_ ^ (a << 32 | b)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 31) ^ seed_ ^ value * 0x9e3779b97f4a7c15ull) * 0x94d049bb133111ebull;
    z = (z ^ (z >> 29)) * 0xd6e8feb86659fd93ull;
    return z ^ (z >> 32);
  }
  std::uint64_t seed_ = 0, sum_ = 0;
};

}  // namespace monograph::base
