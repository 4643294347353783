#include "host/plan/cache.h"

#include <monograph/error.h>

#include <algorithm>
#include <utility>

namespace monograph::plan {

Cache::Cache(CacheOptions options) : options_(std::move(options)) {
  if (options_.mode == CacheMode::Off || options_.mode == CacheMode::Memory) {
    no_folder_ = "the cache on disk is switched off";
    return;
  }
  if (options_.folder.empty()) options_.folder = CacheFolder::by_environment(no_folder_);
  if (!options_.folder.empty()) folder_ = CacheFolder::open(options_.folder, no_folder_);
  if (!folder_) warn(no_folder_);
}

void Cache::warn(const std::string& what) {
  const std::lock_guard lock(mutex_);
  if (warned_.insert(what).second) warnings_.push_back(what);
}

std::vector<std::string> Cache::take_warnings() {
  const std::lock_guard lock(mutex_);
  return std::exchange(warnings_, {});
}

Cache::Blob Cache::recall(const CacheKey& key) {
  const std::lock_guard lock(mutex_);
  const auto place = places_.find(key);
  if (place == places_.end()) return nullptr;
  kept_.splice(kept_.begin(), kept_, place->second);
  return kept_.front().blob;
}

void Cache::remember(const CacheKey& key, Blob blob) {
  const std::lock_guard lock(mutex_);
  const auto forget = [&](std::list<Kept>::iterator it) {
    kept_bytes_ -= it->blob->size();
    places_.erase(it->key);
    kept_.erase(it);
  };
  if (const auto place = places_.find(key); place != places_.end()) forget(place->second);
  if (blob->size() > options_.memory_bytes) return;
  kept_bytes_ += blob->size();
  kept_.push_front({key, std::move(blob)});
  places_[key] = kept_.begin();
  while (kept_bytes_ > options_.memory_bytes) forget(std::prev(kept_.end()));
}

CacheFolder::Found Cache::read(const CacheKey& key) {
  if (!folder_) return {};
  CacheFolder::Found found = folder_->read(key);
  if (found.reason.empty()) return found;
  warn(found.reason +
       (found.in_the_way ? "; until it is removed, nothing is kept there" : "; it is made again"));
  const std::lock_guard lock(mutex_);
  if (found.in_the_way) in_the_way_.insert(key);
  return found;
}

Cache::Got Cache::find(const CacheKey& key) {
  if (options_.mode == CacheMode::Off) return {};
  if (Blob blob = recall(key)) return {std::move(blob), Origin::Memory};
  CacheFolder::Found found = read(key);
  if (!found.content) return {};
  auto blob = std::make_shared<const std::string>(std::move(*found.content));
  remember(key, blob);
  return {std::move(blob), Origin::Disk};
}

void Cache::keep(const CacheKey& key, std::string content) {
  if (options_.mode == CacheMode::Off) return;
  const auto blob = std::make_shared<const std::string>(std::move(content));
  if (key.kind != CacheKind::Native) remember(key, blob);  // code is loaded from files
  if (folder_ && blob->size() < options_.disk_bytes) write(key, *blob);
}

void Cache::write(const CacheKey& key, const std::string& content) {
  constexpr unsigned kWritesBetweenCounts = 256;
  {
    const std::lock_guard lock(mutex_);
    if (!writable_ || in_the_way_.contains(key)) return;
  }
  std::string reason;
  if (!folder_->write(key, content, reason)) {
    warn(reason);
    const std::lock_guard lock(mutex_);
    writable_ = false;  // a full disk stays full: not asked again at every compilation
    return;
  }
  const std::lock_guard lock(mutex_);
  disk_bytes_ += content.size();
  if (until_count_-- > 0 && disk_bytes_ <= options_.disk_bytes) return;
  disk_bytes_ = folder_->trim(key, options_.disk_bytes);
  until_count_ = kWritesBetweenCounts;
}

Cache::Got Cache::find_or_make(const CacheKey& key, const std::function<std::string()>& make) {
  Got got = find(key);
  if (got.blob && options_.mode != CacheMode::Check) return got;
  std::string made = make();
  if (!got.blob) {
    got.blob = std::make_shared<const std::string>(made);
    keep(key, std::move(made));
  } else if (made != *got.blob) {
    const auto differs = std::mismatch(made.begin(), made.end(), got.blob->begin(), got.blob->end());
    throw InternalError(
        "cache check: entry " + key.file_name() + " is not what a new compilation gives, from byte " +
        std::to_string(differs.first - made.begin()) + " on; monograph cache clear removes it");
  }
  return got;
}

VerifiedFile Cache::file(const CacheKey& key) {
  CacheFolder::Found found = read(key);
  if (!found.content) return {};
  return std::move(found.file);
}

}  // namespace monograph::plan
