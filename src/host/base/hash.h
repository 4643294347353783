// A stable 128-bit hash: the same on every machine and in every version, so it may name files and key caches.
// Not cryptographic: it guards against accidents, not against an adversary.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace monograph::base {

struct Hash128 {
  std::uint64_t high = 0, low = 0;
  friend auto operator<=>(const Hash128&, const Hash128&) = default;
  /// 32 lower-case hexadecimal digits.
  std::string text() const;
};

class Hasher {
 public:
  void add(std::uint64_t v) {
    a_ = std::rotl(a_ ^ mix(v + ++count_ * 0x9e3779b97f4a7c15ull), 27) * 0x3c79ac492ba7b653ull + b_;
    b_ = std::rotl(b_ + mix(v ^ a_), 31) * 0x1c69b3f74ac4ae35ull;
  }
  /// Bytes with their length, so that ("ab", "c") and ("a", "bc") differ.
  void add(std::string_view bytes) {
    add(bytes.size());
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      std::uint64_t word = 0;
      for (std::size_t j = i; j < bytes.size() && j < i + 8; ++j)
        word |= std::uint64_t{static_cast<unsigned char>(bytes[j])}
                << (8 * (j - i));  // by value, not by byte order
      add(word);
    }
  }
  Hash128 finish() const { return {mix(a_ ^ std::rotl(b_, 17)), mix(b_ + count_)}; }

 private:
  static constexpr std::uint64_t mix(std::uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }
  std::uint64_t a_ = 0x243f6a8885a308d3ull, b_ = 0x13198a2e03707344ull, count_ = 0;
};

}  // namespace monograph::base
