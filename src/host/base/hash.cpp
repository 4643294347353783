#include "host/base/hash.h"

#include <array>

namespace monograph::base {

std::string Hash128::text() const {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string s(32, '0');
  for (std::size_t i = 0; i < 16; ++i) {
    s[15 - i] = kDigits[(high >> (4 * i)) & 15];
    s[31 - i] = kDigits[(low >> (4 * i)) & 15];
  }
  return s;
}

}  // namespace monograph::base
