#include "host/cpu/program.h"

#include <algorithm>
#include <set>

#include "host/plan/moves.h"

namespace monograph::cpu {

PreparedMoves::PreparedMoves(const plan::Plan& plan, const std::vector<plan::Move>& moves) {
  std::vector<plan::Move> columns;
  for (const plan::Move& m : moves)
    if (plan.slots[m.to].type.domain == Domain::Scalar)
      scalars.emplace_back(m.to, m.from);
    else if (columns.emplace_back(m); !m.take)
      copies.emplace_back(m.to, m.from);
  exchange = plan::exchange(columns);
}

PlanProgram::PlanProgram(std::shared_ptr<const plan::Plan> plan) : plan_(std::move(plan)) {
  steps_.resize(plan_->blocks.size());
  for (plan::BlockIndex b = 0; b < plan_->blocks.size(); ++b) {
    leave_.emplace_back(*plan_, plan_->blocks[b].leave);
    for (const plan::Step& s : plan_->blocks[b].steps) {
      PreparedStep& prepared = steps_[b].emplace_back();
      prepared.enter = PreparedMoves(*plan_, s.enter);
      if (s.kind == plan::Step::Kind::While) add_active_set(b, steps_[b].size() - 1);
      const ir::Node& n = node(b, s);
      if (const auto walked = ops::walked(ops::def(n.op), n.attrs)) walk(*walked);
      if (s.kind != plan::Step::Kind::Group) continue;
      prepared.stage = plan::lower(plan_->program, n.regions[0]);
      prepared.tiles = std::make_unique<TileProgram>(prepared.stage, aggregates_);
      prepared.checks = std::ranges::any_of(
          prepared.stage.code, [](const auto& o) { return o.kind == plan::Operation::Kind::Take; });
      add(prepared.stage);
    }
  }
  find_gifts();
}

void PlanProgram::add_active_set(plan::BlockIndex block, std::size_t step) {
  auto& set = steps_[block][step].active;
  set = plan::active_set(*plan_, block, step).set;
  active_in_ = active_in_ || (set && set->reads_in);
  active_out_ = active_out_ || (set && set->reads_out);
}

/// Outputs stand in the entry block. Slots that a step of it writes later keep their memory.
void PlanProgram::find_gifts() {
  std::set<plan::SlotId> touched;
  const auto touch = [&](const auto& self, const plan::Step& s) -> void {
    touched.insert(s.out.begin(), s.out.end());
    for (const plan::Move& m : s.enter) touched.insert({m.to, m.from});
    for (plan::BlockIndex b : s.blocks) {
      for (const plan::Move& m : plan_->blocks[b].leave) touched.insert({m.to, m.from});
      for (const plan::Step& inner : plan_->blocks[b].steps) self(self, inner);
    }
  };
  const auto& steps = plan_->blocks[0].steps;
  for (std::size_t i = steps.size(); i-- > 0;) {
    const bool writes = steps[i].kind == plan::Step::Kind::Host &&
                        ops::def(node(0, steps[i]).op).effect == ops::Effect::Write;
    if (writes) steps_[0][i].gives = !touched.contains(steps[i].in[0]);
    touch(touch, steps[i]);
  }
}

/// The groups of each wave that has some.
template <class F>
void PlanProgram::for_each_wave(const F& f) const {
  for (std::size_t b = 0; b < steps_.size(); ++b) {
    std::vector<const TileProgram*> wave;
    for (std::size_t i = 0; i < steps_[b].size(); ++i) {
      if (!plan_->blocks[b].steps[i].together) wave.clear();
      if (!steps_[b][i].tiles) continue;
      wave.push_back(steps_[b][i].tiles.get());
      f(wave);
    }
  }
}

void PlanProgram::add(const plan::Stage& stage) {
  ++groups_;
  if (stage.domain.domain == Domain::Fixed) fixed_rows_ = std::max(fixed_rows_, stage.domain.length);
  over_edges_ = over_edges_ || stage.domain.domain == Domain::Edges;
  walks_out_ = walks_out_ || stage.domain.domain == Domain::Edges;
  aggregates_ += stage.aggregates.size();
  for (const plan::Aggregate& a : stage.aggregates) walk(a.direction);
}

void PlanProgram::walk(ops::Direction d) {
  walks_in_ = walks_in_ || d != ops::Direction::Out;
  walks_out_ = walks_out_ || d != ops::Direction::In;
  walks_both_ = walks_both_ || d == ops::Direction::Both;
}

std::int64_t PlanProgram::workspace_bytes(std::int64_t longest_row) const {
  std::int64_t bytes = 0;
  for_each_wave([&](std::span<const TileProgram* const> wave) {
    bytes = std::max(bytes, cpu::workspace_bytes(wave, longest_row));
  });
  return bytes;
}

std::size_t PlanProgram::reductions() const {
  std::size_t most = 0;
  for (const plan::Block& b : plan_->blocks)
    for (std::size_t i = 0, sum = 0; i < b.steps.size(); ++i) {
      if (!b.steps[i].together) sum = 0;
      sum += steps_[static_cast<std::size_t>(&b - plan_->blocks.data())][i].stage.reductions.size();
      most = std::max(most, sum);
    }
  return most;
}

}  // namespace monograph::cpu
