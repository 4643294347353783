// The envelope of what is stored: what it is, by which version it was written, how long it is, and a checksum
// over all of it; large contents compressed. 56 bytes, little-endian, then the body:
//
//   0  magic: 89 "MGPL" 0d 0a 1a, which a transfer as text would damage
//   8  u32  format version
//  12  u32  library version: major << 16 | minor << 8 | patch
//  16  u32  flags: 1 = the body is a zstd frame
//  20  u32  0
//  24  u64  bytes of the body
//  32  u64  bytes of the content
//  40  u128 checksum of bytes 0 to 39 and the body
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace monograph::base {

inline constexpr std::string_view kContainerMagic = "\x89MGPL\r\n\x1a";
inline constexpr std::size_t kContainerHeader = 56;
/// Contents of this many bytes and more are compressed where that makes them smaller.
inline constexpr std::size_t kCompressFrom = 16 * 1024;
/// Contents are this long at most, and this many times as long as their body: memory is not given for an
/// announcement.
inline constexpr std::size_t kLongestContent = std::size_t{256} << 20;
inline constexpr std::size_t kLargestRatio = 1024;

/// Whether bytes begin as a container does.
inline bool is_container(std::string_view bytes) { return bytes.starts_with(kContainerMagic); }

/// `content` in an envelope. `format` is raised whenever a reader of before could misread what is written
/// now.
std::string seal(std::string_view content, std::uint32_t format);
/// The content of an envelope of format 1 to `format`; PlanError "origin: ..." for anything else.
std::string unseal(std::string_view bytes, std::uint32_t format, const std::string& origin);

}  // namespace monograph::base
