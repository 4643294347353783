// A plan as the engine keeps it: what it needs, and its kernels, loaded.
#pragma once

#include <compare>
#include <map>
#include <memory>
#include <vector>

#include "host/cuda/kernel_store.h"
#include "host/cuda/needs.h"
#include "host/cuda/plan_graph.h"

namespace monograph::cuda {

/// Which kernels a plan has. What is chosen depends on the graph, and never shows in a result.
struct KernelVariant {
  bool loops = false;     ///< loops are one kernel each, as far as they can be
  bool balanced = false;  ///< long rows are cut
  bool active = false;    ///< loops compute only active rows, where they may
  friend auto operator<=>(const KernelVariant&, const KernelVariant&) = default;
};
inline KernelVariant variant_of(const GraphOptions& options) {
  return {.loops = options.tier != Tier::Graph, .balanced = options.balanced, .active = options.active()};
}

class PreparedPlan {
 public:
  explicit PreparedPlan(std::shared_ptr<const plan::Plan> plan);
  const plan::Plan& plan() const { return *plan_; }
  const Needs& needs() const { return needs_; }
  bool has(KernelVariant variant) const { return kernels_.contains(variant); }
  /// It has been prepared.
  const PlanKernels& kernels(KernelVariant variant) const { return kernels_.at(variant); }
  /// Slots that a run binds, by the names of their parameters.
  const std::vector<std::pair<plan::SlotId, std::string>>& parameters() const { return parameters_; }
  double compile_ms() const { return compile_ms_; }
  /// For profilers: the first digits of the plan's hash, 0 when none is attached.
  std::uint64_t range_payload() const { return range_payload_; }

  /// Kernels of all of them, of one variant, in one go; others that they have stay. DeviceError when a plan
  /// has an operation without device code, or no compiler is there; InternalError when device code does not
  /// compile.
  static void prepare(std::span<PreparedPlan* const> plans, KernelStore& store, KernelVariant variant = {});

 private:
  struct Texts;
  static void load(std::span<PreparedPlan* const> plans, KernelStore& store, Texts& all);
  std::shared_ptr<const plan::Plan> plan_;
  Needs needs_;
  std::map<KernelVariant, PlanKernels> kernels_;
  std::vector<LoadedCode> code_;  // of those
  std::vector<std::pair<plan::SlotId, std::string>> parameters_;
  double compile_ms_ = 0;
  std::uint64_t range_payload_ = 0;
};

}  // namespace monograph::cuda
