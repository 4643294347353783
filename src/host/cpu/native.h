// The compiled tier: a plan's text through the machine's own C++ compiler into one function.
#pragma once

#include <memory>
#include <string>

#include "host/codegen/object_compiler.h"
#include "host/cpu/instance.h"
#include "host/plan/plan.h"

namespace monograph::cpu {

/// A compiled plan, or why there is none.
struct NativePlan {
  codegen::SharedObject object;  ///< keeps `function` alive
  CompiledPlan function = nullptr;
  std::string reason;     ///< one line, empty when there is a function
  std::string note;       ///< why another compiler than CXX made it; empty when that is no matter
  double compile_ms = 0;  ///< of the compiler's run; 0 when an object was found
};

/// Compiles plans.
class NativeCompiler {
 public:
  explicit NativeCompiler(std::shared_ptr<codegen::ObjectStore> store = {}, codegen::Stop stop = {})
      : compiler_(std::move(store), std::move(stop)) {}
  /// An object that is kept already: no compiler runs. Empty function when there is none.
  NativePlan find(const plan::Plan& plan);
  /// Runs the compiler. Never throws for what the machine lacks: that is `reason`. Cancelled, once `stop`
  /// says so.
  NativePlan compile(const plan::Plan& plan);

 private:
  codegen::ObjectCompiler compiler_;
};

}  // namespace monograph::cpu
