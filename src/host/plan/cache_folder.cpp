#include "host/plan/cache_folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>

namespace monograph::plan {
namespace {

namespace fs = std::filesystem;
using base::Hash128;

// Behind the content, so that the loader finds its own format at the start of the file: key (16), kind (4),
// reserved (4), bytes of the content (8), checksum of all before (16), magic (8); little-endian.
constexpr std::size_t kTrailer = 56, kSummed = 32;
constexpr std::string_view kMagic = "MGCACHE1";
constexpr std::uint64_t kLargestEntry = std::uint64_t{1} << 30;
constexpr std::string_view kUnfinished = ".new-";
constexpr auto kAbandoned = std::chrono::hours(1);

std::string error_text() { return std::strerror(errno); }

void append(std::string& out, std::uint64_t x, std::size_t size = 8) {
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(x >> (8 * i));
}

struct Trailer {
  std::string bytes;
  Hash128 checksum;
};

Trailer trailer(const CacheKey& key, std::string_view content) {
  Trailer t;
  append(t.bytes, key.hash.high);
  append(t.bytes, key.hash.low);
  append(t.bytes, static_cast<std::uint64_t>(key.kind), 4);
  append(t.bytes, 0, 4);
  append(t.bytes, content.size());
  base::Hasher hash;
  hash.add(content);
  hash.add(t.bytes);
  t.checksum = hash.finish();
  append(t.bytes, t.checksum.high);
  append(t.bytes, t.checksum.low);
  t.bytes += kMagic;
  return t;
}

/// Why what `status` describes cannot be trusted to be this user's alone, or "".
std::string objection(const struct stat& status) {
  if (status.st_uid != geteuid())
    return "belongs to user " + std::to_string(status.st_uid) + ", not to " + std::to_string(geteuid());
  if (status.st_mode & (S_IWGRP | S_IWOTH)) {
    char mode[8];
    std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
    return "can be written by others (mode " + std::string(mode) + ")";
  }
  return {};
}

bool read_all(int fd, std::string& out) {
  for (std::size_t done = 0; done < out.size();) {
    const ssize_t n = ::read(fd, out.data() + done, out.size() - done);
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    done += static_cast<std::size_t>(n);
  }
  return true;
}

bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value ? value : "";
}

/// mkdir -p, every folder that was missing for the user alone.
bool make_folders(const fs::path& path) {
  std::error_code error;
  if (fs::is_directory(path, error)) return true;
  if (path.has_parent_path() && path.parent_path() != path && !make_folders(path.parent_path())) return false;
  return mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST;
}

std::string random_name() {
  std::uint64_t random = 0;
  if (getrandom(&random, sizeof random, 0) !=
      sizeof random)                                // cannot fail for 8 bytes; a name that is taken is
    random = static_cast<std::uint64_t>(getpid());  // tried again anyway
  return std::string(kUnfinished) + Hash128{static_cast<std::uint64_t>(getpid()), random}.text();
}

std::chrono::system_clock::time_point time_of(const struct stat& status) {
  return std::chrono::system_clock::time_point(
      std::chrono::duration_cast<std::chrono::system_clock::duration>(
          std::chrono::seconds(status.st_mtim.tv_sec) + std::chrono::nanoseconds(status.st_mtim.tv_nsec)));
}

}  // namespace

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}
int FileDescriptor::release() noexcept { return std::exchange(fd_, -1); }

std::string CacheKey::file_name() const {
  return hash.text() + "." + std::string(kCacheKindNames[static_cast<std::size_t>(kind)]);
}

std::optional<CacheKey> CacheKey::of_file(std::string_view name) {
  constexpr std::size_t kDigits = 16;
  if (name.size() < 2 * kDigits + 1 || name[2 * kDigits] != '.') return {};
  CacheKey key;
  const auto kind =
      std::find(std::begin(kCacheKindNames), std::end(kCacheKindNames), name.substr(2 * kDigits + 1));
  if (kind == std::end(kCacheKindNames)) return {};
  key.kind = static_cast<CacheKind>(kind - std::begin(kCacheKindNames));
  std::from_chars(name.data(), name.data() + kDigits, key.hash.high, 16);
  std::from_chars(name.data() + kDigits, name.data() + 2 * kDigits, key.hash.low, 16);
  if (key.file_name() != name) return {};
  return key;
}

std::string VerifiedFile::loader_path() const {
  std::string path = "/proc/self/fd";
  for (const std::uint64_t half : {checksum.high, checksum.low})
    for (int bit = 0; bit < 64; ++bit) path += half >> bit & 1 ? "/." : "/";
  return path + "/" + std::to_string(descriptor.get());
}

fs::path CacheFolder::by_environment(std::string& reason) {
  std::error_code ignored;
  if (const std::string own = variable("MONOGRAPH_CACHE_DIR"); !own.empty())
    return fs::absolute(own, ignored);
  if (const std::string xdg = variable("XDG_CACHE_HOME"); xdg.starts_with('/'))
    return fs::path(xdg) / "monograph";
  if (const std::string home = variable("HOME"); home.starts_with('/'))
    return fs::path(home) / ".cache" / "monograph";
  reason = "there is no cache folder: none of MONOGRAPH_CACHE_DIR, XDG_CACHE_HOME and HOME is set";
  return {};
}

std::optional<CacheFolder> CacheFolder::open(const fs::path& path, std::string& reason, bool make) {
  const std::string name = "cache folder " + path.string();
  const bool made = !make || make_folders(path);
  FileDescriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  struct stat status = {};
  if (!folder || fstat(folder.get(), &status) != 0) {
    reason = name + (made ? " cannot be opened: " : " cannot be made: ") + error_text();
    return {};
  }
  if (const std::string why = objection(status); !why.empty()) {
    reason = name + " is not used: it " + why + "; MONOGRAPH_CACHE_DIR names another";
    return {};
  }
  return CacheFolder(path, std::move(folder));
}

CacheFolder::Found CacheFolder::read(const CacheKey& key, Touch touch) const {
  Found found;
  const std::string name = key.file_name();
  const auto refuse = [&](const std::string& why) {
    found.reason = "cache entry " + (path_ / name).string() + " is not used: " + why;
    found.content.reset();
    return std::move(found);
  };
  found.file.descriptor =
      FileDescriptor(openat(folder_.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  const int fd = found.file.descriptor.get();
  if (fd < 0 && errno == ENOENT) return found;
  if (fd < 0) return refuse(errno == ELOOP ? "it is a symbolic link" : error_text());
  struct stat status = {};
  if (fstat(fd, &status) != 0) return refuse(error_text());
  found.in_the_way = S_ISDIR(status.st_mode);
  if (found.in_the_way) return refuse("it is a folder");
  if (!S_ISREG(status.st_mode)) return refuse("it is not a regular file");
  if (const std::string why = objection(status); !why.empty()) return refuse("it " + why);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < kTrailer || size > kLargestEntry) return refuse("it has " + std::to_string(size) + " bytes");
  std::string& content = found.content.emplace(size, '\0');
  if (!read_all(fd, content)) return refuse("it cannot be read whole");
  const std::string tail = content.substr(size - kTrailer);
  content.resize(size - kTrailer);
  Trailer expected = trailer(key, content);
  if (!tail.ends_with(kMagic)) return refuse("it does not end as an entry does");
  if (tail.compare(0, kSummed, expected.bytes, 0, kSummed) != 0) return refuse("it is of another key");
  if (tail != expected.bytes) return refuse("its checksum is wrong");
  found.file.checksum = expected.checksum;
  if (touch == Touch::Yes)
    futimens(fd, nullptr);  // used now; a folder that cannot be written keeps the old time
  return found;
}

bool CacheFolder::write(const CacheKey& key, std::string_view content, std::string& reason) const {
  const auto failed = [&](const std::string& why) {
    reason = "cache folder " + path_.string() + " cannot be written: " + why;
    return false;
  };
  if (content.size() + kTrailer > kLargestEntry) return failed("the entry is larger than 1 GiB");
  const std::string unfinished = random_name();
  FileDescriptor file(openat(folder_.get(), unfinished.c_str(),
                             O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (!file) return failed(error_text());
  if (!write_all(file.get(), content) || !write_all(file.get(), trailer(key, content).bytes) ||
      renameat(folder_.get(), unfinished.c_str(), folder_.get(), key.file_name().c_str()) != 0) {
    const std::string why = error_text();
    unlinkat(folder_.get(), unfinished.c_str(), 0);
    return failed(why);
  }
  return true;
}

/// `visit(name, status)` of everything in the folder: what else than a file lies under the name of an entry
/// is an entry that cannot be used.
template <class Visit>
void CacheFolder::each_file(Visit visit) const {
  const int fd = openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(fd < 0 ? nullptr : fdopendir(fd), closedir);
  if (!folder) return;
  while (const dirent* entry = readdir(folder.get())) {
    struct stat status = {};
    if (fstatat(folder_.get(), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
      visit(std::string_view(entry->d_name), status);
  }
}

std::vector<CacheFolder::Entry> CacheFolder::list() const {
  std::vector<Entry> entries;
  each_file([&](std::string_view name, const struct stat& status) {
    if (const auto key = CacheKey::of_file(name))
      entries.push_back({*key, static_cast<std::uint64_t>(status.st_size), time_of(status)});
  });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.used != b.used ? a.used > b.used : a.key < b.key;
  });
  return entries;
}

std::uint64_t CacheFolder::trim(const CacheKey& kept, std::uint64_t limit) const {
  const auto now = std::chrono::system_clock::now();
  each_file([&](std::string_view name, const struct stat& status) {
    if (name.starts_with(kUnfinished) && now - time_of(status) > kAbandoned)
      unlinkat(folder_.get(), std::string(name).c_str(), 0);
  });
  std::vector<Entry> entries = list();
  std::uint64_t total = 0;
  for (const Entry& e : entries) total += e.bytes;
  for (; total > limit && !entries.empty(); entries.pop_back()) {
    if (entries.back().key == kept || !remove(entries.back().key)) continue;
    total -= entries.back().bytes;
  }
  return total;
}

bool CacheFolder::remove(const CacheKey& key) const {
  const std::string name = key.file_name();
  if (unlinkat(folder_.get(), name.c_str(), 0) == 0) return true;
  return errno == EISDIR && unlinkat(folder_.get(), name.c_str(), AT_REMOVEDIR) == 0;
}

CacheFolder::Cleared CacheFolder::clear() const {
  Cleared cleared;
  std::vector<std::string> unfinished;
  for (const Entry& e : list())
    if (remove(e.key))
      ++cleared.removed;
    else
      cleared.left.push_back("cache entry " + (path_ / e.key.file_name()).string() +
                             " cannot be removed: " + error_text());
  each_file([&](std::string_view name, const struct stat&) {
    if (name.starts_with(kUnfinished)) unfinished.emplace_back(name);
  });
  for (const std::string& name : unfinished) unlinkat(folder_.get(), name.c_str(), 0);
  return cleared;
}

}  // namespace monograph::plan
