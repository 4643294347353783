#include "host/runtime/profile.h"

#include <algorithm>

#include "host/cpu/parallel.h"
#include "host/cuda/column_moves.h"
#include "host/cuda/loop_form.h"
#include "host/runtime/bind.h"
#include "host/runtime/profile_rows.h"
#include "host/runtime/run_state.h"

namespace monograph::runtime {
namespace {

using plan::Step;

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

/// Of a column; scalars move nothing that counts.
std::int64_t bytes_of(const plan::Plan& plan, plan::SlotId slot, const Graph& graph) {
  if (slot == plan::kNoSlot || plan.slots[slot].type.domain == Domain::Scalar) return 0;
  const Type& type = plan.slots[slot].type;
  return ops::element_count(type, graph.node_count(), graph.edge_count()) * size_of(type.scalar);
}

/// Columns in and out; an output that keeps its memory moves nothing.
Traffic host_traffic(const plan::Plan& plan, const Step& step, bool gives, const Graph& graph) {
  Traffic traffic;
  if (gives) return traffic;
  for (plan::SlotId s : step.in) traffic.read += bytes_of(plan, s, graph);
  for (plan::SlotId s : step.out) traffic.written += bytes_of(plan, s, graph);
  return traffic;
}

/// What one list of moves copies; a slot whose pointer is exchanged moves nothing.
std::int64_t copied(const plan::Plan& plan, const std::vector<plan::Move>& moves, const Graph& graph,
                    Moves how) {
  std::int64_t bytes = 0;
  if (how == Moves::Copy)
    for (const cuda::ColumnCopy& c : cuda::column_copies(cuda::column_moves(plan, moves)))
      bytes += bytes_of(plan, c.from == cuda::kSpill ? c.to : c.from, graph);
  else
    for (const plan::Move& m : moves) bytes += m.take ? 0 : bytes_of(plan, m.to, graph);
  return bytes;
}

/// Copies of a loop or branch in one call, on the average: on entering, and whenever a block inside ended.
Traffic move_traffic(const plan::Plan& plan, const Step& step, std::int64_t calls,
                     const cpu::StepTimes& times, const Graph& graph, Moves moves) {
  if (calls == 0) return {};
  std::int64_t bytes = calls * copied(plan, step.enter, graph, moves);
  for (plan::BlockIndex inner : step.blocks) {
    std::int64_t ended = 0;  // every step of a block runs as often as the block, but those that run once
    for (const cpu::StepTime& t : times[inner]) ended = std::max(ended, t.calls);
    bytes += ended * copied(plan, plan.blocks[inner].leave, graph, moves);
  }
  return {.read = bytes / calls, .written = bytes / calls};
}

class Rows {
 public:
  Rows(const cpu::PlanProgram& program, const Graph& graph, const std::vector<cpu::StepTimes>& runs,
       Moves moves)
      : program_(program), graph_(graph), runs_(runs), moves_(moves) {}

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
    const auto of_run = [&](const cpu::StepTimes& times) -> const cpu::StepTime& { return times[index][at]; };
    row.once = step.once && of_run(runs_.back()).calls == 0;
    if (row.once) {
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
    else
      row.traffic = move_traffic(program_.plan(), step, row.calls, runs_.back(), graph_, moves_);
    row.ops = ops_of(program_.plan(), block, step);
    return row;
  }

  const cpu::PlanProgram& program_;
  const Graph& graph_;
  const std::vector<cpu::StepTimes>& runs_;
  Moves moves_;
};

}  // namespace

void forget_traffic_of_active_rows(const cpu::PlanProgram& program, Profile& profile) {
  for (const ProfiledStep& loop : profile.steps) {
    if (loop.kind != Step::Kind::While || !program.step(loop.block, loop.step).active) continue;
    const auto& inside = program.plan().blocks[loop.block].steps[loop.step].blocks;
    for (ProfiledStep& s : profile.steps)
      if (s.kind == Step::Kind::Group && std::ranges::find(inside, s.block) != inside.end())
        s.traffic = {}, s.some_rows = true;
  }
}

cpu::StepTimes no_times(const plan::Plan& plan) {
  cpu::StepTimes times;
  for (const plan::Block& b : plan.blocks) times.emplace_back(b.steps.size());
  return times;
}

Profile profile_of(const cpu::PlanProgram& program, const Graph& graph,
                   const std::vector<cpu::StepTimes>& runs, Moves moves) {
  Profile result;
  result.steps = Rows(program, graph, runs, moves).of(0);
  for (const ProfiledStep& s : result.steps)
    if (!s.once) result.total_ms += s.ms;
  return result;
}

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
  Profile result = profile_of(*program, graph, times, Moves::Exchange);
  if (instance.follows_active_rows()) forget_traffic_of_active_rows(*program, result);
  return result;
}

}  // namespace monograph::runtime
