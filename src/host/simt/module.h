// Device text made runnable on the CPU: shim + text, compiled by the machine's own C++ compiler.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "host/codegen/host_compiler.h"
#include "host/codegen/shared_object.h"
#include "host/simt/runtime.h"

namespace monograph::simt {

class Module {
 public:
  Module() = default;
  /// An object that was compiled of `source`.
  explicit Module(codegen::SharedObject object) : object_(std::move(object)) {}
  struct Built;
  /// Compiles one device text. `flags` are the compiler's, e.g. "-O1"; failure comes back as a value.
  static Built compile(const codegen::HostCompiler& compiler, std::string_view device_text,
                       const std::vector<std::string>& flags = {"-O1"});
  /// What the compiler is given: shim and text. Errors count lines of the text, as file "device.cu".
  static std::string source(std::string_view device_text);

  /// The kernel of that name; false in bool context when the text has none with a MG_KERNEL_ENTRY.
  Kernel kernel(const std::string& name) const;

 private:
  codegen::SharedObject object_;
};

struct Module::Built {
  std::optional<Module> module;
  std::string reason;  ///< one line, empty when there is a module
  std::string log;     ///< the compiler's
};

}  // namespace monograph::simt
