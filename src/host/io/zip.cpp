#include "host/io/zip.h"

#include <zlib.h>

#include <algorithm>
#include <limits>
#include <new>

namespace monograph::io {
namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                        kLocator64 = 0x07064b50;
constexpr std::size_t kLocalBytes = 30, kCentralBytes = 46, kEndBytes = 22, kLocatorBytes = 20,
                      kEnd64Bytes = 56;
constexpr std::size_t kLongestComment = 65535;
constexpr std::uint32_t kStored = 0, kDeflated = 8;
constexpr std::uint64_t kElsewhere = 0xffffffff;  // the number is in an extra field of 64 bits
constexpr const char* kDamaged = "is it a .npz, and complete?";

std::uint32_t crc_of(std::string_view bytes) {
  return static_cast<std::uint32_t>(
      ::crc32_z(::crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

Zip::Zip(const Binary& file) : file_(file) { read_directory(find_end()); }

/// Little-endian; the caller has checked that it is in the file.
std::uint64_t Zip::number(std::size_t at, std::size_t size) const {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(file_.bytes()[at + i])} << (8 * i);
  return value;
}

/// Where the last record is, before a comment.
std::size_t Zip::find_end() const {
  if (file_.size() >= kEndBytes)
    for (std::size_t at = file_.size() - kEndBytes; at + kLongestComment + kEndBytes >= file_.size(); --at) {
      if (number(at, 4) == kEnd && at + kEndBytes + number(at + 20, 2) == file_.size()) return at;
      if (at == 0) break;
    }
  file_.fail(file_.size(), "the end of a ZIP archive", "none", kDamaged);
}

void Zip::read_directory(std::size_t end) {
  std::uint64_t count = number(end + 10, 2), bytes = number(end + 12, 4), offset = number(end + 16, 4);
  std::size_t limit = end;
  if (end >= kLocatorBytes && number(end - kLocatorBytes, 4) == kLocator64) {
    const std::uint64_t at = number(end - kLocatorBytes + 8, 8);
    if (end - kLocatorBytes < kEnd64Bytes || at > end - kLocatorBytes - kEnd64Bytes ||
        number(at, 4) != kEnd64)
      file_.fail(end - kLocatorBytes, "where the end of the archive is", std::to_string(at), kDamaged);
    count = number(at + 32, 8), bytes = number(at + 40, 8), offset = number(at + 48, 8);
    limit = at;
  }
  if (offset > limit || bytes != limit - offset)
    file_.fail(end, "a directory of " + std::to_string(bytes) + " bytes before the end",
               std::to_string(limit) + " bytes, of which it begins at " + std::to_string(offset), kDamaged);
  for (std::size_t at = offset; at < limit;) {
    if (members_.size() == count)
      file_.fail(at, std::to_string(count) + " members in the directory", "more", kDamaged);
    members_.push_back(read_line(at, limit));
    at += kCentralBytes + members_.back().name.size() + number(at + 30, 2) + number(at + 32, 2);
  }
  if (members_.size() != count)
    file_.fail(limit, std::to_string(count) + " members in the directory", std::to_string(members_.size()),
               kDamaged);
}

Zip::Member Zip::read_line(std::size_t at, std::size_t limit) const {
  if (limit - at < kCentralBytes || number(at, 4) != kCentral)
    file_.fail(at, "a line of the directory", "something else", kDamaged);
  const std::size_t name = number(at + 28, 2), extra = number(at + 30, 2), comment = number(at + 32, 2);
  if (limit - at - kCentralBytes < name + extra + comment)
    file_.fail(at, "a line of the directory", "one that does not end in it", kDamaged);
  Member m{file_.bytes().substr(at + kCentralBytes, name),
           static_cast<std::uint32_t>(number(at + 10, 2)),
           static_cast<std::uint32_t>(number(at + 16, 4)),
           number(at + 20, 4),
           number(at + 24, 4),
           number(at + 42, 4),
           at};
  if (number(at + 8, 2) & 1) file_.fail(at, "members that are not encrypted", quoted(m.name));
  read_large(m, file_.bytes().substr(at + kCentralBytes + name, extra));
  return m;
}

/// Sizes that do not fit 32 bits are in an extra field, in this order.
void Zip::read_large(Member& member, std::string_view extra) const {
  while (extra.size() >= 4) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(extra[i]); };
    const std::size_t id = byte(0) | byte(1) << 8,
                      size = std::min<std::size_t>(byte(2) | byte(3) << 8, extra.size() - 4);
    std::size_t at = 4;
    if (id == 1)
      for (auto* value : {&member.size, &member.compressed, &member.offset}) {
        if (*value != kElsewhere || at + 8 > 4 + size) continue;
        *value = 0;
        for (std::size_t i = 0; i < 8; ++i) *value |= std::uint64_t{byte(at + i)} << (8 * i);
        at += 8;
      }
    extra.remove_prefix(4 + size);
  }
}

std::vector<std::string> Zip::names() const {
  std::vector<std::string> all;
  for (const Member& m : members_) all.emplace_back(m.name);
  return all;
}

const Zip::Member* Zip::find(std::string_view name) const {
  const auto at = std::ranges::find(members_, name, &Member::name);
  return at == members_.end() ? nullptr : &*at;
}

/// The bytes of a member, as they are in the archive.
std::string_view Zip::content(const Member& m) const {
  if (m.offset > file_.size() || file_.size() - m.offset < kLocalBytes || number(m.offset, 4) != kLocal)
    file_.fail(m.place + 42, "where the member " + quoted(m.name) + " begins", std::to_string(m.offset),
               kDamaged);
  const std::uint64_t begin = m.offset + kLocalBytes + number(m.offset + 26, 2) + number(m.offset + 28, 2);
  if (begin > file_.size() || m.compressed > file_.size() - begin)
    file_.fail(m.place + 20, "the member " + quoted(m.name) + " to end in the file",
               std::to_string(m.compressed) + " bytes", kDamaged);
  return file_.bytes().substr(begin, m.compressed);
}

std::string Zip::inflated(const Member& m, std::string_view from) const {
  constexpr std::size_t kPiece = std::size_t{1} << 18;
  z_stream z{};
  if (::inflateInit2(&z, -15) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, int (*)(z_stream*)> closed(&z, ::inflateEnd);
  std::string out;
  for (int code = Z_OK; code != Z_STREAM_END;) {
    const std::size_t used = out.size(), room = std::min<std::uint64_t>(kPiece, m.size - used + 1);
    out.resize(used + room);
    const auto given = std::min<std::size_t>(from.size(), std::numeric_limits<uInt>::max() / 2);
    z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(from.data()));
    z.avail_in = static_cast<uInt>(given);
    z.next_out = reinterpret_cast<Bytef*>(out.data() + used);
    z.avail_out = static_cast<uInt>(room);
    code = ::inflate(&z, Z_NO_FLUSH);
    from.remove_prefix(given - z.avail_in);
    out.resize(used + room - z.avail_out);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if ((code != Z_OK && code != Z_STREAM_END) || out.size() > m.size)
      file_.fail(m.offset, "the member " + quoted(m.name) + " of " + std::to_string(m.size) + " bytes",
                 "damaged data", kDamaged);
    file_.progress().parsed(0);
  }
  return out;
}

std::string Zip::extract(std::string_view name) const {
  const Member* m = find(name);
  if (!m) {
    std::string there;
    for (const Member& other : members_) there += (there.empty() ? "" : ", ") + std::string(other.name);
    throw InputError({file_.path()},
                     "expected an array " + quoted(name) + ", found " + (there.empty() ? "none" : there));
  }
  if (m->method != kStored && m->method != kDeflated)
    file_.fail(m->place + 10, "members stored or deflated", "method " + std::to_string(m->method));
  const std::string_view bytes = content(*m);
  std::string out = m->method == kDeflated ? inflated(*m, bytes) : std::string(bytes);
  if (out.size() != m->size || crc_of(out) != m->crc)
    file_.fail(m->offset,
               "the member " + quoted(name) + " of " + std::to_string(m->size) + " bytes and its checksum",
               std::to_string(out.size()) + " bytes or another checksum", "the file is damaged");
  return out;
}

void ZipWriter::put(std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) out_.text(static_cast<char>(value >> (8 * i)));
  written_ += size;
}

/// What the header of a member and its line in the directory have in common: version, flags, method, a date
/// that is always the same, checksum, sizes.
void ZipWriter::put_common(const Line& line) {
  constexpr std::uint64_t kVersion = 20, kDate = 0x0021;  // 1980-01-01
  put(kVersion, 2), put(0, 2), put(kStored, 2), put(0, 2), put(kDate, 2);
  put(line.crc, 4), put(line.size, 4), put(line.size, 4), put(line.name.size(), 2);
}

void ZipWriter::add(const std::string& name, std::string_view content) {
  constexpr std::uint64_t kMost = 0xffff0000;
  if (content.size() > kMost || written_ + content.size() > kMost)
    throw InputError({path_},
                     "expected less than 4 GiB of arrays, found more (.npz has no room for them; .mcsr has)");
  const Line line{name, crc_of(content), static_cast<std::uint32_t>(content.size()),
                  static_cast<std::uint32_t>(written_)};
  put(kLocal, 4);
  put_common(line);
  put(0, 2);
  out_.bytes(name).bytes(content);
  written_ += name.size() + content.size();
  lines_.push_back(line);
}

void ZipWriter::finish() {
  const std::uint64_t begin = written_;
  for (const Line& line : lines_) {
    put(kCentral, 4), put(20, 2);
    put_common(line);
    put(0, 2), put(0, 2), put(0, 2), put(0, 2), put(0, 4), put(line.offset, 4);
    out_.bytes(line.name);
    written_ += line.name.size();
  }
  const std::uint64_t bytes = written_ - begin;
  put(kEnd, 4), put(0, 2), put(0, 2), put(lines_.size(), 2), put(lines_.size(), 2), put(bytes, 4),
      put(begin, 4), put(0, 2);
}

}  // namespace monograph::io
