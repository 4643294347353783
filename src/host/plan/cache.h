// What compilations leave for the next one: blobs by key, in memory and on disk. A cache never fails a run:
// what it cannot do is a warning, said once.
#pragma once

#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "host/plan/cache_folder.h"

namespace monograph::plan {

enum class CacheMode : std::uint8_t {
  Off,     ///< keeps nothing
  Memory,  ///< keeps nothing on disk
  On,
  Check,  ///< makes again what was found, and compares
};

struct CacheOptions {
  CacheMode mode = CacheMode::On;
  std::filesystem::path folder = {};  ///< empty: by the environment
  std::uint64_t memory_bytes = std::uint64_t{64} << 20;
  std::uint64_t disk_bytes = std::uint64_t{1} << 30;
};

/// May be used from several threads.
class Cache {
 public:
  using Blob = std::shared_ptr<const std::string>;
  enum class Origin : std::uint8_t { Made, Memory, Disk };
  struct Got {
    Blob blob;
    Origin origin = Origin::Made;
  };

  explicit Cache(CacheOptions options = {});

  CacheMode mode() const { return options_.mode; }
  /// The folder on disk, or null; then `no_folder` says why, in a line.
  const CacheFolder* folder() const { return folder_ ? &*folder_ : nullptr; }
  const std::string& no_folder() const { return no_folder_; }

  /// What is kept under `key`, from memory or disk; a null blob: nothing.
  Got find(const CacheKey& key);
  void keep(const CacheKey& key, std::string content);
  /// What is kept under `key`, else what `make` gives, kept from then on. With Check, `make` is asked even
  /// so: InternalError when it gives something else.
  Got find_or_make(const CacheKey& key, const std::function<std::string()>& make);
  /// An entry on disk as a file to load code from; false in bool context where there is none.
  VerifiedFile file(const CacheKey& key);

  /// Adds a warning, once.
  void warn(const std::string& what);
  /// What went wrong since the last call, each thing once.
  std::vector<std::string> take_warnings();

 private:
  struct Kept {
    CacheKey key;
    Blob blob;
  };
  Blob recall(const CacheKey& key);
  void remember(const CacheKey& key, Blob blob);
  void write(const CacheKey& key, const std::string& content);
  CacheFolder::Found read(const CacheKey& key);

  CacheOptions options_;
  std::optional<CacheFolder> folder_;
  std::string no_folder_;
  std::mutex mutex_;      // of everything below
  std::list<Kept> kept_;  ///< the latest used first
  std::map<CacheKey, std::list<Kept>::iterator> places_;
  std::uint64_t kept_bytes_ = 0;
  std::set<CacheKey> in_the_way_;  ///< under which something lies that no entry can replace
  bool writable_ = true;
  std::uint64_t disk_bytes_ = 0;  ///< in the folder, as far as this cache knows
  unsigned until_count_ = 0;      ///< writes until the folder is counted again: others write there too
  std::vector<std::string> warnings_;
  std::set<std::string> warned_;
};

}  // namespace monograph::plan
