#include "host/cuda/prepared_plan.h"

#include <monograph/error.h>

#include "host/base/ranges.h"
#include "host/codegen/step_text.h"

namespace monograph::cuda {

PreparedPlan::PreparedPlan(std::shared_ptr<const plan::Plan> plan)
    : plan_(std::move(plan)), range_payload_(base::profiled() ? plan::hash(*plan_).high : 0) {
  for (plan::SlotId s = 0; s < plan_->slots.size(); ++s) {
    const plan::Slot& slot = plan_->slots[s];
    if (slot.kind != plan::Slot::Kind::Parameter) continue;
    const ir::Node& n = plan_->program.regions[slot.region].nodes[slot.node];
    parameters_.emplace_back(s, std::get<std::string>(n.attrs[0]));
  }
}

/// The texts of all steps of some plans, and which step each is of.
struct PreparedPlan::Texts {
  struct Place {
    PreparedPlan* plan;
    std::vector<GroupKernel>* kernels;
    std::vector<codegen::DeviceKernel> shapes;
  };
  KernelVariant variant;
  std::vector<std::string> texts = {};
  std::vector<Place> places = {};  // of each text

  void add(PreparedPlan& p, PlanKernels& kernels) {
    const auto& blocks = p.plan().blocks;
    for (const plan::Block& b : blocks) kernels.groups.emplace_back(b.steps.size());
    add(p, kernels, 0);
  }

 private:
  codegen::DeviceOptions options() const { return {.balanced = variant.balanced, .active = variant.active}; }
  void add(PreparedPlan& p, PlanKernels& kernels, plan::BlockIndex b) {
    const auto& steps = p.plan().blocks[b].steps;
    for (std::size_t s = 0; s < steps.size(); ++s) {
      std::vector<GroupKernel>& step = kernels.groups[b][s];
      codegen::DeviceGroup group = codegen::step_text(p.plan(), b, s, options());
      if (!group.kernels.empty()) {
        texts.push_back(std::move(group.text));
        places.push_back({&p, &step, std::move(group.kernels)});
      } else if (!add_loop(p, step, b, s)) {
        for (const plan::BlockIndex inside : steps[s].blocks) add(p, kernels, inside);
      }
    }
  }

  /// False where the step is no loop, or none that is one kernel.
  bool add_loop(PreparedPlan& p, std::vector<GroupKernel>& step, plan::BlockIndex b, std::size_t s) {
    if (!variant.loops || p.plan().blocks[b].steps[s].kind != plan::Step::Kind::While) return false;
    codegen::LoopKernelText loop = codegen::loop_text(p.plan(), b, s, options());
    if (!loop.objection.empty()) return false;
    texts.push_back(std::move(loop.text));
    places.push_back({&p, &step, {std::move(loop.kernel)}});
    return true;
  }
};

void PreparedPlan::prepare(std::span<PreparedPlan* const> plans, KernelStore& store, KernelVariant variant) {
  Texts all{.variant = variant};
  for (PreparedPlan* p : plans) {
    if (const std::string why = objection(p->plan()); !why.empty())
      throw DeviceError("program \"" + p->plan().name() + "\": " + why + "; run it on --backend cpu");
    p->needs_ = needs_of(p->plan());
    p->kernels_.erase(variant);
    all.add(*p, p->kernels_[variant]);
  }
  try {
    load(plans, store, all);
  } catch (...) {
    for (PreparedPlan* p : plans) p->kernels_.erase(variant);
    throw;
  }
}

void PreparedPlan::load(std::span<PreparedPlan* const> plans, KernelStore& store, Texts& all) {
  const std::string control[] = {control_text(store.runtime().conditions_in_memory())};
  const std::vector<LoadedCode> code = store.load(codegen::device_stage_prelude(), all.texts, control);
  const LoadedCode& controls = code.back();
  const double compile_ms = store.compile_ms();
  for (std::size_t i = 0; i < all.places.size(); ++i) {
    for (const codegen::DeviceKernel& k : all.places[i].shapes)
      all.places[i].kernels->push_back({.kernel = store.kernel(code[i], k.name),
                                        .rows_per_block = k.rows_per_block,
                                        .threads = k.block_threads,
                                        .shared_bytes = k.shared_bytes});
    all.places[i].plan->code_.push_back(code[i]);
  }
  for (PreparedPlan* p : plans) {
    p->code_.push_back(controls);
    p->kernels_[all.variant].set_control([&](const char* name) { return store.kernel(controls, name); });
    p->compile_ms_ += compile_ms;
  }
}

}  // namespace monograph::cuda
