#include "host/codegen/object_compiler.h"

#include <monograph/error.h>

#include "host/base/ranges.h"

namespace monograph::codegen {

void ObjectCompiler::throw_if_stopped() const {
  if (stop_ && stop_()) throw Cancelled("interrupted while the C++ compiler ran");
}

const HostCompiler::Lookup& ObjectCompiler::compiler() {
  const std::lock_guard lock(mutex_);
  if (!compiler_) compiler_ = std::make_unique<HostCompiler::Lookup>(HostCompiler::find(stop_));
  return *compiler_;
}

bool ObjectCompiler::may_find() {
  {
    const std::lock_guard lock(mutex_);
    if (!store_ || !store_->has_any()) return false;
  }
  return compiler().compiler.has_value();
}

CompiledObject ObjectCompiler::find(const CompileRequest& request) {
  if (!may_find()) return {};
  const base::Hash128 key = compiler().compiler->key(request);
  const std::lock_guard lock(mutex_);
  return {.object = store_->open(key), .reason = {}};
}

/// Where the next object is written to: a folder that is gone with this compiler.
std::filesystem::path ObjectCompiler::next_file() {
  const std::lock_guard lock(mutex_);
  if (!folder_) folder_ = std::make_unique<PrivateFolder>();
  return folder_->path() / ("object" + std::to_string(objects_++) + ".so");
}

CompiledObject ObjectCompiler::compile(const CompileRequest& request) {
  CompiledObject made;
  if (!compiler().compiler) {
    made.reason = compiler().reason;
    return made;
  }
  const HostCompiler& cxx = *compiler().compiler;
  const base::Range range(base::Phase::MachineCode);
  try {
    const std::filesystem::path file = next_file();
    const auto start = std::chrono::steady_clock::now();
    CompileResult result = cxx.compile(request, file, stop_);
    made.compile_ms =
        std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count();
    made.reason = std::move(result.reason), made.log = std::move(result.log);
    if (!made.reason.empty()) return made;
    made.object = SharedObject::open(file.string(), made.reason);
    const std::lock_guard lock(mutex_);
    if (made.object && store_) store_->keep(cxx.key(request), file);
  } catch (const RuntimeError& error) {
    made.reason = error.what();
  }
  return made;
}

}  // namespace monograph::codegen
