#include "host/plan/schedule.h"

#include <algorithm>
#include <utility>

#include "host/ops/op_def.h"

namespace monograph::plan {
namespace {

using ir::Node;
using ops::OpId;

class Schedule {
 public:
  Schedule(const ir::Program& program, const ir::Region& region)
      : program_(program), region_(region), after_(region.nodes.size()) {}

  std::vector<Wave> run() {
    for (std::uint32_t i = 0; i < region_.nodes.size(); ++i) {
      const Node& n = region_.nodes[i];
      if (is_static(n)) continue;
      const std::size_t at = n.op == OpId::Fused ? place_group(i) : place_alone(i);
      after_[i] = at + 1;
      if (has_effect(n)) after_effects_ = at + 1;
      if (n.op != OpId::Fused && !n.regions.empty()) after_control_ = at + 1;
    }
    return std::move(waves_);
  }

 private:
  bool has_effect(const Node& n) const {
    if (n.op != OpId::Fused) return true;
    const auto checks = [](const Node& inner) { return ops::def(inner.op).effect != ops::Effect::Pure; };
    return std::ranges::any_of(program_.regions[n.regions[0]].nodes, checks);
  }

  std::size_t place_group(std::uint32_t i) {
    const Node& n = region_.nodes[i];
    std::size_t at = after_control_;
    if (has_effect(n)) at = std::max(at, after_effects_);
    for (ir::ValueId v : n.operands)
      if (!v.is_none() && !v.is_argument()) at = std::max(at, after_[v.node]);
    at = open_from(at);
    if (at == waves_.size()) add_wave();
    waves_[at].push_back(i);
    if (waves_[at].size() == kWaveWidth) next_open_[at] = at + 1;
    return at;
  }

  std::size_t place_alone(std::uint32_t i) {
    add_wave();
    waves_.back().push_back(i);
    next_open_.back() = waves_.size();
    return waves_.size() - 1;
  }

  void add_wave() {
    next_open_.push_back(waves_.size());
    waves_.emplace_back();
  }

  /// The first wave from `at` on that takes one more group, or one past the last. What was found is remembered
  /// for all waves on the way.
  std::size_t open_from(std::size_t at) {
    std::size_t open = at;
    while (open < waves_.size() && next_open_[open] != open) open = next_open_[open];
    while (at < open) at = std::exchange(next_open_[at], open);
    return open;
  }

  const ir::Program& program_;
  const ir::Region& region_;
  std::vector<Wave> waves_;
  std::vector<std::size_t> next_open_;  // per wave: itself while it takes more, else a later one
  std::vector<std::size_t> after_;  // per node: the first wave that may read it
  std::size_t after_effects_ = 0, after_control_ = 0;
};

}  // namespace

bool is_static(const Node& n) {
  return n.op == OpId::Constant || n.op == OpId::Parameter || n.op == OpId::NodeCount ||
         n.op == OpId::EdgeCount || ops::def(n.op).bound;
}

std::vector<Wave> schedule(const ir::Program& program, const ir::Region& region) {
  return Schedule(program, region).run();
}

}  // namespace monograph::plan
