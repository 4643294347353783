#include "host/cuda/graph_builder.h"

#include <monograph/error.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <set>

#include "host/ops/op_def.h"
#include "host/plan/moves.h"

namespace monograph::cuda {

using plan::Move;
using plan::SlotId;
using plan::Step;

namespace {

constexpr std::int64_t kMostBlocks = 1 << 20;
constexpr std::int64_t kBytesPerBlock = 8 << 10;  // of a column that a control kernel copies
constexpr unsigned kCopyThreads = 256;
// Of long rows that are cut: as many as a block of 8 warps may take where it would take a row of a leaf.
constexpr std::int64_t kEdgesPerLeaf = 8;

unsigned blocks_for(std::int64_t rows, std::int64_t rows_per_block) {
  if (rows_per_block == 0) return 1;
  return static_cast<unsigned>(
      std::clamp<std::int64_t>((rows + rows_per_block - 1) / rows_per_block, 1, kMostBlocks));
}

}  // namespace

GraphBuilder::GraphBuilder(PlanGraph& owner, const PlanKernels& kernels, void* spill)
    : o_(owner), kernels_(kernels), spill_(spill), kept_(owner.plan_.blocks[0].steps.size()) {
  if (o_.options_.keep) find_kept();
}

/// What can fail stays in its place among the other checks, and what reads its results with it.
void GraphBuilder::find_kept() {
  const auto& steps = o_.plan_.blocks[0].steps;
  std::set<SlotId> computed;  // in each run
  for (std::size_t at = 0; at < steps.size(); ++at) {
    const auto in_each_run = [&](SlotId s) { return computed.contains(s); };
    kept_[at] = steps[at].once && !step_of(0, at).can_fail && std::ranges::none_of(steps[at].in, in_each_run);
    if (!kept_[at]) computed.insert(steps[at].out.begin(), steps[at].out.end());
  }
}

bool GraphBuilder::has_kept() const { return std::ranges::find(kept_, true) != kept_.end(); }

const codegen::DeviceStep& GraphBuilder::step_of(plan::BlockIndex index, std::size_t at) {
  const auto known = steps_.find({index, at});
  if (known != steps_.end()) return known->second;
  return steps_.emplace(std::pair(index, at), codegen::device_step(o_.plan_, index, at).value())
      .first->second;
}

bool GraphBuilder::is_column(SlotId slot) const { return o_.plan_.slots[slot].type.domain != Domain::Scalar; }

void* GraphBuilder::address(SlotId slot) const {
  if (slot == plan::kNoSlot) return nullptr;
  return slot == kSpill ? spill_ : place_[slot];
}

void GraphBuilder::build_kept(CudaGraph graph) {
  place_ = o_.slots_;
  Frontier after;
  begin({});
  copy(graph, o_.control_.get(), o_.in_.get(), o_.control_bytes_, after);
  for (std::size_t at = 0; at < kept_.size(); ++at)
    if (kept_[at]) begin({0, static_cast<std::uint32_t>(at)}), kernels(graph, 0, at, 0, after);
  begin({});
  copy(graph, o_.out_.get(), o_.control_.get(), o_.control_bytes_, after);
}

void GraphBuilder::build(CudaGraph graph) {
  place_ = o_.slots_;
  stamps_ = o_.options_.stamps > 0;
  Frontier after;
  begin({});
  copy(graph, o_.control_.get(), o_.in_.get(), o_.control_bytes_, after);
  stamp(graph, after);
  block(graph, 0, after);
  begin({});
  copy(graph, o_.out_.get(), o_.control_.get(), o_.control_bytes_, after);
}

void GraphBuilder::begin(PlanStep step) {
  at_ = step;
  o_.runtime_.begin_step(step);
}

int GraphBuilder::stamp_number() {
  if (!stamps_) return 0;
  o_.stamped_.push_back(at_);
  return static_cast<int>(o_.stamped_.size());
}

void GraphBuilder::stamp(CudaGraph graph, Frontier& after) {
  if (!stamps_) return;
  const std::vector<SlotId> loops =
      at_ == PlanStep{} ? std::vector<SlotId>{} : loops_around(o_.plan_, at_.block);
  device::mg_site site{};
  site.stamp = stamp_number(), site.iteration = loops.empty() ? -1 : static_cast<int>(loops.back());
  control(graph, kernels_.stamp, site, 0, after);
}

void GraphBuilder::block(CudaGraph graph, plan::BlockIndex index, Frontier& after) {
  const plan::Block& b = o_.plan_.blocks[index];
  for (std::size_t at = 0, end = 0; at < b.steps.size(); at = end) {
    end = plan::end_of_wave(b, at);
    begin({index, static_cast<std::uint32_t>(at)});
    switch (b.steps[at].kind) {
      case Step::Kind::Group:
        wave(graph, index, at, end, after);
        break;
      case Step::Kind::Host:
        if (index == 0 && o_.results_.contains(at))
          result(graph, at, after);
        else
          kernels(graph, index, at, 0, after), stamp(graph, after);
        break;
      case Step::Kind::While:
        if (kernels_.groups[index][at].empty())
          loop(graph, b.steps[at], after);
        else
          loop_kernel(graph, index, at, after), stamp(graph, after);
        break;
      case Step::Kind::If:
        branch(graph, b.steps[at], after);
        stamp(graph, after);
        break;
    }
  }
}

/// Groups on different lanes wait for the wave before, and for nothing of their own; on one lane, for each
/// other.
void GraphBuilder::wave(CudaGraph graph, plan::BlockIndex index, std::size_t first, std::size_t end,
                        Frontier& after) {
  std::vector<std::size_t> steps;
  for (std::size_t at = first; at < end; ++at)
    if (index != 0 || !kept_[at]) steps.push_back(at);
  if (steps.empty()) return;
  std::vector<Frontier> lanes(std::min(o_.lanes_, steps.size()), after);
  for (std::size_t k = 0; k < steps.size(); ++k) {
    Frontier& lane = lanes[k % lanes.size()];
    begin({index, static_cast<std::uint32_t>(steps[k])});
    kernels(graph, index, steps[k], k % lanes.size(), lane);
    stamp(graph, lane);
  }
  after.clear();
  for (const Frontier& lane : lanes) after.insert(after.end(), lane.begin(), lane.end());
}

/// Of one step, with a note of its failure where it can fail.
void GraphBuilder::kernels(CudaGraph graph, plan::BlockIndex index, std::size_t at, std::size_t lane,
                           Frontier& after) {
  const Step& step = o_.plan_.blocks[index].steps[at];
  const codegen::DeviceStep& device = step_of(index, at);
  std::vector<void*> values{
      o_.on_device(offsetof(device::mg_control, run) + lane * sizeof(device::mg_device))};
  for (const SlotId s : step.in) values.push_back(address(s));
  for (const SlotId s : step.out) values.push_back(address(s));
  if (o_.options_.active() && device.active) values.push_back(address(device.active->iteration));
  for (const GroupKernel& k : kernels_.groups[index][at])
    kernel(graph,
           {.kernel = k.kernel,
            .blocks = blocks_for(device.row_count(o_.nodes_, o_.edges_), k.rows_per_block),
            .threads = k.threads,
            .shared_bytes = k.shared_bytes},
           values, after);
  if (!device.can_fail) return;
  device::mg_site site{};
  site.number = static_cast<int>(o_.groups_.size()), site.lane = static_cast<int>(lane);
  o_.groups_.push_back({index, at});
  add_loops_around(site, index);
  control(graph, kernels_.note, site, 0, after);
}

void GraphBuilder::kernel(CudaGraph graph, KernelLaunch launch, std::vector<void*> values, Frontier& after) {
  std::vector<void*> parameters;
  for (void*& v : values) parameters.push_back(&v);
  launch.parameters = parameters;
  CudaGraphNode node = nullptr;
  MONOGRAPH_CUDA(o_.runtime_, add_kernel(node, graph, after, launch));
  after = {node};
}

/// The kernel before the loop sets its condition anew each time, so that it may stand in another loop.
void GraphBuilder::loop(CudaGraph graph, const Step& step, Frontier& after) {
  const plan::Block& body = o_.plan_.blocks[step.blocks[0]];
  const LoopForm form = loop_form(o_.plan_, step, o_.options_, settled_);
  device::mg_site site{};
  site.most = static_cast<int>(step.in[1]), site.iteration = static_cast<int>(body.arguments[0]);
  site.iterations = static_cast<int>(step.out[step.out.size() - 2]);
  site.finished = static_cast<int>(step.out.back()), site.outermost = inside_ == 0;
  if (form.full || form.copies > 1) site.loop = ++loops_;
  device::mg_site enter = site, next = site;
  enter.stamp = next.stamp = stamp_number();
  enter.go = static_cast<int>(step.in[0]), next.go = static_cast<int>(body.results[0]);
  add_pairs(enter, step.enter), add_pairs(next, body.leave);

  move_columns(graph, step.enter, after);
  Condition condition = 0;
  if (!form.full) MONOGRAPH_CUDA(o_.runtime_, create_condition(condition, graph));
  control(graph, kernels_.enter, enter, condition, after);
  if (form.full) {
    bodies(graph, step, form, next, 0, after);
  } else {
    CudaGraphNode node = nullptr;
    CudaGraph inside[1] = {};
    MONOGRAPH_CUDA(o_.runtime_, add_conditional(node, graph, after, Conditional::While, condition, inside));
    after = {node};
    Frontier within;
    bodies(inside[0], step, form, next, condition, within);
  }
  if (site.loop != 0) leave(graph, step, form, site.loop, after);
}

/// All of a loop, and of what is in it, as one kernel. Columns lie where their slots say, since nothing is
/// unrolled where there are such kernels.
void GraphBuilder::loop_kernel(CudaGraph graph, plan::BlockIndex index, std::size_t at, Frontier& after) {
  const GroupKernel& k = kernels_.groups[index][at].front();
  device::mg_site site{};
  site.outermost = inside_ == 0, site.number = static_cast<int>(o_.groups_.size());
  o_.groups_.push_back({index, at});
  add_loops_around(site, index);
  device::mg_loop state{};
  state.lanes = reinterpret_cast<device::mg_device*>(o_.on_device(offsetof(device::mg_control, run)));
  state.lane_count = static_cast<int>(o_.lanes_);
  state.scalars = reinterpret_cast<device::mg_value*>(o_.on_device(o_.cells_));
  state.columns = const_cast<void**>(o_.tables_.put<void*>(place_));
  state.control = static_cast<device::mg_control*>(o_.control_.get());
  state.site = o_.tables_.put<device::mg_site>({&site, 1});
  state.failed_block = -1, state.stop_at = ~0ull;
  const std::size_t place = o_.loops_.at({index, at});
  std::memcpy(o_.in(place), &state, sizeof state);
  kernel(graph,
         {.kernel = k.kernel,
          .blocks = grid_of(index, at, k),
          .threads = k.threads,
          .shared_bytes = k.shared_bytes,
          .cooperative = o_.options_.tier == Tier::Grid},
         {o_.on_device(place)}, after);
}

/// As many blocks as have something to do, of those that can be there at once.
unsigned GraphBuilder::grid_of(plan::BlockIndex index, std::size_t at, const GroupKernel& k) const {
  if (o_.options_.tier == Tier::Block) return 1;
  int resident = 1;
  MONOGRAPH_CUDA(
      o_.runtime_,
      resident_blocks(resident, {.kernel = k.kernel, .threads = k.threads, .shared_bytes = k.shared_bytes}));
  const std::int64_t rows = most_rows(o_.plan_.blocks[index].steps[at]);
  return std::min(
      blocks_for(std::max(rows, o_.options_.balanced ? o_.edges_ / kEdgesPerLeaf : 0), k.rows_per_block),
      static_cast<unsigned>(resident));
}

std::int64_t GraphBuilder::most_rows(const Step& loop) const {
  std::int64_t most = 0;
  for (const plan::BlockIndex b : loop.blocks)
    for (std::size_t i = 0; i < o_.plan_.blocks[b].steps.size(); ++i)
      if (const auto device = codegen::device_step(o_.plan_, b, i))
        most = std::max(most, device->row_count(o_.nodes_, o_.edges_));
      else
        most = std::max(most, most_rows(o_.plan_.blocks[b].steps[i]));
  return most;
}

/// Where there are several, each but the last may be the end of the loop: all kernels of the later ones ask.
void GraphBuilder::bodies(CudaGraph graph, const Step& step, const LoopForm& form, device::mg_site next,
                          Condition condition, Frontier& after) {
  const plan::Block& body = o_.plan_.blocks[step.blocks[0]];
  const std::vector<void*> before = place_;
  const bool settled = std::exchange(settled_, settled_ || !form.full);
  ++inside_, rounds_ += next.loop != 0;
  for (int k = 0; k < form.copies; ++k) {
    const PlanStep here = at_;
    block(graph, step.blocks[0], after);
    begin(here);
    form.turns ? take_turns(graph, body.leave, after) : move_columns(graph, body.leave, after);
    next.phase = form.full ? 0 : (k + 1) % form.copies;
    control(graph, kernels_.next, next, condition, after);
  }
  --inside_, rounds_ -= next.loop != 0;
  if (settled_ && place_ != before)
    throw InternalError("plan graph: columns of a loop are not where the next round looks for them");
  settled_ = settled;
}

void GraphBuilder::leave(CudaGraph graph, const Step& step, const LoopForm& form, int number,
                         Frontier& after) {
  device::mg_site site{};
  site.loop = number;
  std::size_t most = 0;
  if (form.turns && !form.full) {
    add_cycles(site, step);
    for (const Move& m : o_.plan_.blocks[step.blocks[0]].leave)
      if (is_column(m.to)) most = std::max(most, o_.bytes_of(m.to));
  }
  if (site.cycles > 0) control(graph, kernels_.settle, site, 0, after, most);
  control(graph, kernels_.leave, site, 0, after);
}

void GraphBuilder::branch(CudaGraph graph, const Step& step, Frontier& after) {
  device::mg_site site{};
  site.go = static_cast<int>(step.in[0]);
  Condition condition = 0;
  MONOGRAPH_CUDA(o_.runtime_, create_condition(condition, graph));
  control(graph, kernels_.branch, site, condition, after);
  CudaGraphNode node = nullptr;
  CudaGraph inside[2] = {};
  MONOGRAPH_CUDA(o_.runtime_, add_conditional(node, graph, after, Conditional::If, condition, inside));
  after = {node};
  const bool settled = std::exchange(settled_, true);
  for (std::size_t side = 0; side < 2; ++side) {
    const plan::Block& b = o_.plan_.blocks[step.blocks[side]];
    Frontier within;
    const PlanStep here = at_;
    block(inside[side], step.blocks[side], within);
    begin(here);
    move_columns(inside[side], b.leave, within);
    device::mg_site leave{};
    add_pairs(leave, b.leave);
    if (leave.moves > 0) control(inside[side], kernels_.move, leave, 0, within);
    CudaGraphNode empty = nullptr;  // a body that does nothing is still a body
    if (within.empty()) MONOGRAPH_CUDA(o_.runtime_, add_empty(empty, inside[side], {}));
  }
  settled_ = settled;
}

/// What leaves the run stays where it is, or is set apart where a later step takes its memory.
void GraphBuilder::result(CudaGraph graph, std::size_t at, Frontier& after) {
  const SlotId from = o_.plan_.blocks[0].steps[at].in[0];
  void*& place = o_.results_.at(at);
  if (place)
    copy(graph, place, address(from), o_.bytes_of(from), after);
  else
    place = address(from);
}

void GraphBuilder::move_columns(CudaGraph graph, std::span<const Move> moves, Frontier& after) {
  for (const ColumnCopy& c : column_copies(column_moves(o_.plan_, moves)))
    copy(graph, address(c.to), address(c.from), o_.bytes_of(c.from == kSpill ? c.to : c.from), after);
}

/// What is taken is where it was, under another slot; what is not is copied, after all the takes.
void GraphBuilder::take_turns(CudaGraph graph, std::span<const Move> moves, Frontier& after) {
  const std::vector<Move> columns = column_moves(o_.plan_, moves);
  const std::vector<void*> before = place_;
  for (const auto& [slot, from] : plan::exchange(columns)) place_[slot] = before[from];
  for (const Move& m : columns)
    if (!m.take) copy(graph, address(m.to), address(m.from), o_.bytes_of(m.to), after);
}

/// Nodes of copies are carried out in any case; where the round may be over, a kernel asks first.
void GraphBuilder::copy(CudaGraph graph, void* to, const void* from, std::size_t bytes, Frontier& after) {
  if (bytes == 0) return;
  if (rounds_ > 0) {
    device::mg_site site{};
    site.to = static_cast<unsigned char*>(to), site.from = static_cast<const unsigned char*>(from);
    site.bytes = static_cast<long long>(bytes);
    return control(graph, kernels_.copy, site, 0, after, bytes);
  }
  CudaGraphNode node = nullptr;
  MONOGRAPH_CUDA(o_.runtime_, add_copy(node, graph, after, to, from, bytes));
  after = {node};
}

void GraphBuilder::add_pairs(device::mg_site& site, std::span<const Move> moves) {
  std::vector<Move> scalars;
  for (const Move& m : moves)
    if (!is_column(m.to)) scalars.push_back(m);
  add_scalar_pairs(site, scalars);
}

void GraphBuilder::add_scalar_pairs(device::mg_site& site, std::span<const Move> scalars) {
  std::vector<int> pairs;
  for (const Move& m : scalars) {
    pairs.push_back(static_cast<int>(m.to)), pairs.push_back(static_cast<int>(m.from));
    ++site.moves;
  }
  site.move = o_.tables_.put<int>(pairs);
}

void GraphBuilder::add_loops_around(device::mg_site& site, plan::BlockIndex index) {
  std::vector<Move> loops;
  for (const SlotId iteration : loops_around(o_.plan_, index))
    loops.push_back({static_cast<SlotId>(o_.plan_.slots.size() + loops.size()), iteration});
  add_scalar_pairs(site, loops);
}

void GraphBuilder::add_cycles(device::mg_site& site, const Step& step) {
  std::vector<device::mg_cycle> cycles;
  for (const auto& slots : memory_cycles(column_moves(o_.plan_, o_.plan_.blocks[step.blocks[0]].leave))) {
    if (o_.bytes_of(slots[0]) == 0) continue;
    std::vector<unsigned char*> places;
    for (const SlotId s : slots) places.push_back(static_cast<unsigned char*>(address(s)));
    cycles.push_back({.bytes = static_cast<long long>(o_.bytes_of(slots[0])),
                      .length = static_cast<int>(slots.size()),
                      .place = o_.tables_.put<unsigned char*>(places)});
  }
  site.cycles = static_cast<int>(cycles.size()), site.cycle = o_.tables_.put<device::mg_cycle>(cycles);
}

/// One thread; or, for a kernel that works on columns, as many as pay for so many bytes.
void GraphBuilder::control(CudaGraph graph, Kernel function, const device::mg_site& site, Condition condition,
                           Frontier& after, std::size_t column_bytes) {
  const bool columns = column_bytes > 0;
  kernel(graph,
         {.kernel = function,
          .blocks = columns ? blocks_for(static_cast<std::int64_t>(column_bytes), kBytesPerBlock) : 1,
          .threads = columns ? kCopyThreads : 1},
         {o_.control_.get(), o_.on_device(o_.cells_),
          const_cast<device::mg_site*>(o_.tables_.put<device::mg_site>({&site, 1})),
          reinterpret_cast<void*>(condition)},
         after);
}

}  // namespace monograph::cuda
