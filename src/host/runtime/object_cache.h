// Compiled code in the cache: verified, then opened by the descriptor through which it was verified.
#pragma once

#include <memory>

#include "host/codegen/object_compiler.h"
#include "host/plan/cache.h"

namespace monograph::runtime {

/// Keeps compiled objects in a cache. What the compiler's key does not know is added to it: the
/// processor that `-march=native` meant, and the C library.
class CachedObjects : public codegen::ObjectStore {
 public:
  explicit CachedObjects(std::shared_ptr<plan::Cache> cache) : cache_(std::move(cache)) {}
  codegen::SharedObject open(const base::Hash128& key) override;
  bool has_any() override;
  void keep(const base::Hash128& key, const std::filesystem::path& file) override;

 private:
  plan::CacheKey native_key(const base::Hash128& key);
  std::shared_ptr<plan::Cache> cache_;
  std::string machine_;  ///< found when it is first needed
};

}  // namespace monograph::runtime
