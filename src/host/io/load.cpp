#include "host/io/load.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "host/base/printable.h"
#include "host/io/gzip.h"
#include "host/io/zstd.h"

namespace monograph::io {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;

class Descriptor {
 public:
  explicit Descriptor(const std::string& path) : fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {}
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

[[noreturn]] void fail_system(const std::string& path, std::string_view what) {
  const int error = errno;
  std::string hint = error == ENOENT ? " (check the path)" : "";
  throw InputError({path}, std::string(what) + ": " + std::strerror(error) + hint);
}

struct stat status_of(const Descriptor& file, const std::string& path) {
  struct stat status;
  if (::fstat(file.get(), &status) != 0) fail_system(path, "cannot read");
  return status;
}

std::size_t read_some(const Descriptor& file, const std::string& path, char* to, std::size_t size) {
  for (;;) {
    const auto n = ::read(file.get(), to, size);
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno != EINTR) fail_system(path, "cannot read");
  }
}

/// Reads until the end of the file, but of a regular file at most one byte more than its size: enough to see
/// that it grew. Memory for all of it is taken once its beginning looks like what it is to be.
Bytes read_all(const Descriptor& file, const std::string& path, const struct stat& status, Content content,
               const Progress& progress) {
  const auto limit =
      S_ISREG(status.st_mode) ? static_cast<std::size_t>(status.st_size) + 1 : std::string::npos;
  Bytes bytes;
  progress.loaded(0);
  while (bytes.size() < limit) {
    const bool first = bytes.size() == 0;
    const auto piece = std::min(kChunk, limit - bytes.size());
    bytes.reserve(first || limit == std::string::npos ? bytes.size() + piece : limit + 1);
    const auto n = read_some(file, path, bytes.data() + bytes.size(), piece);
    if (n == 0) break;
    bytes.set_size(bytes.size() + n);
    if (first && content == Content::Text && !is_gzip(bytes) && !is_zstd(bytes)) expect_text(bytes, path);
    progress.loaded(static_cast<std::int64_t>(bytes.size()));
  }
  return bytes;
}

void expect_unchanged(const Descriptor& file, const std::string& path, const struct stat& before,
                      std::size_t read) {
  const auto after = status_of(file, path);
  const auto had = static_cast<std::int64_t>(before.st_size);
  const auto has = std::max<std::int64_t>(after.st_size, static_cast<std::int64_t>(read));
  const bool written =
      after.st_mtim.tv_sec != before.st_mtim.tv_sec || after.st_mtim.tv_nsec != before.st_mtim.tv_nsec;
  if (!written && had == has && read == static_cast<std::size_t>(had)) return;
  throw InputError({path}, "the file changed while it was read: it had " + std::to_string(had) + " bytes, " +
                               (had == has ? "and was written to" : "then " + std::to_string(has)) +
                               " (wait until it is complete, then read it again)");
}

struct stat checked_status(const Descriptor& file, const std::string& path, Content content) {
  if (file.get() < 0) fail_system(path, "cannot open");
  const auto status = status_of(file, path);
  if (S_ISDIR(status.st_mode)) throw InputError({path}, "expected a file, found a directory");
  if (content == Content::Binary && (S_ISCHR(status.st_mode) || S_ISBLK(status.st_mode)))
    throw InputError({path}, "expected a file, found a device");
  return status;
}

/// What a path's end promises and its content is not.
[[noreturn]] void fail_not_compressed(const Bytes& bytes, const std::string& path) {
  const std::string end(compression_of(path)), kind = end == ".gz" ? "gzip" : "zstd";
  if (bytes.size() == 0) throw InputError({path}, kind + " data ends at offset 0 (the file is empty)");
  throw InputError({path}, "expected " + kind + " data, found " +
                               quoted({bytes.data(), std::min<std::size_t>(bytes.size(), 8)}) +
                               " at offset 0 (is it compressed? drop " + end +
                               " from its name if it is not)");
}

}  // namespace

void expect_text(const Bytes& bytes, const std::string& path) {
  const auto size = std::min(bytes.size(), kChunk);
  if (const void* zero = size ? std::memchr(bytes.data(), 0, size) : nullptr)
    throw InputError({path}, "expected text, found a zero byte at offset " +
                                 std::to_string(static_cast<const char*>(zero) - bytes.data()) +
                                 " (a binary file, or UTF-16?)");
}

void Bytes::reserve(std::size_t size) {
  if (size <= capacity_) return;
  const auto capacity = std::max(size, capacity_ + capacity_ / 2);
  char* p = static_cast<char*>(std::realloc(data_.get(), capacity));
  if (!p) throw std::bad_alloc();
  static_cast<void>(data_.release());
  data_.reset(p);
  capacity_ = capacity;
}

Loaded load(const std::string& path, Content content, const ReadOptions& options) {
  const Descriptor file(path);
  const auto status = checked_status(file, path, content);
  const bool regular = S_ISREG(status.st_mode);
  Loaded loaded{Progress(options, regular ? status.st_size : 0), {}};
  Bytes& bytes = loaded.bytes;
  bytes = read_all(file, path, status, content, loaded.progress);
  if (regular) expect_unchanged(file, path, status, bytes.size());
  const auto read = static_cast<std::int64_t>(bytes.size());
  const auto begun = [&](const Bytes& first) {
    if (content == Content::Text) expect_text(first, path);
  };
  const auto poll = [&] { loaded.progress.loaded(read); };
  if (is_gzip(bytes))
    bytes = gunzip(bytes, path, begun, poll);
  else if (is_zstd(bytes))
    bytes = unzstd(bytes, path, begun, poll);
  else if (!compression_of(path).empty())
    fail_not_compressed(bytes, path);
  return loaded;
}

std::unique_ptr<Encoder> encoder_for(std::string_view path) {
  if (path.ends_with(".gz")) return gzip_encoder();
  if (path.ends_with(".zst")) return zstd_encoder();
  return nullptr;
}

std::string_view compression_of(std::string_view path) {
  for (const std::string_view end : {".gz", ".zst"})
    if (path.ends_with(end)) return end;
  return "";
}

std::string_view without_compression(std::string_view path) {
  return path.substr(0, path.size() - compression_of(path).size());
}

std::string quoted(std::string_view text) {
  constexpr std::size_t kLongest = 40;
  std::string out = "\"";
  for (std::string_view rest = text.substr(0, kLongest); !rest.empty();) {
    const std::size_t size = base::character(rest);
    if (size == 0)
      base::append_hex(out, rest[0]);
    else if (rest[0] == '"' || rest[0] == '\\')
      (out += '\\') += rest[0];
    else
      out += rest.substr(0, size);
    rest.remove_prefix(size == 0 ? 1 : size);
  }
  return out + (text.size() > kLongest ? "...\"" : "\"");
}

}  // namespace monograph::io
