#include "host/base/container.h"

#include <monograph/error.h>
#include <monograph/version.h>
#include <zstd.h>

#include <memory>

#include "host/base/hash.h"

namespace monograph::base {
namespace {

constexpr std::uint32_t kLibrary =
    MONOGRAPH_VERSION_MAJOR << 16 | MONOGRAPH_VERSION_MINOR << 8 | MONOGRAPH_VERSION_PATCH;
constexpr std::uint32_t kCompressed = 1;
constexpr int kCompressionLevel = 3;
constexpr std::size_t kChecked = 40;  // bytes of the header that the checksum covers

void append(std::string& out, std::uint64_t x, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(x >> (8 * i));
}

std::uint64_t number(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t x = 0;
  for (std::size_t i = 0; i < size; ++i)
    x |= std::uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return x;
}

Hash128 checksum(std::string_view header, std::string_view body) {
  Hasher hash;
  hash.add(header.substr(0, kChecked));
  hash.add(body);
  return hash.finish();
}

/// A zstd frame of `content`, or "" where that would not be smaller, or would be refused when it is read.
std::string compressed(std::string_view content) {
  if (content.size() < kCompressFrom) return {};
  std::string frame(ZSTD_compressBound(content.size()), '\0');
  const std::size_t size =
      ZSTD_compress(frame.data(), frame.size(), content.data(), content.size(), kCompressionLevel);
  if (ZSTD_isError(size) || size >= content.size() || content.size() / size >= kLargestRatio) return {};
  frame.resize(size);
  return frame;
}

[[noreturn]] void fail(const std::string& origin, std::size_t at, const std::string& expected,
                       const std::string& found) {
  throw PlanError(origin + ": byte " + std::to_string(at) + ": expected " + expected + ", found " + found);
}

std::string version_text(std::uint64_t v) {
  return std::to_string(v >> 16) + "." + std::to_string(v >> 8 & 255) + "." + std::to_string(v & 255);
}

/// Grows with what the frame yields, so a lie about the length costs nothing.
std::string decompressed(std::string_view frame, std::size_t length, const std::string& origin) {
  const std::unique_ptr<ZSTD_DCtx, std::size_t (*)(ZSTD_DCtx*)> context(ZSTD_createDCtx(), ZSTD_freeDCtx);
  if (!context) throw MemoryError("out of memory while reading " + origin);
  const std::size_t chunk = ZSTD_DStreamOutSize();
  std::string content;
  ZSTD_inBuffer in{frame.data(), frame.size(), 0};
  std::size_t left = 1;
  while (left != 0) {
    const std::size_t done = content.size(), room = std::min(chunk, length - done + 1);
    content.resize(done + room);
    ZSTD_outBuffer out{content.data() + done, room, 0};
    left = ZSTD_decompressStream(context.get(), &out, &in);
    content.resize(done + out.pos);
    if (ZSTD_isError(left)) fail(origin, kContainerHeader + in.pos, "a zstd frame", ZSTD_getErrorName(left));
    if (content.size() > length)
      fail(origin, kContainerHeader + in.pos, std::to_string(length) + " bytes in the zstd frame", "more");
    if (left != 0 && out.pos < room && in.pos == in.size)
      fail(origin, kContainerHeader + in.pos, "a whole zstd frame", "its end missing");
  }
  if (in.pos != in.size || content.size() != length)
    fail(origin, kContainerHeader + in.pos, "one zstd frame of " + std::to_string(length) + " bytes",
         std::to_string(content.size()) + ", and " + std::to_string(in.size - in.pos) + " bytes behind it");
  return content;
}

struct Header {
  std::uint64_t format, library, flags, reserved, body, content;
};

/// The version first: a newer one may mean something else by everything that follows.
Header read_header(std::string_view bytes, std::uint32_t newest, const std::string& origin) {
  if (!is_container(bytes)) fail(origin, 0, "a plan", "other bytes");
  if (bytes.size() < kContainerHeader)
    fail(origin, bytes.size(), "a header of " + std::to_string(kContainerHeader) + " bytes",
         "the end after " + std::to_string(bytes.size()));
  const Header h{.format = number(bytes, 8, 4),
                 .library = number(bytes, 12, 4),
                 .flags = number(bytes, 16, 4),
                 .reserved = number(bytes, 20, 4),
                 .body = number(bytes, 24, 8),
                 .content = number(bytes, 32, 8)};
  if (h.format == 0 || h.format > newest)
    fail(origin, 8,
         "a plan of format 1 to " + std::to_string(newest) + " (library " + version_text(kLibrary) + ")",
         "format " + std::to_string(h.format) + ", written by library " + version_text(h.library));
  return h;
}

void check_lengths(const Header& h, std::string_view body, const std::string& origin) {
  if (h.flags > kCompressed || h.reserved != 0)
    fail(origin, 16, "flags 0 or 1", std::to_string(h.flags) + ", " + std::to_string(h.reserved));
  if (h.body != body.size())
    fail(origin, 24, "a body of " + std::to_string(h.body) + " bytes", std::to_string(body.size()));
  if (h.content > kLongestContent || (h.flags == kCompressed && h.content / kLargestRatio > h.body) ||
      (h.flags != kCompressed && h.content != h.body))
    fail(origin, 32, "a content that fits its body of " + std::to_string(h.body) + " bytes",
         std::to_string(h.content) + " bytes");
}

}  // namespace

std::string seal(std::string_view content, std::uint32_t format) {
  if (content.size() > kLongestContent)
    throw PlanError("cannot be stored: expected at most " + std::to_string(kLongestContent) +
                    " bytes, found " + std::to_string(content.size()));
  const std::string frame = compressed(content);
  const std::string_view body = frame.empty() ? content : std::string_view(frame);
  std::string out(kContainerMagic);
  append(out, format, 4);
  append(out, kLibrary, 4);
  append(out, frame.empty() ? 0 : kCompressed, 4);
  append(out, 0, 4);
  append(out, body.size(), 8);
  append(out, content.size(), 8);
  const Hash128 sum = checksum(out, body);
  append(out, sum.high, 8);
  append(out, sum.low, 8);
  return out.append(body);
}

std::string unseal(std::string_view bytes, std::uint32_t format, const std::string& origin) {
  const Header h = read_header(bytes, format, origin);
  const std::string_view body = bytes.substr(kContainerHeader);
  check_lengths(h, body, origin);
  const Hash128 found{number(bytes, kChecked, 8), number(bytes, kChecked + 8, 8)};
  if (const Hash128 sum = checksum(bytes, body); sum != found)
    fail(origin, kChecked, "checksum " + sum.text() + " of what is here",
         found.text() + ": the file is damaged");
  return h.flags == kCompressed ? decompressed(body, h.content, origin) : std::string(body);
}

}  // namespace monograph::base
