#include "cuda/simulated_machine.h"

#include <map>
#include <mutex>
#include <stdexcept>

#include "cuda/host_bulk.h"
#include "host/codegen/device_stage.h"
#include "host/codegen/object_compiler.h"
#include "host/simt/module.h"

namespace monograph::test {
namespace {

constexpr std::string_view kMagic = "simulated code\n";
constexpr std::size_t kShard =
    40;  // texts that the compiler is given at once: most of its time is the prelude's

std::vector<std::string> flags() {
#if defined(__SANITIZE_ADDRESS__)
  return {"-Og", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"};
#else
  return {"-Og"};
#endif
}

/// Kernels that were compiled in this process, by their names, which say what they are.
class Kernels {
 public:
  static Kernels& all() {
    static Kernels kernels;
    return kernels;
  }
  bool has(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return kernels_.contains(name);
  }
  simt::Kernel get(const std::string& name) {
    const std::lock_guard lock(mutex_);
    return kernels_.at(name);
  }
  /// The compiler's log where they do not compile; else empty.
  std::string add(const std::string& text, const std::vector<std::string>& names) {
    codegen::CompiledObject object =
        compiler_.compile({.name = "simulated", .source = simt::Module::source(text), .flags = flags()});
    if (!object.object) return object.reason + "\n" + object.log;
    const simt::Module module(std::move(object.object));
    const std::lock_guard lock(mutex_);
    for (const std::string& name : names) kernels_[name] = module.kernel(name);
    return {};
  }

 private:
  std::mutex mutex_;
  codegen::ObjectCompiler compiler_;
  std::map<std::string, simt::Kernel> kernels_;
};

std::vector<std::string> kernels_of(const std::string& text) {
  constexpr std::string_view mark = "MG_KERNEL_ENTRY(";
  std::vector<std::string> names;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + 1)) {
    const std::size_t begin = at + mark.size();
    names.push_back(text.substr(begin, text.find(')', begin) - begin));
  }
  return names;
}

std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15ull;
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ull;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebull;
  return x ^ (x >> 31);
}

}  // namespace

/// Texts of groups share a prelude, which a shard of them has once.
class SimulatedMachine::Compiler final : public cuda::KernelCompiler {
 public:
  explicit Compiler(SimulatedMachine& owner) : o_(owner) {}
  std::string target() const override { return "simulated"; }
  std::string version() const override { return o_.compiler_missing.empty() ? o_.compiler_version : ""; }
  std::string missing() const override { return o_.compiler_missing; }

  std::vector<cuda::CodeImage> compile(std::span<const std::string> texts) override {
    o_.texts += static_cast<int>(texts.size());
    std::vector<cuda::CodeImage> images(texts.size());
    for (cuda::CodeImage& i : images) {
      for (const char c : std::string(kMagic) + o_.image_end) i.bytes.push_back(static_cast<std::byte>(c));
      i.reason = o_.compiler_fails.empty() ? "" : "simulated: error", i.log = o_.compiler_fails;
    }
    if (!o_.compiler_fails.empty()) return images;
    const std::string prelude = codegen::device_stage_prelude();
    Shard shard;
    for (const std::string& text : texts) {
      const bool grouped = text.starts_with(prelude);
      const std::string own = grouped ? text.substr(prelude.size()) : text;
      const std::vector<std::string> names = kernels_of(own);
      if (Kernels::all().has(names.front())) continue;
      if (!grouped) {
        Shard{.text = own, .names = names, .count = 1}.compile();
        continue;
      }
      if (shard.count == 0) shard.text = prelude;
      shard.text += own, ++shard.count;
      shard.names.insert(shard.names.end(), names.begin(), names.end());
      if (shard.count == kShard) shard.compile(), shard = {};
    }
    if (shard.count > 0) shard.compile();
    return images;
  }
  std::string damage(std::span<const std::byte> image) const override {
    const std::string_view text(reinterpret_cast<const char*>(image.data()), image.size());
    return text.starts_with(kMagic) ? o_.image_damage : "it is no simulated code";
  }

 private:
  struct Shard {
    std::string text;
    std::vector<std::string> names;
    std::size_t count = 0;
    void compile() const {
      if (const std::string log = Kernels::all().add(text, names); !log.empty())
        throw std::runtime_error("device text does not compile for the CPU: " + log);
    }
  };
  SimulatedMachine& o_;
};

SimulatedMachine::SimulatedMachine(unsigned seed) : order_(mixed(seed)) {
  runtime.seed = seed;
  runtime.bulk_machine = &host_bulk();
  runtime.on_kernel = [this](const FakeNode& node) { launch(node); };
}

std::string SimulatedMachine::missing() { return codegen::HostCompiler::find().reason; }

runtime::Machine SimulatedMachine::machine() {
  return {.survey = [this]() -> const cuda::Survey& {
            const auto no_nvrtc = [this] { return cuda::Nvrtc::Lookup{{}, compiler_missing}; };
            survey_ = cuda::survey(&runtime, no_nvrtc, cuda::Depth::Enough);
            for (cuda::Device& d : survey_.devices)  // its compiler is another one
              if (d.finding.state == cuda::State::NoCompiler && compiler_missing.empty()) d.finding = {};
            if (!survey_.devices.empty()) survey_.finding = survey_.devices[0].finding;
            return survey_;
          },
          .runtime = &runtime,
          .compiler = [this](const cuda::Device&, int) { return std::make_shared<Compiler>(*this); },
          .figures =
              [this](const cuda::Device&) {
                cuda::DeviceFigures all = figures;
                all.proven = proven;
                return all;
              },
          .staging = staging};
}

/// A block is 256 threads with a stack each, so that few run at once.
void SimulatedMachine::launch(const FakeNode& node) {
  thread_local simt::Emulator emulator;
  const simt::Kernel kernel = Kernels::all().get(node.kernel);
  std::vector<void*> values = node.parameters, addresses;
  for (void*& v : values) addresses.push_back(&v);
  ++launches, ++launched[node.kernel];
  const simt::LaunchResult done = emulator.launch(
      kernel,
      {.grid = {node.launch.blocks, 1, 1},
       .block = {node.launch.threads, 1, 1},
       .shared_bytes = node.launch.shared_bytes,
       .arguments = addresses,
       .seed = order_ = std::max<std::uint64_t>(mixed(order_), 1),
       .resident_blocks = node.launch.cooperative ? node.launch.blocks : std::min(node.launch.blocks, 3u)});
  if (!done.ok()) throw std::runtime_error(node.kernel + ": " + done.error);
}

}  // namespace monograph::test
