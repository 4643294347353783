#include "host/cpu/native.h"

#include <monograph/error.h>

#include <chrono>

#include "host/codegen/host_text.h"

namespace monograph::cpu {
namespace {

NativePlan opened(codegen::SharedObject object, std::string reason) {
  NativePlan native;
  native.object = std::move(object);
  if (native.object) native.function = native.object.function<int(scalar::mg_run*)>("mg_plan");
  if (!native.function) native.reason = reason.empty() ? "the compiled object lacks its function" : reason;
  return native;
}

}  // namespace

const codegen::HostCompiler::Lookup& NativeCompiler::compiler() {
  if (!compiler_) compiler_ = std::make_unique<codegen::HostCompiler::Lookup>(codegen::HostCompiler::find());
  return *compiler_;
}

codegen::CompileRequest NativeCompiler::request(const plan::Plan& plan) const {
  return {.name = "monograph_plan",
          .source = codegen::host_prelude() + codegen::emit_plan(plan),
          .flags = codegen::plan_flags()};
}

NativePlan NativeCompiler::find(const plan::Plan& plan) {
  NativePlan none;
  if (!store_ || !store_->has_any() || !compiler().compiler) return none;
  codegen::SharedObject kept = store_->open(compiler().compiler->key(request(plan)));
  return kept ? opened(std::move(kept), "") : std::move(none);
}

NativePlan NativeCompiler::compile(const plan::Plan& plan) {
  NativePlan native;
  if (!compiler().compiler) {
    native.reason = "no C++ compiler: " + compiler().reason;
    return native;
  }
  try {
    if (!folder_) folder_ = std::make_unique<codegen::PrivateFolder>();
  } catch (const RuntimeError& error) {
    native.reason = error.what();
    return native;
  }
  const codegen::HostCompiler& cxx = *compiler().compiler;
  const codegen::CompileRequest asked = request(plan);
  const std::filesystem::path file = folder_->path() / ("plan" + std::to_string(objects_++) + ".so");
  const auto start = std::chrono::steady_clock::now();
  const codegen::CompileResult result = cxx.compile(asked, file);
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  if (result.ok()) {
    std::string reason;
    codegen::SharedObject object = codegen::SharedObject::open(file.string(), reason);
    native = opened(std::move(object), reason);
    if (native.function && store_) store_->keep(cxx.key(asked), file);
  } else {
    native.reason = result.reason;
  }
  native.compile_ms = took.count();
  return native;
}

}  // namespace monograph::cpu
