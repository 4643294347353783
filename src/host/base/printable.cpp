#include "host/base/printable.h"

#include <cstdint>

namespace monograph::base {
namespace {

/// The least code point that takes so many bytes: a shorter form exists for what is below.
constexpr std::uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};

bool is_printable(std::uint32_t code) {
  const bool control = code < 0x20 || (code >= 0x7f && code < 0xa0),
             surrogate = code >= 0xd800 && code < 0xe000;
  return !control && !surrogate && code <= 0x10ffff;
}

}  // namespace

std::size_t character(std::string_view text) {
  if (text.empty()) return 0;
  const auto byte = [&](std::size_t i) -> std::uint32_t { return static_cast<unsigned char>(text[i]); };
  const std::uint32_t first = byte(0);
  const std::size_t size = first < 0x80       ? 1
                           : first >> 5 == 6  ? 2
                           : first >> 4 == 14 ? 3
                           : first >> 3 == 30 ? 4
                                              : 0;
  if (size == 0 || size > text.size()) return 0;
  std::uint32_t code = size == 1 ? first : first & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if (byte(i) >> 6 != 2) return 0;
    code = code << 6 | (byte(i) & 0x3f);
  }
  return code >= kLeast[size] && is_printable(code) ? size : 0;
}

void append_hex(std::string& out, char byte) {
  constexpr char kHex[] = "0123456789abcdef";
  const auto b = static_cast<unsigned char>(byte);
  out += {'\\', 'x', kHex[b >> 4], kHex[b & 15]};
}

std::string printable(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const std::size_t size = character(text);
    if (size == 0)
      append_hex(out, text[0]);
    else
      out += text.substr(0, size);
    text.remove_prefix(size == 0 ? 1 : size);
  }
  return out;
}

}  // namespace monograph::base
