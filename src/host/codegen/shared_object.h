// A shared object opened at run time, closed when the last owner goes.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

namespace monograph::codegen {

class SharedObject {
 public:
  SharedObject() = default;
  /// Opens by path, or by bare name through the loader's own search. When it cannot: an empty object, and
  /// `reason`.
  /// `resident` libraries stay loaded until the process ends: those that do not free everything when they are
  /// closed.
  static SharedObject open(const std::string& name, std::string& reason, bool resident = false);

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  /// The address of a symbol, or null.
  void* symbol(const char* name) const noexcept;
  template <class Function>
  Function* function(const char* name) const noexcept {
    return reinterpret_cast<Function*>(symbol(name));
  }

 private:
  std::shared_ptr<void> handle_;
};

}  // namespace monograph::codegen
