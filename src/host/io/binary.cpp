#include "host/io/binary.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <new>

namespace monograph::io {
namespace {

constexpr std::align_val_t kAlignment{64};

std::shared_ptr<std::byte[]> aligned_copy(const Bytes& bytes) {
  auto* p = static_cast<std::byte*>(::operator new(bytes.size() + 1, kAlignment));
  if (bytes.size() > 0) std::memcpy(p, bytes.data(), bytes.size());
  return {p, [](std::byte* q) { ::operator delete(q, kAlignment); }};
}

}  // namespace

Binary::Binary(std::string path, const ReadOptions& options, Access access)
    : path_(std::move(path)), progress_(options, 0) {
  if (access == Access::Map && compression_of(path_).empty() && map()) {
    progress_ = Progress(options, static_cast<std::int64_t>(size_));
    return;
  }
  const Loaded loaded = load(path_, Content::Binary, options);
  progress_ = loaded.progress;
  size_ = loaded.bytes.size();
  storage_ = aligned_copy(loaded.bytes);
}

/// False for what cannot be mapped; reading it then says why, or works.
bool Binary::map() {
  const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return false;
  struct stat status;
  void* p = MAP_FAILED;
  if (::fstat(fd, &status) == 0 && S_ISREG(status.st_mode) && status.st_size > 0)
    p = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
  ::close(fd);
  if (p == MAP_FAILED) return false;
  size_ = static_cast<std::size_t>(status.st_size);
  storage_ = {static_cast<std::byte*>(p), [size = size_](std::byte* q) { ::munmap(q, size); }};
  ::madvise(p, size_, MADV_WILLNEED);  // advice: it is about to be walked through
  return true;
}

void Binary::fail(std::size_t offset, const std::string& expected, const std::string& found,
                  const std::string& hint) const {
  throw InputError({path_}, "byte " + std::to_string(offset) + ": expected " + expected + ", found " + found +
                                (hint.empty() ? "" : " (" + hint + ")"));
}

void check_binary_options(const std::string& path, const ReadOptions& options) {
  if (options.skip_lines != 0 || options.delimiter != 0 || options.ids != Ids::Number)
    throw UsageError(
        path + ": a file of this format is no text: it takes no lines to skip, delimiter or kind of ids");
}

}  // namespace monograph::io
