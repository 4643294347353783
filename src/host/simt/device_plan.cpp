#include "host/simt/device_plan.h"

#include <monograph/error.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "host/base/hash.h"
#include "host/simt/module.h"

namespace monograph::simt {
namespace {

// Groups per text: of fewer, most of the compiler's time would go into what all texts share.
constexpr std::size_t kShard = 40;

/// What the library itself is watched by, its kernels are too.
std::vector<std::string> flags() {
#if defined(__SANITIZE_ADDRESS__)
  return {"-Og", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"};
#else
  return {"-Og"};
#endif
}

std::string name_of(const std::string& text) {
  base::Hasher hash;
  hash.add(text);
  return "s" + hash.finish().text().substr(0, 12);
}

}  // namespace

DevicePlan::DevicePlan(std::shared_ptr<const plan::Plan> plan)
    : program_(std::make_shared<const cpu::PlanProgram>(std::move(plan))) {
  const plan::Plan& p = program_->plan();
  for (plan::BlockIndex b = 0; b < p.blocks.size(); ++b) {
    kernels_.emplace_back(p.blocks[b].steps.size());
    auto& steps = steps_.emplace_back();
    for (std::size_t i = 0; i < p.blocks[b].steps.size(); ++i) steps.push_back(codegen::device_step(p, b, i));
  }
}

/// A group, and every step that it is.
struct DeviceCompiler::Group {
  codegen::DeviceGroup device;
  std::vector<std::vector<DeviceKernel>*> steps;
};

struct DeviceCompiler::Shard {
  std::span<const Group> groups;
  codegen::CompiledObject object = {};
};

DeviceCompiler::DeviceCompiler(DeviceSource source, std::shared_ptr<codegen::ObjectStore> store, int threads,
                               codegen::Stop cancel)
    : source_(std::move(source)), compiler_(std::move(store), std::move(cancel)), threads_(threads) {}

std::string DeviceCompiler::missing() {
  return compiler_.compiler().compiler ? "" : compiler_.compiler().reason;
}

codegen::DeviceGroup DeviceCompiler::text_of(const codegen::DeviceStep& step, const std::string& name) const {
  const bool group = step.kind == codegen::DeviceStep::Kind::Group;
  return group ? source_.group(step.stage, name) : codegen::emit_device_step(step, name);
}

/// Equal texts are one group, whose name is their digest.
std::vector<DeviceCompiler::Group> DeviceCompiler::groups_of(std::span<DevicePlan* const> plans) const {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (DevicePlan* p : plans) {
    const auto& blocks = p->program().plan().blocks;
    for (plan::BlockIndex b = 0; b < blocks.size(); ++b)
      for (std::size_t i = 0; i < blocks[b].steps.size(); ++i) {
        const codegen::DeviceStep* step = p->step(b, i);
        if (!step) continue;
        const std::string name = name_of(text_of(*step, "group").text);
        const auto [at, fresh] = known.emplace(name, groups.size());
        if (fresh) groups.push_back({.device = text_of(*step, name), .steps = {}});
        groups[at->second].steps.push_back(&p->kernels_[b][i]);
      }
  }
  return groups;
}

codegen::CompileRequest DeviceCompiler::request(const Shard& shard) const {
  std::string text = source_.prelude();
  for (const Group& g : shard.groups) text += g.device.text;
  return {.name = "monograph_device", .source = Module::source(text), .flags = flags()};
}

void DeviceCompiler::compile(std::vector<Shard>& shards) {
  std::atomic<std::size_t> next = 0;
  const auto work = [&] {
    for (std::size_t i = next++; i < shards.size(); i = next++) {
      const codegen::CompileRequest asked = request(shards[i]);
      shards[i].object = compiler_.find(asked);
      if (!shards[i].object.object) shards[i].object = compiler_.compile(asked);
    }
  };
  std::vector<std::jthread> others;
  const auto wanted = std::min(static_cast<std::size_t>(threads_), shards.size());
  for (std::size_t t = 1; t < wanted; ++t) others.emplace_back(work);
  work();
}

void DeviceCompiler::compile(std::span<DevicePlan* const> plans) {
  const std::string reason = missing();
  compiler_.throw_if_stopped();
  if (!reason.empty()) throw DeviceError("the simt backend compiles device code for the CPU: " + reason);
  const std::vector<Group> groups = groups_of(plans);
  std::vector<Shard> shards;
  for (std::size_t first = 0; first < groups.size(); first += kShard)
    shards.push_back({.groups = std::span(groups).subspan(first, std::min(kShard, groups.size() - first))});
  compile(shards);
  compiler_.throw_if_stopped();
  double compile_ms = 0;
  for (Shard& s : shards) {
    if (!s.object.object) throw InternalError("device code does not compile for the CPU: " + s.object.reason);
    compile_ms += s.object.compile_ms;
    const Module module(std::move(s.object.object));
    for (const Group& g : s.groups)
      for (const codegen::DeviceKernel& k : g.device.kernels) {
        const Kernel kernel = module.kernel(k.name);
        if (!kernel) throw InternalError("device code lacks its kernel " + k.name);
        for (auto* step : g.steps) step->push_back({kernel, k});
      }
  }
  for (DevicePlan* p : plans) p->compile_ms_ = compile_ms;
}

}  // namespace monograph::simt
