#include "host/simt/module.h"

#include <monograph/error.h>

#include "host/codegen/embedded_text.h"
#include "host/codegen/process.h"

namespace monograph::simt {

std::string Module::source(std::string_view device_text) {
  return std::string(codegen::embedded_text("host/simt/simt_abi.h")) +
         std::string(codegen::embedded_text("host/simt/simt_shim.h")) + "#line 1 \"device.cu\"\n" +
         std::string(device_text);
}

Module::Built Module::compile(const codegen::HostCompiler& compiler, std::string_view device_text,
                              const std::vector<std::string>& flags) {
  Built built;
  try {
    const codegen::PrivateFolder folder;  // may go at once: what is open stays open
    const auto object = folder.path() / "device.so";
    codegen::CompileResult compiled =
        compiler.compile({.name = "device", .source = source(device_text), .flags = flags}, object);
    built.log = compiled.log;
    built.reason = compiled.reason;
    if (!compiled.ok()) return built;
    Module module;
    module.object_ = codegen::SharedObject::open(object.string(), built.reason);
    if (module.object_) built.module = module;
  } catch (const Error& error) {
    built.reason = error.what();
  }
  return built;
}

Kernel Module::kernel(const std::string& name) const {
  return {.name = name,
          .entry = object_.function<void(void**)>((name + "_simt").c_str()),
          .attach = object_.function<Kernel::Attach>("mg_simt_attach"),
          .keep = object_};
}

}  // namespace monograph::simt
