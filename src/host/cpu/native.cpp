#include "host/cpu/native.h"

#include "host/codegen/host_text.h"

namespace monograph::cpu {
namespace {

codegen::CompileRequest request(const plan::Plan& plan) {
  return {.name = "monograph_plan",
          .source = codegen::host_prelude() + codegen::emit_plan(plan),
          .flags = codegen::plan_flags()};
}

NativePlan opened(codegen::CompiledObject compiled) {
  NativePlan native;
  native.compile_ms = compiled.compile_ms;
  native.object = std::move(compiled.object);
  if (native.object) native.function = native.object.function<int(scalar::mg_run*)>("mg_plan");
  if (!native.function)
    native.reason = compiled.reason.empty() ? "the compiled object lacks its function" : compiled.reason;
  return native;
}

}  // namespace

NativePlan NativeCompiler::find(const plan::Plan& plan) {
  if (!compiler_.may_find()) return {};
  codegen::CompiledObject kept = compiler_.find(request(plan));
  if (!kept.object) return {};
  NativePlan native = opened(std::move(kept));
  native.note = compiler_.compiler().note;
  return native;
}

NativePlan NativeCompiler::compile(const plan::Plan& plan) {
  NativePlan native = opened(compiler_.compile(request(plan)));
  compiler_.throw_if_stopped();
  native.note = compiler_.compiler().note;
  return native;
}

}  // namespace monograph::cpu
