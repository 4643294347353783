// The compiled tier: a plan's text through the machine's own C++ compiler into one function.
#pragma once

#include <memory>
#include <string>

#include "host/codegen/host_compiler.h"
#include "host/codegen/process.h"
#include "host/codegen/shared_object.h"
#include "host/cpu/instance.h"
#include "host/plan/plan.h"

namespace monograph::cpu {

/// A compiled plan, or why there is none.
struct NativePlan {
  codegen::SharedObject object;  ///< keeps `function` alive
  CompiledPlan function = nullptr;
  std::string reason;     ///< one line, empty when there is a function
  double compile_ms = 0;  ///< of the compiler's run; 0 when an object was found
};

/// Where finished objects are kept from process to process. None keeps nothing.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;
  /// Opens the object kept under `key`, verified; an empty object when there is none that can be trusted.
  virtual codegen::SharedObject open(const base::Hash128& key) = 0;
  /// False when nothing is kept: then there is no need to look for the compiler, which takes a while.
  virtual bool has_any() = 0;
  /// Keeps the object in `file`.
  virtual void keep(const base::Hash128& key, const std::filesystem::path& file) = 0;
};

/// Compiles plans. Looks for the compiler once, when first asked.
class NativeCompiler {
 public:
  explicit NativeCompiler(std::shared_ptr<ObjectStore> store = {}) : store_(std::move(store)) {}
  /// An object that is kept already: no compiler runs. Empty function when there is none.
  NativePlan find(const plan::Plan& plan);
  /// Runs the compiler. Never throws for what the machine lacks: that is `reason`.
  NativePlan compile(const plan::Plan& plan);

 private:
  const codegen::HostCompiler::Lookup& compiler();
  codegen::CompileRequest request(const plan::Plan& plan) const;
  std::shared_ptr<ObjectStore> store_;
  std::unique_ptr<codegen::HostCompiler::Lookup> compiler_;
  std::unique_ptr<codegen::PrivateFolder> folder_;
  int objects_ = 0;
};

}  // namespace monograph::cpu
