#include "host/io/text.h"

#include <algorithm>

namespace monograph::io {
namespace {

constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Text::Text(std::string path, const ReadOptions& options) : Text(path, load(path, Content::Text, options)) {}

Text::Text(std::string path, Loaded loaded)
    : path_(std::move(path)), progress_(std::move(loaded.progress)), bytes_(std::move(loaded.bytes)) {
  bytes_.reserve(bytes_.size() + 1);
  bytes_.data()[bytes_.size()] = '\n';
  begin_ = bytes_.data();
  if (std::string_view(begin_, bytes_.size()).starts_with(kByteOrderMark)) begin_ += kByteOrderMark.size();
}

Location Text::locate(const char* place) const {
  const auto before = std::string_view(begin(), static_cast<std::size_t>(place - begin()));
  const auto line = before.rfind('\n');
  return {path_, static_cast<std::uint32_t>(1 + std::ranges::count(before, '\n')),
          static_cast<std::uint32_t>(line == before.npos ? before.size() + 1 : before.size() - line)};
}

void Text::fail(const char* place, const std::string& message) const {
  throw InputError(locate(place), message);
}

}  // namespace monograph::io
