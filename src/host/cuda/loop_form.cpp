#include "host/cuda/loop_form.h"

#include <algorithm>
#include <limits>
#include <map>
#include <numeric>

#include "host/plan/moves.h"

namespace monograph::cuda {

using plan::Move;
using plan::Slot;
using plan::SlotId;
using plan::Step;

namespace {

constexpr std::int64_t kMostOrder = 64;  // more is never unrolled

std::optional<Constant> constant_in(const plan::Plan& plan, SlotId slot) {
  const Slot& s = plan.slots[slot];
  if (s.kind != Slot::Kind::Constant) return {};
  return std::get<Constant>(plan.program.regions[s.region].nodes[s.node].attrs[0]);
}

bool is_true(const plan::Plan& plan, SlotId slot) {
  const auto c = constant_in(plan, slot);
  return c && c->as<bool>();
}

/// a * b, or more than anything allows.
std::int64_t times(std::int64_t a, std::int64_t b) {
  return b != 0 && a > std::numeric_limits<std::int64_t>::max() / b ? std::numeric_limits<std::int64_t>::max()
                                                                    : a * b;
}

}  // namespace

std::vector<Move> column_moves(const plan::Plan& plan, std::span<const Move> moves) {
  std::vector<Move> columns;
  for (const Move& m : moves)
    if (plan.slots[m.to].type.domain != Domain::Scalar) columns.push_back(m);
  return columns;
}

std::vector<std::vector<SlotId>> memory_cycles(std::span<const Move> moves) {
  std::map<SlotId, SlotId> next;
  for (const auto& [slot, from] : plan::exchange(moves)) next.emplace(slot, from);
  std::vector<std::vector<SlotId>> cycles;
  while (!next.empty()) {
    std::vector<SlotId>& cycle = cycles.emplace_back();
    for (SlotId at = next.begin()->first; next.contains(at);) {
      cycle.push_back(at);
      at = next.extract(at).mapped();
    }
  }
  return cycles;
}

std::int64_t memory_order(std::span<const Move> moves) {
  std::int64_t order = 1;
  for (const auto& cycle : memory_cycles(moves))
    if (order <= kMostOrder) order = std::lcm(order, static_cast<std::int64_t>(cycle.size()));
  return order;
}

std::optional<std::int64_t> constant_count(const plan::Plan& plan, const Step& loop) {
  const plan::Block& body = plan.blocks[loop.blocks[0]];
  const auto most = constant_in(plan, loop.in[1]);
  if (!most || !is_true(plan, loop.in[0]) || !is_true(plan, body.results[0])) return {};
  return std::max<std::int64_t>(most->as<std::int64_t>(), 0);
}

std::int64_t kernels_of(const plan::Plan& plan, plan::BlockIndex block, const GraphOptions& options) {
  std::int64_t kernels = 0;
  for (const Step& s : plan.blocks[block].steps) {
    ++kernels;
    if (s.kind == Step::Kind::While)
      kernels += times(loop_form(plan, s, options, true).copies, kernels_of(plan, s.blocks[0], options) + 1);
    if (s.kind == Step::Kind::If)
      for (const plan::BlockIndex side : s.blocks) kernels += kernels_of(plan, side, options);
  }
  return kernels;
}

LoopForm loop_form(const plan::Plan& plan, const Step& loop, const GraphOptions& options, bool settled) {
  if (options.tier != Tier::Graph) return {};
  const std::int64_t kernels = kernels_of(plan, loop.blocks[0], options) + 1;
  const std::int64_t order = memory_order(column_moves(plan, plan.blocks[loop.blocks[0]].leave));
  const auto count = constant_count(plan, loop);
  if (options.full_unroll > 0 && count && times(*count, kernels) <= options.full_unroll) {
    const bool comes_back = order <= kMostOrder && *count % order == 0;
    return {.full = true, .copies = static_cast<int>(*count), .turns = !settled || comes_back};
  }
  if (options.unroll <= 1) return {};
  const std::int64_t round = (options.unroll + order - 1) / order * order;
  if (order <= kMostOrder && round * kernels <= kMostUnrolled)
    return {.copies = static_cast<int>(round), .turns = true};
  if (options.unroll * kernels <= kMostUnrolled) return {.copies = options.unroll};
  return {};
}

}  // namespace monograph::cuda
