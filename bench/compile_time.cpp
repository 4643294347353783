#include "bench/compile_time.h"

#include <monograph/error.h>

#include "bench/kernel_compile.h"
#include "bench/report.h"
#include "host/codegen/process.h"
#include "host/cpu/native.h"
#include "host/plan/compile.h"

namespace monograph::bench {
namespace {

using plan::Cache;

/// A median of times in which the plan came from where it was meant to come from.
class PlanTimes {
 public:
  PlanTimes(const Program& program, const Effort& effort) : program_(program), effort_(effort) {}

  double cold() const {
    return median(measure([&] { plan::compile(program_.ir()); }, effort_));
  }
  double memory() const {
    Cache cache({.mode = plan::CacheMode::Memory});
    plan::compile(program_.ir(), {}, &cache);
    return median(
        measure([&] { expect(plan::compile(program_.ir(), {}, &cache), Cache::Origin::Memory); }, effort_));
  }
  double disk() const {
    const codegen::PrivateFolder folder;
    const plan::CacheOptions options{.folder = folder.path()};
    Cache first(options);
    plan::compile(program_.ir(), {}, &first);
    return median(measure(
        [&] {
          Cache cache(options);
          expect(plan::compile(program_.ir(), {}, &cache), Cache::Origin::Disk);
        },
        effort_));
  }

 private:
  static void expect(const plan::Compiled& compiled, Cache::Origin origin) {
    if (compiled.origin != origin)
      throw RuntimeError("bench: a plan was not found in the cache where it was kept");
  }
  const Program& program_;
  Effort effort_;
};

}  // namespace

Report compile_times(const AlgorithmCase& algorithm, const Effort& effort, const SuiteOptions& options) {
  throw_if_cancelled(options);
  const Program program = algorithm.program();
  const PlanTimes times(program, effort);
  cpu::NativeCompiler compiler({}, [&] { return options.cancel.cancelled(); });
  const cpu::NativePlan native = compiler.compile(*plan::compile(program.ir()).plan);
  Report row{{"algorithm", algorithm.name},
             {"cold_ms", rounded(times.cold())},
             {"memory_ms", rounded(times.memory())},
             {"disk_ms", rounded(times.disk())},
             {"native_compiler_ms", native.function ? Report(rounded(native.compile_ms)) : Report()}};
  row.update(kernel_times(algorithm, effort, options));
  return row;
}

Report compile(const SuiteOptions& options) {
  Report report = new_report("compile", options);
  for (const AlgorithmCase* a : chosen_algorithms(options)) {
    options.progress(std::string(a->name));
    report["rows"].push_back(compile_times(*a, options.quick ? Effort{1, 1, 0, 0} : Effort{}, options));
  }
  return report;
}

}  // namespace monograph::bench
