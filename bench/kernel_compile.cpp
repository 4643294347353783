#include "bench/kernel_compile.h"

#include <monograph/error.h>

#include <algorithm>
#include <memory>
#include <thread>

#include "bench/report.h"
#include "host/codegen/process.h"
#include "host/cuda/prepared_plan.h"
#include "host/cuda/recording_runtime.h"
#include "host/plan/compile.h"

namespace monograph::bench {
namespace {

constexpr int kArchitecture = 90;

/// The kernels of one plan, by NVRTC and a runtime that loads them nowhere.
class KernelTimes {
 public:
  KernelTimes(const Program& program, const Effort& effort, std::shared_ptr<cuda::KernelCompiler> compiler)
      : plan_(plan::compile(program.ir()).plan), effort_(effort), compiler_(std::move(compiler)) {
    texts_ = prepare(nullptr);
  }

  std::size_t texts() const { return texts_; }
  double cold() const {
    return median(measure([&] { expect(prepare(nullptr), texts_); }, effort_));
  }
  double memory() const {
    const auto cache = std::make_shared<plan::Cache>(plan::CacheOptions{.mode = plan::CacheMode::Memory});
    prepare(cache);
    return median(measure([&] { expect(prepare(cache), 0); }, effort_));
  }
  double disk() const {
    const codegen::PrivateFolder folder;
    const plan::CacheOptions options{.folder = folder.path()};
    prepare(std::make_shared<plan::Cache>(options));
    return median(measure([&] { expect(prepare(std::make_shared<plan::Cache>(options)), 0); }, effort_));
  }

 private:
  /// As a new session does it. Gives how many texts were compiled.
  std::size_t prepare(const std::shared_ptr<plan::Cache>& cache) const {
    cuda::RecordingRuntime runtime;
    cuda::KernelStore store(runtime, compiler_, cache);
    cuda::PreparedPlan prepared(plan_);
    cuda::PreparedPlan* const plans[] = {&prepared};
    cuda::PreparedPlan::prepare(plans, store);
    return store.compiled();
  }
  static void expect(std::size_t compiled, std::size_t wanted) {
    if (compiled != wanted)
      throw RuntimeError("bench: kernels were not found in the cache where they were kept");
  }

  std::shared_ptr<const plan::Plan> plan_;
  Effort effort_;
  std::shared_ptr<cuda::KernelCompiler> compiler_;
  std::size_t texts_ = 0;
};

}  // namespace

Report kernel_times(const AlgorithmCase& algorithm, const Effort& effort, const SuiteOptions& options) {
  throw_if_cancelled(options);
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(std::thread::hardware_concurrency(), 1u));
  const cuda::Nvrtc::Lookup found = cuda::Nvrtc::find();
  if (!found.nvrtc)
    return {{"kernel_texts", {}}, {"nvrtc_cold_ms", {}}, {"nvrtc_memory_ms", {}}, {"nvrtc_disk_ms", {}}};
  const std::string version =
      std::to_string(found.nvrtc->major()) + "." + std::to_string(found.nvrtc->minor());
  const KernelTimes times(algorithm.program(), effort,
                          std::make_shared<cuda::NvrtcCompiler>(kArchitecture, threads, version, ""));
  return {{"kernel_texts", times.texts()},
          {"nvrtc_cold_ms", rounded(times.cold())},
          {"nvrtc_memory_ms", rounded(times.memory())},
          {"nvrtc_disk_ms", rounded(times.disk())}};
}

}  // namespace monograph::bench
