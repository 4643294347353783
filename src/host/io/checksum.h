// A checksum of bytes against accidents: damage, not malice.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace monograph::io {

/// 64 bits, read as little-endian words in eight lanes, so that a core keeps up with its memory. Part of the
/// format .mcsr: it never changes.
inline std::uint64_t checksum(std::string_view bytes) {
  constexpr std::size_t kLanes = 8, kBlock = kLanes * 8;
  constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ull;
  std::uint64_t lane[kLanes];
  for (std::size_t i = 0; i < kLanes; ++i) lane[i] = kOdd * (i + 1);
  const auto mix = [&lane](const char* block) {
    for (std::size_t i = 0; i < kLanes; ++i) {
      std::uint64_t word;
      std::memcpy(&word, block + 8 * i, sizeof word);
      lane[i] = std::rotl(lane[i] + word, 29) * kOdd;
    }
  };
  std::size_t at = 0;
  for (; at + kBlock <= bytes.size(); at += kBlock) mix(bytes.data() + at);
  char rest[kBlock] = {};
  if (at < bytes.size()) std::memcpy(rest, bytes.data() + at, bytes.size() - at);
  mix(rest);
  std::uint64_t sum = bytes.size();
  for (std::size_t i = 0; i < kLanes; ++i) {
    sum = (sum ^ lane[i] ^ (lane[i] >> 31)) * 0xbf58476d1ce4e5b9ull;
    sum ^= sum >> 30;
  }
  return sum;
}

}  // namespace monograph::io
