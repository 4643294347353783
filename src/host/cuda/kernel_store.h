// Device texts as loaded code. Equal texts are compiled and loaded once, and their images are kept in the
// cache for later sessions.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "host/base/hash.h"
#include "host/cuda/handles.h"
#include "host/cuda/kernel_compiler.h"
#include "host/plan/cache.h"

namespace monograph::cuda {

/// The kernels of one text. Whoever launches one holds on to it.
using LoadedCode = std::shared_ptr<const OwnedLibrary>;

class KernelStore {
 public:
  /// `cache` may be null: nothing is kept.
  KernelStore(Runtime& runtime, std::shared_ptr<KernelCompiler> compiler, std::shared_ptr<plan::Cache> cache)
      : runtime_(runtime), compiler_(std::move(compiler)), cache_(std::move(cache)) {}

  Runtime& runtime() const { return runtime_; }
  /// In the order of `texts`, before each of which `prelude` stands, and then of `whole`, which have all they
  /// need: all are compiled at once. Where the cache checks, what it has is made
  /// again: InternalError when something else comes of it. DeviceError: no compiler, and not all of them are
  /// in the cache. InternalError: one does not compile; where its text was put is in the message.
  std::vector<LoadedCode> load(const std::string& prelude, std::span<const std::string> texts,
                               std::span<const std::string> whole = {});
  /// What compiling took in the last `load`; 0 when everything was there.
  double compile_ms() const { return compile_ms_; }
  std::size_t compiled() const { return compiled_; }  ///< texts, ever
  /// The kernel of that name. InternalError when the code has none.
  Kernel kernel(const LoadedCode& code, const std::string& name);

 private:
  struct Wanted;
  void find_loaded(std::vector<Wanted>& wanted);
  void find_cached(Wanted& w);
  void compile(std::vector<Wanted>& wanted);
  LoadedCode keep_loaded(const base::Hash128& key, std::span<const std::byte> image);

  Runtime& runtime_;
  std::shared_ptr<KernelCompiler> compiler_;
  std::shared_ptr<plan::Cache> cache_;
  std::map<base::Hash128, std::weak_ptr<const OwnedLibrary>> loaded_;
  double compile_ms_ = 0;
  std::size_t compiled_ = 0;
};

}  // namespace monograph::cuda
