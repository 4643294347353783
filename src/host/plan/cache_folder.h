// The cache on disk: one file per entry in a folder of the user's own. Files appear whole (written beside,
// then renamed), so any number of processes may share a folder without locks; what is read is checked, so a
// damaged or foreign file is a reason, never a result. Nothing here throws for the state of a disk.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "host/base/hash.h"

namespace monograph::plan {

/// What is kept. The name is the suffix of the files.
enum class CacheKind : std::uint8_t { Plan, Native, Cubin };
inline constexpr std::string_view kCacheKindNames[] = {"plan", "native", "cubin"};

struct CacheKey {
  CacheKind kind = CacheKind::Plan;
  base::Hash128 hash;
  friend auto operator<=>(const CacheKey&, const CacheKey&) = default;
  /// "0123456789abcdef0123456789abcdef.plan"
  std::string file_name() const;
  static std::optional<CacheKey> of_file(std::string_view name);
};

/// An open file, closed with the object.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int fd) noexcept : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();
  int get() const noexcept { return fd_; }
  explicit operator bool() const noexcept { return fd_ >= 0; }
  int release() noexcept;

 private:
  int fd_ = -1;
};

/// An entry whose owner, mode, key and checksum were verified through the descriptor that it still holds:
/// what was verified is what is loaded from it.
struct VerifiedFile {
  FileDescriptor descriptor;
  base::Hash128 checksum;
  /// For dlopen. The loader takes a library for loaded when it knows the name, and descriptors are numbered
  /// again and again; so the checksum is part of the name (as "/" and "/." between its parts).
  std::string loader_path() const;
  explicit operator bool() const noexcept { return static_cast<bool>(descriptor); }
};

class CacheFolder {
 public:
  /// What is found under a key. Neither content nor reason: nothing.
  struct Found {
    std::optional<std::string> content;
    VerifiedFile file;
    std::string reason;       ///< why a file that is there is not used
    bool in_the_way = false;  ///< what is there is a folder: no entry can take its place
  };
  struct Entry {
    CacheKey key;
    std::uint64_t bytes = 0;
    std::chrono::system_clock::time_point used;  ///< last
  };

  /// By MONOGRAPH_CACHE_DIR, else XDG_CACHE_HOME/monograph, else HOME/.cache/monograph; empty, and `reason`,
  /// where the environment has none of them.
  static std::filesystem::path by_environment(std::string& reason);
  /// Opens the folder, made with mode 0700 where it is not there and `make` is set. Nothing, and `reason`,
  /// unless it is the user's own and nobody else can write to it.
  static std::optional<CacheFolder> open(const std::filesystem::path& path, std::string& reason,
                                         bool make = true);

  const std::filesystem::path& path() const { return path_; }
  /// Whether reading counts as use.
  enum class Touch : bool { No, Yes };
  Found read(const CacheKey& key, Touch touch = Touch::Yes) const;
  /// Whether it is there now; else `reason`.
  bool write(const CacheKey& key, std::string_view content, std::string& reason) const;
  /// Removes what was used longest ago, but not `kept`, while more than `limit` bytes are there, and what
  /// interrupted writers left; how many bytes stay.
  std::uint64_t trim(const CacheKey& kept, std::uint64_t limit) const;
  /// By time of use, the latest first.
  std::vector<Entry> list() const;
  /// A file or whatever else lies there, but no folder that has something in it: false, and errno.
  bool remove(const CacheKey& key) const;
  struct Cleared {
    std::size_t removed = 0;        ///< entries
    std::vector<std::string> left;  ///< a line for each that could not be removed
  };
  /// Removes every entry, whatever lies under its name, and what interrupted writers left.
  Cleared clear() const;

 private:
  CacheFolder(std::filesystem::path path, FileDescriptor folder)
      : path_(std::move(path)), folder_(std::move(folder)) {}
  template <class Visit>
  void each_file(Visit visit) const;

  std::filesystem::path path_;
  FileDescriptor folder_;
};

}  // namespace monograph::plan
