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

DeviceSource device_source(bool loops, codegen::DeviceOptions options, bool always_active) {
  DeviceSource source{.group =
                          [options](const plan::Stage& stage, const std::string& group) {
                            return codegen::emit_device_group(stage, group, options);
                          },
                      .options = options,
                      .always_active = always_active};
  if (loops)
    source.loop = [options](const plan::Plan& plan, plan::BlockIndex block, std::size_t step,
                            const std::string& group) {
      return codegen::emit_device_loop(plan, block, step, group, options);
    };
  return source;
}

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

/// Equal texts are one group, whose name is their digest.
class DeviceCompiler::Groups {
 public:
  explicit Groups(const DeviceSource& source) : source_(source) {}

  void add(DevicePlan& p, plan::BlockIndex b) {
    const auto& steps = p.program().plan().blocks[b].steps;
    for (std::size_t i = 0; i < steps.size(); ++i) add(p, b, i, steps[i]);
  }
  std::vector<Group> take() { return std::move(groups_); }

 private:
  using Emit = std::function<codegen::DeviceGroup(const std::string& name)>;

  void add(DevicePlan& p, plan::BlockIndex b, std::size_t i, const plan::Step& step) {
    const plan::Plan& plan = p.program().plan();
    if (const codegen::DeviceStep* device = p.step(b, i))
      return add(&p.kernels_[b][i], [&](const std::string& name) {
        const bool group = device->kind == codegen::DeviceStep::Kind::Group;
        return group && !(source_.options.active && device->active)
                   ? source_.group(device->stage, name)
                   : codegen::emit_device_step(*device, name, source_.options);
      });
    if (step.kind == plan::Step::Kind::While && source_.loop && codegen::loop_objection(plan, b, i).empty())
      return add(&p.kernels_[b][i], [&](const std::string& name) {
        codegen::DeviceLoop loop = source_.loop(plan, b, i, name);
        return codegen::DeviceGroup{.text = std::move(loop.text), .kernels = {std::move(loop.kernel)}};
      });
    for (const plan::BlockIndex inside : step.blocks) add(p, inside);
  }

  void add(std::vector<DeviceKernel>* kernels, const Emit& emit) {
    const std::string name = name_of(emit("group").text);
    const auto [at, fresh] = known_.emplace(name, groups_.size());
    if (fresh) groups_.push_back({.device = emit(name), .steps = {}});
    groups_[at->second].steps.push_back(kernels);
  }

  const DeviceSource& source_;
  std::vector<Group> groups_;
  std::map<std::string, std::size_t> known_;
};

std::vector<DeviceCompiler::Group> DeviceCompiler::groups_of(std::span<DevicePlan* const> plans) const {
  Groups groups(source_);
  for (DevicePlan* p : plans) groups.add(*p, 0);
  return groups.take();
}

codegen::CompileRequest DeviceCompiler::request(const Shard& shard) const {
  std::string text = source_.prelude();
  if (source_.loop) text += codegen::device_loop_prelude();
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
  for (DevicePlan* p : plans) p->compile_ms_ = compile_ms, p->options_ = source_.options;
}

}  // namespace monograph::simt
