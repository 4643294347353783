#include "host/io/text.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>

#include "host/base/printable.h"
#include "host/io/gzip.h"

namespace monograph::io {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

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
/// that it grew. Memory for all of it is taken once its beginning looks like text.
Bytes read_all(const Descriptor& file, const std::string& path, const struct stat& status,
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
    if (first && !is_gzip(bytes)) expect_text(bytes, path);
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

struct stat checked_status(const Descriptor& file, const std::string& path) {
  if (file.get() < 0) fail_system(path, "cannot open");
  const auto status = status_of(file, path);
  if (S_ISDIR(status.st_mode)) throw InputError({path}, "expected a file, found a directory");
  return status;
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

Text::Text(std::string path, const ReadOptions& options) : path_(std::move(path)), progress_(options, 0) {
  const Descriptor file(path_);
  const auto status = checked_status(file, path_);
  const bool regular = S_ISREG(status.st_mode);
  progress_ = Progress(options, regular ? status.st_size : 0);
  bytes_ = read_all(file, path_, status, progress_);
  if (regular) expect_unchanged(file, path_, status, bytes_.size());
  if (is_gzip(bytes_)) {
    const auto read = static_cast<std::int64_t>(bytes_.size());
    bytes_ = gunzip(bytes_, path_, [&] { progress_.loaded(read); });
  } else if (path_.ends_with(".gz") && bytes_.size() > 0) {
    throw InputError({path_}, "expected gzip data, found " +
                                  quoted({bytes_.data(), std::min<std::size_t>(bytes_.size(), 8)}) +
                                  " at offset 0 (is it compressed? drop .gz from its name if it is not)");
  } else if (path_.ends_with(".gz")) {
    throw InputError({path_}, "gzip data ends at offset 0 (the file is empty)");
  }
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

std::string_view without_gz(std::string_view path) {
  return path.ends_with(".gz") ? path.substr(0, path.size() - 3) : path;
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
