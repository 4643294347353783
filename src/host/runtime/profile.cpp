#include "host/runtime/profile.h"

#include <algorithm>

#include "host/cpu/instance.h"
#include "host/cpu/parallel.h"
#include "host/runtime/bind.h"
#include "host/runtime/run_state.h"

namespace monograph::runtime {
namespace {

using plan::Step;

cpu::StepTimes no_times(const plan::Plan& plan) {
  cpu::StepTimes times;
  for (const plan::Block& b : plan.blocks) times.emplace_back(b.steps.size());
  return times;
}

/// Time of loops and branches becomes that of their own: moves, conditions.
void take_inside_out(const plan::Plan& plan, cpu::StepTimes& times) {
  // inside blocks have higher numbers, but sums must be of times with what is inside: from the outside in
  for (std::size_t b = 0; b < plan.blocks.size(); ++b)
    for (std::size_t s = 0; s < plan.blocks[b].steps.size(); ++s)
      for (plan::BlockIndex inner : plan.blocks[b].steps[s].blocks)
        for (const cpu::StepTime& t : times[inner]) times[b][s].ns -= t.ns;
}

double median_ms(std::vector<std::int64_t> ns) {
  const auto middle = ns.begin() + static_cast<std::ptrdiff_t>(ns.size() / 2);
  std::nth_element(ns.begin(), middle, ns.end());
  return static_cast<double>(*middle) * 1e-6;
}

std::vector<ProfiledStep::Op> ops_of(const plan::Plan& plan, const plan::Block& block, const Step& step) {
  std::vector<ProfiledStep::Op> named;
  const ir::Node& node = plan.program.regions[block.region].nodes[step.node];
  const auto add = [&](const ir::Node& n) {
    if (n.op != ops::OpId::Constant) named.push_back({std::string(ops::def(n.op).name), n.where});
  };
  if (step.kind == Step::Kind::Group && node.op == ops::OpId::Fused)
    for (const ir::Node& n : plan.program.regions[node.regions[0]].nodes) add(n);
  else
    add(node);
  return named;
}

/// Columns in and out; an output that keeps its memory moves nothing.
Traffic host_traffic(const plan::Plan& plan, const Step& step, bool gives, const Graph& graph) {
  if (gives) return {};
  const auto bytes = [&](const std::vector<plan::SlotId>& slots) {
    std::int64_t sum = 0;
    for (plan::SlotId s : slots)
      if (s != plan::kNoSlot && plan.slots[s].type.domain != Domain::Scalar)
        sum += ops::element_count(plan.slots[s].type, graph.node_count(), graph.edge_count()) *
               size_of(plan.slots[s].type.scalar);
    return sum;
  };
  return {.read = bytes(step.in), .written = bytes(step.out)};
}

class Rows {
 public:
  Rows(const cpu::PlanProgram& program, const Graph& graph, const std::vector<cpu::StepTimes>& runs)
      : program_(program), graph_(graph), runs_(runs) {}

  std::vector<ProfiledStep> of(plan::BlockIndex index) const {
    std::vector<ProfiledStep> rows;
    const plan::Block& block = program_.plan().blocks[index];
    for (std::size_t i = 0; i < block.steps.size(); ++i) {
      rows.push_back(row(index, i));
      for (plan::BlockIndex inner : block.steps[i].blocks)
        std::ranges::move(of(inner), std::back_inserter(rows));
    }
    return rows;
  }

 private:
  ProfiledStep row(plan::BlockIndex index, std::size_t at) const {
    const plan::Block& block = program_.plan().blocks[index];
    const Step& step = block.steps[at];
    ProfiledStep row{.block = index, .step = static_cast<std::uint32_t>(at), .kind = step.kind};
    row.once = step.once;
    const auto of_run = [&](const cpu::StepTimes& times) -> const cpu::StepTime& { return times[index][at]; };
    if (step.once) {
      row.calls = of_run(runs_.front()).calls;
      row.ms = static_cast<double>(of_run(runs_.front()).ns) * 1e-6;
    } else {
      std::vector<std::int64_t> ns;
      for (std::size_t r = 1; r < runs_.size(); ++r) ns.push_back(of_run(runs_[r]).ns);
      row.calls = of_run(runs_.back()).calls;
      row.ms = median_ms(std::move(ns));
    }
    const cpu::PreparedStep& prepared = program_.step(index, at);
    if (step.kind == Step::Kind::Group)
      row.traffic = traffic_of(prepared.stage, graph_);
    else if (step.kind == Step::Kind::Host)
      row.traffic = host_traffic(program_.plan(), step, prepared.gives, graph_);
    row.ops = ops_of(program_.plan(), block, step);
    return row;
  }

  const cpu::PlanProgram& program_;
  const Graph& graph_;
  const std::vector<cpu::StepTimes>& runs_;
};

}  // namespace

Profile profile(std::shared_ptr<const plan::Plan> plan, const std::vector<ParameterInfo>& known,
                const Parameters& parameters, const Graph& graph, int threads, int runs,
                const RunOptions& options) {
  const auto program = std::make_shared<const cpu::PlanProgram>(plan);
  cpu::Instance instance(program, graph, cpu::thread_count(threads));
  std::vector<cpu::StepTimes> times;
  for (int r = 0; r <= std::max(runs, 1); ++r) {
    RunState state(graph, bind_parameters(known, parameters, graph), options);
    times.push_back(no_times(*plan));
    instance.measure(&times.back());
    instance.run(graph, state, nullptr);
    take_inside_out(*plan, times.back());
  }
  Profile result;
  result.steps = Rows(*program, graph, times).of(0);
  for (const ProfiledStep& s : result.steps)
    if (!s.once) result.total_ms += s.ms;
  return result;
}

}  // namespace monograph::runtime
