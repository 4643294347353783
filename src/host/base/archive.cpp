#include "host/base/archive.h"

namespace monograph::base {

std::string ArchivePath::text() const {
  std::string out;
  for (const Step& s : steps_) out += "/" + (s.name.empty() ? std::to_string(s.index) : std::string(s.name));
  return out;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string out = "\"";
  for (char c : text.substr(0, kLongest)) out += c >= ' ' && c <= '~' && c != '"' ? c : '.';
  return out + (text.size() > kLongest ? "...\"" : "\"");
}

std::string one_of(std::span<const std::string_view> names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i)
    out += (i == 0 ? "" : i + 1 == names.size() ? " or " : ", ") + std::string(names[i]);
  return out;
}

}  // namespace monograph::base
