// Source text to code that is loaded: through the machine's compiler, or out of a store of finished objects.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "host/codegen/host_compiler.h"
#include "host/codegen/process.h"
#include "host/codegen/shared_object.h"

namespace monograph::codegen {

/// Where finished objects are kept from process to process. None keeps nothing.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  /// Opens the object kept under `key`, verified; an empty object when there is none that can be trusted.
  virtual SharedObject open(const base::Hash128& key) = 0;
  /// False when nothing is kept: then there is no need to look for the compiler, which takes a while.
  virtual bool has_any() = 0;
  /// Keeps the object in `file`.
  virtual void keep(const base::Hash128& key, const std::filesystem::path& file) = 0;
};

/// Loaded code, or why there is none.
struct CompiledObject {
  SharedObject object;
  std::string reason;     ///< one line, empty when there is an object
  std::string log = {};   ///< the compiler's
  double compile_ms = 0;  ///< of the compiler's run; 0 when an object was found
};

/// Looks for the compiler once, when first asked. Any number of threads.
class ObjectCompiler {
 public:
  explicit ObjectCompiler(std::shared_ptr<ObjectStore> store = {}, Stop stop = {})
      : store_(std::move(store)), stop_(std::move(stop)) {}
  /// Cancelled, once `stop` says so: what was not compiled then failed for no other reason.
  void throw_if_stopped() const;
  const HostCompiler::Lookup& compiler();
  /// Is anything kept at all, and could it be found?
  bool may_find();
  /// An object that is kept already: no compiler runs. Empty when there is none.
  CompiledObject find(const CompileRequest& request);
  /// Runs the compiler, and keeps what it made. Never throws for what the machine lacks: that is `reason`.
  CompiledObject compile(const CompileRequest& request);

 private:
  std::filesystem::path next_file();
  std::shared_ptr<ObjectStore> store_;
  const Stop stop_;
  std::mutex mutex_;  ///< of the store and of what follows
  std::unique_ptr<HostCompiler::Lookup> compiler_;
  std::unique_ptr<PrivateFolder> folder_;
  int objects_ = 0;
};

}  // namespace monograph::codegen
